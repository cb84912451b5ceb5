"""The arms of a run: what a model is given to work with."""

from enum import StrEnum


class Arm(StrEnum):
    """Stored on runs and trials and written into every fingerprint, so the values never change."""

    CANDIDATE = "candidate"  # with this version of the skill
    BASELINE = "baseline"  # with no skill at all
    PREVIOUS = "previous"  # with the approved version that a change is measured against
