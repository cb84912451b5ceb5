"""Why a trial met a limit or was not scored, in words: never in those of a program's exception."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_OF_JUDGE = "judge:"


class Cause(StrEnum):
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
    NO_SCRIPT = "no_script"
    NOT_RUN = "not_run"
    OTHER = "other"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Cause.TURNS: "no answer after the most turns one may take",
    Cause.TOKENS: "more tokens than one trial may use",
    Cause.SECONDS: "more time than one trial may take, waiting for others not counted",
    Cause.ANSWER_LENGTH: "an answer cut at the most tokens one may have",
    Cause.CONVERSATION_LENGTH: "a conversation longer than the model can read",
    Cause.KEY_REFUSED: "the endpoint refused the key",
    Cause.NOT_ALLOWED: "the endpoint does not let this key use the model",
    Cause.NO_CREDIT: "the account at the provider has no credit left",
    Cause.ADDRESS_WRONG: "the endpoint answered that there is nothing at this address",
    Cause.MODEL_UNKNOWN: "the endpoint does not know the model",
    Cause.ENDPOINT_DOWN: "the endpoint could not be reached",
    Cause.ENDPOINT_SLOW: "the endpoint did not answer in time",
    Cause.ENDPOINT_BROKEN: "the endpoint failed",
    Cause.RATE_LIMITED: "the endpoint takes no more calls for now",
    Cause.REQUEST_REFUSED: "the endpoint refused the request",
    Cause.CASE_TOO_LONG: "the case is longer than the model can read",
    Cause.ANSWER_UNREADABLE: "the endpoint's answer could not be read",
    Cause.SANDBOX_MISSING: "the case runs something, and there was no sandbox",
    Cause.SANDBOX_BROKEN: "the sandbox could not be started",
    Cause.JUDGE_MISSING: "there was no judge for an assertion",
    Cause.JUDGE_UNREADABLE: "the judge's answers could not be read",
    Cause.NO_SCRIPT: "the script has no answer to it",
    Cause.NOT_RUN: "the run ended before they did",
    Cause.OTHER: "something went wrong; the worker's log says more",
}


# Causes that say themselves that it was the judge.
OF_THE_JUDGE = (Cause.JUDGE_MISSING, Cause.JUDGE_UNREADABLE)


@dataclass(frozen=True)
class Failure:
    """A cause, and whether it befell the judge instead of the model."""

    cause: Cause
    of_judge: bool = False

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The reverse of `str`; what this release does not know is OTHER."""
        name = text.removeprefix(_OF_JUDGE)
        known = name in Cause.__members__.values()
        return cls(Cause(name) if known else Cause.OTHER, text.startswith(_OF_JUDGE))

    def __str__(self) -> str:
        return f"{_OF_JUDGE}{self.cause}" if self.of_judge else self.cause.value

    @property
    def words(self) -> str:
        return f"while judging, {self.cause.words}" if self.of_judge else self.cause.words
