"""What others verify our releases with: keys, snapshots, checkpoints of the audit log, and a program."""
