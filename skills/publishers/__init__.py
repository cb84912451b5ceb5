"""Trusted publishers: runs of CI that prove by a token of their issuer where they are, and may publish."""
