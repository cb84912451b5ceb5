"""The seam to evaluation engines, and the one we use."""
