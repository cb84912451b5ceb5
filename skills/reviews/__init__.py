"""Comments and decisions on one version."""
