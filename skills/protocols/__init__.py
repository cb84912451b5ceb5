"""Other people's wire formats over our selectors and the same rights."""
