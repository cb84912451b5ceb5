"""Skills in the field: which one an agent's call worked with, and what agents report of themselves."""
