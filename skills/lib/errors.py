"""What can be wrong with input, said so that a person can mend it (served as RFC 9457)."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import Self, TypedDict


class ProblemSeverity(StrEnum):
    """Errors refuse the input; warnings and notes are only shown. Worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class ProblemRecord(TypedDict, total=False):
    """A problem as JSON; what is empty is left out."""

    code: str
    text: str
    remedy: str
    file: str
    line: int
    severity: str


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with input, and how to mend it.

    `code` is documented at /docs/problems/. `file` is a path of the bundle, `line` counts from 1; "" and 0
    where the problem is in no file or in the whole of it.
    """

    code: str
    text: str
    remedy: str = ""
    _: KW_ONLY
    file: str = ""
    line: int = 0
    severity: ProblemSeverity = ProblemSeverity.ERROR

    def as_dict(self) -> ProblemRecord:
        document: ProblemRecord = {"code": self.code, "text": self.text}
        if self.remedy:
            document["remedy"] = self.remedy
        if self.file:
            document["file"] = self.file
        if self.line:
            document["line"] = self.line
        return document | {"severity": self.severity.value}

    @classmethod
    def from_dict(cls, record: ProblemRecord) -> Self:
        """Read what `as_dict` wrote."""
        return cls(
            record["code"],
            record["text"],
            record.get("remedy", ""),
            file=record.get("file", ""),
            line=record.get("line", 0),
            severity=ProblemSeverity(record.get("severity", ProblemSeverity.ERROR)),
        )


class ToldInWords(Exception):
    """What it says is written for the people who will read it, and says nothing of this installation."""


class Refused(Exception):
    """An act that was not done; nothing has changed. Its class says of which kind the refusal is.

    Each kind has the HTTP status that `skills/http/refusals.py` gives it; the acts know nothing of it.
    """

    title = "The request cannot be accepted"

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("; ".join(problem.text for problem in self.problems))


class Unauthenticated(Refused):
    title = "Sign in or send a token"


class Forbidden(Refused):
    title = "You may not do this"


class Missing(Refused):
    """Not there, or not to be seen by whoever asks: the two are never told apart."""

    title = "There is nothing here"


class Conflict(Refused):
    title = "This clashes with what is already there"


class Gone(Refused):
    title = "This was removed"


class Stale(Refused):
    title = "What you saw is not what is there now"


class Unavailable(Refused):
    title = "Not available now"


class TooCostly(Refused):
    """Reading it would take more than anybody may use of the machine."""

    title = "This takes too much to read"


def refuse(code: str, text: str, remedy: str = "", *, kind: type[Refused] = Refused) -> Refused:
    """A refusal with one problem, ready to raise."""
    return kind(Problem(code, text, remedy))


def missing() -> Missing:
    """The same words for what does not exist and for what you may not see."""
    problem = Problem("not_found", "There is nothing at this address.", "Check the spelling.")
    return Missing(problem)
