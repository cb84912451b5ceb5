"""Who is asked in a call to a model."""

from enum import StrEnum


class CallRole(StrEnum):
    """Stored on holds and ledger entries, so the values never change.

    The columns have room for ten characters.
    """

    CANDIDATE = "candidate"  # the model that is evaluated, in whichever arm
    JUDGE = "judge"  # the model that grades
    DRAFTER = "drafter"  # the model that proposes cases
    TEST = "test"  # a provider that staff try
    WORK = "work"  # an agent at its owner's work, through the gateway
    TOLD = "told"  # the same, as the agent's telemetry says: nobody here has metered it


IN_THE_FIELD = (CallRole.WORK, CallRole.TOLD)
