"""Why a trial met a limit or was not scored, in words: never in those of a program's exception."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_OF_JUDGE = "judge:"


class FailureCause(StrEnum):
    """Stored on trials and reports, so the values never change."""

    # What the candidate did; a limit that it met.
    TURNS = "turns"
    TOKENS = "tokens"
    SECONDS = "seconds"
    ANSWER_LENGTH = "answer_length"
    CONVERSATION_LENGTH = "conversation_length"
    # What it did not do.
    KEY_REFUSED = "key_refused"
    NOT_ALLOWED = "not_allowed"
    NO_CREDIT = "no_credit"
    ADDRESS_WRONG = "address_wrong"
    MODEL_UNKNOWN = "model_unknown"
    ENDPOINT_DOWN = "endpoint_down"
    ENDPOINT_SLOW = "endpoint_slow"
    ENDPOINT_BROKEN = "endpoint_broken"
    RATE_LIMITED = "rate_limited"
    REQUEST_REFUSED = "request_refused"
    CASE_TOO_LONG = "case_too_long"
    ANSWER_UNREADABLE = "answer_unreadable"
    SANDBOX_MISSING = "sandbox_missing"
    SANDBOX_BROKEN = "sandbox_broken"
    JUDGE_MISSING = "judge_missing"
    JUDGE_UNREADABLE = "judge_unreadable"
    VECTORS_AWAY = "vectors_away"
    NO_PRICE = "no_price"
    NO_SCRIPT = "no_script"
    NOT_RUN = "not_run"
    OTHER = "other"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    FailureCause.TURNS: "no answer after the most turns one may take",
    FailureCause.TOKENS: "more tokens than one trial may use",
    FailureCause.SECONDS: "more time than one trial may take, waiting for others not counted",
    FailureCause.ANSWER_LENGTH: "an answer cut at the most tokens one may have",
    FailureCause.CONVERSATION_LENGTH: "a conversation longer than the model can read",
    FailureCause.KEY_REFUSED: "the endpoint refused the key",
    FailureCause.NOT_ALLOWED: "the endpoint does not let this key use the model",
    FailureCause.NO_CREDIT: "the account at the provider has no credit left",
    FailureCause.ADDRESS_WRONG: "the endpoint answered that there is nothing at this address",
    FailureCause.MODEL_UNKNOWN: "the endpoint does not know the model",
    FailureCause.ENDPOINT_DOWN: "the endpoint could not be reached",
    FailureCause.ENDPOINT_SLOW: "the endpoint did not answer in time",
    FailureCause.ENDPOINT_BROKEN: "the endpoint failed",
    FailureCause.RATE_LIMITED: "the endpoint takes no more calls for now",
    FailureCause.REQUEST_REFUSED: "the endpoint refused the request",
    FailureCause.CASE_TOO_LONG: "the case is longer than the model can read",
    FailureCause.ANSWER_UNREADABLE: "the endpoint's answer could not be read",
    FailureCause.SANDBOX_MISSING: "the case runs something, and there was no sandbox",
    FailureCause.SANDBOX_BROKEN: "the sandbox could not be started",
    FailureCause.JUDGE_MISSING: "there was no judge for an assertion",
    FailureCause.JUDGE_UNREADABLE: "the judge's answers could not be read",
    FailureCause.VECTORS_AWAY: "the embedding model that compares meanings did not answer",
    FailureCause.NO_PRICE: "an assertion is about the cost, and the model has no approved price",
    FailureCause.NO_SCRIPT: "the script has no answer to it",
    FailureCause.NOT_RUN: "the run ended before they did",
    FailureCause.OTHER: "something went wrong; the worker's log says more",
}


# Causes that say themselves that it was the judge.
OF_THE_JUDGE = (FailureCause.JUDGE_MISSING, FailureCause.JUDGE_UNREADABLE)


@dataclass(frozen=True)
class Failure:
    """A cause, and whether it befell the judge instead of the model."""

    cause: FailureCause
    of_judge: bool = False

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The reverse of `str`; what this release does not know is OTHER."""
        name = text.removeprefix(_OF_JUDGE)
        known = name in FailureCause.__members__.values()
        return cls(FailureCause(name) if known else FailureCause.OTHER, text.startswith(_OF_JUDGE))

    def __str__(self) -> str:
        return f"{_OF_JUDGE}{self.cause}" if self.of_judge else self.cause.value

    @property
    def words(self) -> str:
        return f"while judging, {self.cause.words}" if self.of_judge else self.cause.words
