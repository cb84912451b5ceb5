"""The arms of a run: with this version, without a skill, with the approved version."""

CANDIDATE, BASELINE, PREVIOUS = "candidate", "baseline", "previous"
