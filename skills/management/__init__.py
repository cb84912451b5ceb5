"""Commands and what the first start does."""
