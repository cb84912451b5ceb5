"""The words in which trials, models, runs and regressions end. Stored, so the values never change."""

from enum import StrEnum


class Outcome(StrEnum):
    """How one trial ended. Only a scored one counts in a rate; the others count neither way."""

    SCORED = "scored"
    ERROR = "error"
    LIMIT = "limit"

    @property
    def label(self) -> str:
        return "Limit reached" if self is Outcome.LIMIT else self.value.capitalize()


class EvaluationVerdict(StrEnum):
    """What an evaluation has shown, of one model or of the whole run."""

    IMPROVES = "improves"
    REGRESSES = "regresses"
    NO_CLEAR_EFFECT = "no_clear_effect"
    TOO_FEW_CASES = "too_few_cases"
    # The two below are said of whole runs only.
    MIXED = "mixed"
    INCONCLUSIVE = "inconclusive"


class RegressionStatus(StrEnum):
    """A case whose pass rate fell on one model, and what fresh repeats of both versions say about it.

    Regressions are shown in this order.
    """

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"  # its fresh repeats are still to come
    UNDECIDED = "undecided"  # as many fresh repeats as there may be told neither way
    CLEARED = "cleared"
