"""Skills, versions, their files, channels and staged uploads."""
