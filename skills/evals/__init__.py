"""Evaluations: what is run on which models, how it is graded, what it proves."""
