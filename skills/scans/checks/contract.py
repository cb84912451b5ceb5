"""What every check returns."""

from dataclasses import dataclass


class DidNotFinish(Exception):
    """A check was stopped or failed: the version is held, never called clean."""


@dataclass(frozen=True, order=True)
class CheckFinding:
    """Something a check says about one place. Only `blocking` stops a version by itself."""

    rule: str
    severity: str
    path: str
    line: int
    text: str
    snippet: str = ""
    remedy: str = ""
