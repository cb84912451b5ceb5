"""What every check returns."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Found:
    """Something a check says about one place. Only `blocking` stops a version by itself."""

    rule: str
    severity: str
    path: str
    line: int
    text: str
    snippet: str = ""
    remedy: str = ""
