"""Labels, stars, follows and reports: what people add to a skill."""
