"""The evaluation story: its request, and the half that the worker does."""
