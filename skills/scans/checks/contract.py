"""What every check returns."""

from dataclasses import dataclass

from skills.scans.models import Severity


class DidNotFinish(Exception):
    """A check was stopped or failed: the version is held, never called clean."""


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
