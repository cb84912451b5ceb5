"""What an import or a sync would do, skill by skill: the lines of its plan and of its report."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from skills.bundles.validate import Validation
from skills.catalog.numbers import NumberFrom
from skills.lib.errors import Problem


class ChangeKind(StrEnum):
    """What becomes of one skill of the source."""

    NEW = "new"
    NEXT = "new version"
    UNCHANGED = "unchanged"
    COPY = "copy"  # its files are those of another skill of the same source
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line. `path` is that of the skill's folder in the whole source, `skill_md` that of its file.

    `name` is the name in the catalogue, `written_name` what the file says, `mark` the digest of its files.
    `notes` say what was mended and `problems` why it is refused; `left_out` are the files that do not come
    along, with the reason for each. `moved_from` is the path that the skill had before, and `is_settled` says
    that nothing has to be written down about it.
    """

    kind: ChangeKind
    path: str
    skill_md: str = ""
    name: str = ""
    written_name: str = ""
    number: str = ""
    number_from: NumberFrom | None = None
    previous: str = ""
    mark: str = ""
    moved_from: str = ""
    is_settled: bool = False
    notes: tuple[str, ...] = ()
    left_out: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_new_version(self) -> bool:
        """Whether it puts bytes into the catalogue."""
        return self.kind in (ChangeKind.NEW, ChangeKind.NEXT)

    def as_json(self) -> dict[str, Any]:
        """What is stored and reported; `from_json` reads it."""
        rest = {
            "left_out": [problem.as_dict() for problem in self.left_out],
            "problems": [problem.as_dict() for problem in self.problems],
        }
        return vars(self) | rest

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        written = row["number_from"]
        rest = {
            "kind": ChangeKind(row["kind"]),
            "number_from": NumberFrom(written) if written else None,
            "notes": tuple(row["notes"]),
            "left_out": tuple(map(Problem.from_dict, row["left_out"])),
            "problems": tuple(map(Problem.from_dict, row["problems"])),
        }
        return cls(**(row | rest))


@dataclass(frozen=True)
class Planned:
    """A change with what carries it out: the checked bundle of a new version, else None."""

    change: Change
    report: Validation | None = None
