"""Every act, append-only, sealed into a hash chain."""
