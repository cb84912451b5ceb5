"""Keys, signed statements on releases, signed snapshots, signed checkpoints of the audit log."""
