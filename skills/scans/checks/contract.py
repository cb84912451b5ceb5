"""What every check returns."""

from dataclasses import dataclass
from enum import StrEnum

from skills.lib.errors import ToldInWords


class DidNotFinish(ToldInWords):
    """A check was stopped or failed: the version is held, never called clean."""


class NeverFinishes(DidNotFinish):
    """It needs more than any scan may use: to try it again would end the same."""


class Severity(StrEnum):
    """How much a finding weighs; the worst first."""

    BLOCKING = "blocking"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, order=True, kw_only=True)
class CheckFinding:
    """Something a check says about one place. Only `blocking` stops a version by itself.

    `path` is "" and `line` 0 where the finding is about no file or the whole of it.
    """

    rule: str
    severity: Severity
    path: str
    line: int
    text: str
    snippet: str = ""
    remedy: str = ""
