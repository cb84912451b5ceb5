"""The shapes of an evaluation as a bundle holds them: cases, their assertions, triggers.

They are stored as JSON with a version's manifest; `from_json` reads what `dataclasses.asdict` wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self, TypedDict


class AssertionKind(StrEnum):
    """How an assertion is checked; the values are the `type` that authors write and grades keep."""

    JUDGE = "judge"  # a model reads its text: no program can check it
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    CONTAINS_ANY = "contains_any"
    NOT_CONTAINS_ANY = "not_contains_any"
    REGEX = "regex"
    NOT_REGEX = "not_regex"
    JSON_SCHEMA = "json_schema"
    NOT_JSON_SCHEMA = "not_json_schema"
    FILE_EXISTS = "file_exists"
    TOOL_USED = "tool_used"
    PYTHON = "python"
    SIMILAR = "similar"  # means much the same as a text, by the vectors of the embedding model
    COST = "cost"  # US dollars that a trial costs at most
    LATENCY = "latency"  # milliseconds of answers and tools at most
    TRIGGER = "trigger"  # whether the model opened the skill; ours, no author writes it


AUTHORED_KINDS = tuple(kind for kind in AssertionKind if kind != AssertionKind.TRIGGER)

# A file is written by a command and a program is run: both need somewhere to happen.
NEEDS_SANDBOX = frozenset({AssertionKind.FILE_EXISTS, AssertionKind.PYTHON})


@dataclass(frozen=True)
class Assertion:
    """One checkable statement.

    `text` is what people read; `value` what a typed check compares with: text, a list of texts, a number,
    a JSON Schema or `Likeness`, None for the judge. `answer` is the number of the answer of a
    conversation that is checked, 0 for the last one.
    """

    kind: AssertionKind
    text: str
    value: Any = None
    answer: int = 0

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(AssertionKind(row["kind"]), row["text"], row.get("value"), row.get("answer", 0))


class Likeness(TypedDict):
    """The value of a `similar` assertion: the nearest of TEXTS is at least so near, from 0 to 1."""

    texts: list[str]
    threshold: float


class Speaker(StrEnum):
    """Who says something in a conversation, in the words of every provider."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True)
class Turn:
    """What one says in a conversation that a case writes down."""

    speaker: Speaker
    text: str

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(Speaker(row["speaker"]), row["text"])


@dataclass(frozen=True, kw_only=True)
class Case:
    """One task: a prompt, the files it starts with and what must be true of the outcome.

    A conversation has its `turns`, and as `prompt` the same as people read it. `should_trigger` is False for
    a negative control: a task that the skill is not for. `files` are paths in the bundle; `other` keeps the
    fields that we do not know.
    """

    id: str
    prompt: str
    expected: str = ""
    files: tuple[str, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    tags: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    should_trigger: bool | None = None
    other: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            id=row["id"],
            prompt=row["prompt"],
            expected=row["expected"],
            files=tuple(row["files"]),
            assertions=tuple(map(Assertion.from_json, row["assertions"])),
            tags=tuple(row["tags"]),
            turns=tuple(map(Turn.from_json, row.get("turns", ()))),
            should_trigger=row.get("should_trigger"),
            other=dict(row["other"]),
        )


@dataclass(frozen=True)
class Trigger:
    """One sentence that should, or should not, make a model open the skill."""

    query: str
    should_trigger: bool

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(row["query"], row["should_trigger"])


@dataclass(frozen=True)
class Evals:
    """Everything that a bundle's `evals/` says."""

    cases: tuple[Case, ...] = ()
    triggers: tuple[Trigger, ...] = ()

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            cases=tuple(map(Case.from_json, row.get("cases", ()))),
            triggers=tuple(map(Trigger.from_json, row.get("triggers", ()))),
        )
