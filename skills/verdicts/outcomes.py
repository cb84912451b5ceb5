"""The words in which trials, models, runs and regressions end. Stored, so the values never change."""

from enum import StrEnum


class Outcome(StrEnum):
    """How one trial ended. What is in COUNTED makes a rate, the others count neither way.

    A candidate that uses up its turns, tokens or time has failed: left out, its failures would make what
    remains look better than it is.
    """

    SCORED = "scored"
    FAILED_LIMIT = "failed_limit"
    ERROR = "error"  # not what the arm did
    LIMIT = "limit"  # of earlier releases, whoever caused it

    @property
    def label(self) -> str:
        return {Outcome.FAILED_LIMIT: "Failed (limit)", Outcome.LIMIT: "Limit reached"}.get(
            self, self.value.capitalize()
        )


COUNTED = (Outcome.SCORED, Outcome.FAILED_LIMIT)


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
