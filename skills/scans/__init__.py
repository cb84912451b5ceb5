"""Checks of a version's bytes, their findings and the inventory."""
