"""Resolving and fetching approved versions."""
