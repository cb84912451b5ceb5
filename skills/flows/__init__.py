"""The stories that touch several nouns, one page each."""
