"""Reads YAML front matter at event level: no anchors, aliases or tags, bounded, typed as YAML 1.2 has it.

PyYAML's loaders crash or hang on hostile input (decision 0002); its event stream does not. What a scalar
means is decided by `yaml_scalars` (decision 0030), and the text that was written is kept beside it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from skills.bundles.limits import BundleLimits, human
from skills.bundles.yaml_scalars import Scalar, resolve
from skills.lib.errors import Problem
from skills.lib.json_values import Json, JsonObject

FILE: Final = "SKILL.md"
REFUSED: Final = frozenset({"front_matter_too_large", "yaml_alias", "yaml_tag", "yaml_depth", "yaml_size"})
"""Codes of what is dangerous to read; whatever else is wrong with front matter is told, and stops nothing."""
_BLOCK = re.compile(r"\A---[ \t]*\r?\n(.*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_BLANKS: Final = "\n\r\ufeff "
_DEPTH = 8  # of nested values
_NODES = 2_000  # values in all
_LINE_OFFSET = 2  # lines count from 1, and the line `---` stands above
# libyaml's reader is the faster one; not every build of PyYAML has it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str, ...]
"""Where a value stands: names of fields, and numbers of items of a list, from 0."""


@dataclass(frozen=True)
class WrittenScalar:
    """A scalar as it was written; plain: without quotation marks, so that its text decides its type."""

    text: str
    is_plain: bool
    line: int


@dataclass(kw_only=True)
class FrontMatter:
    """Fields as a YAML 1.2 reader has them, and their scalars as written.

    `lines` tells where each top-level field stands; `before` is what stands above the first `---`: blanks
    or a byte order mark, which some readers do not pass over.
    """

    fields: JsonObject = field(default_factory=dict)
    scalars: dict[Path, WrittenScalar] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body: str = ""
    raw: str = ""
    before: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def first_line(self) -> int:
        """The line of SKILL.md on which `raw` begins."""
        return self.before.count("\n") + _LINE_OFFSET

    @property
    def is_dangerous(self) -> bool:
        """Whether it holds what no reader of ours goes through."""
        return any(problem.code in REFUSED for problem in self.problems)


class _Unreadable(Exception):
    def __init__(self, code: str, text: str, remedy: str, line: int) -> None:
        super().__init__(text)
        self.problem = Problem(code, text, remedy, file=FILE, line=line)


def split(text: str) -> tuple[str, str] | None:
    """The YAML between the first two `---` lines, and the rest."""
    match = _BLOCK.match(text)
    return (match.group(1), text[match.end() :]) if match else None


def read_front_matter(text: str, limits: BundleLimits) -> FrontMatter:
    """Front matter and body of SKILL.md; what is wrong is in `problems`, never raised."""
    document = text.lstrip(_BLANKS)
    parts = split(document)
    if parts is None:
        return FrontMatter(body=text, problems=[_no_front_matter(text)])
    raw, body = parts
    before = text[: len(text) - len(document)]
    result = FrontMatter(body=body, raw=raw, before=before)
    if len(raw.encode()) > limits.front_matter:
        what = f"The front matter is larger than {human(limits.front_matter)}."
        result.problems.append(
            Problem("front_matter_too_large", what, "Move text into the body.", file=FILE, line=1)
        )
        return result
    try:
        # With the end of its last line, which `split` takes off: a block of text keeps it.
        reader = _EventReader(f"{raw}\n", result.first_line)
        result.fields = reader.document()
        result.scalars, result.lines = reader.scalars, reader.lines
    except _Unreadable as error:
        result.problems.append(error.problem)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"The front matter is not YAML: {getattr(error, 'problem', None) or error}."
        remedy = "Quote values that contain a colon, a # or a quotation mark."
        line = mark.line + result.first_line if mark else 1
        result.problems.append(Problem("bad_yaml", what, remedy, file=FILE, line=line))
    except (ValueError, RecursionError) as error:
        what = f"The front matter cannot be read: {error}."
        result.problems.append(Problem("bad_yaml", what, "Use plain text only.", file=FILE, line=1))
    return result


def _no_front_matter(text: str) -> Problem:
    what = "SKILL.md does not start with front matter between two `---` lines."
    remedy = "Start the file with:\n---\nname: my-skill\ndescription: What it does and when.\n---"
    if "\r" in text and "\n" not in text:
        what = "SKILL.md is one line to its readers: its lines end with CR alone, as on the first Macs."
        remedy = "Save it with the line ends of Unix (LF); `tr '\\r' '\\n' < OLD > SKILL.md` does it too."
    return Problem("no_front_matter", what, remedy, file=FILE, line=1)


class _EventReader:
    """Reads one document from YAML's events; raises _Unreadable."""

    def __init__(self, raw: str, first_line: int) -> None:
        self.events: Iterator[Any] = iter(yaml.parse(raw, Loader=_LOADER))
        self.first_line = first_line
        self.nodes = 0
        self.scalars: dict[Path, WrittenScalar] = {}
        self.lines: dict[str, int] = {}

    def next(self) -> Any:
        return next(self.events)

    def document(self) -> JsonObject:
        event = self.next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self.next()
        if not isinstance(event, yaml.MappingStartEvent):
            raise _Unreadable(
                "bad_yaml",
                "The front matter is not a list of `field: value` lines.",
                "Write one field per line.",
                self.first_line,
            )
        fields = self._mapping(event, ())
        if isinstance(self.next(), yaml.DocumentEndEvent) and not isinstance(
            self.next(), yaml.StreamEndEvent
        ):
            raise _Unreadable("bad_yaml", "The front matter holds two documents.", "Keep one.", 1)
        return fields

    def _value(self, event: Any, path: Path) -> Json:
        self._check_event(event, len(path) + 1)
        if isinstance(event, yaml.ScalarEvent):
            is_plain = event.implicit[0] and event.tag is None
            self.scalars[path] = WrittenScalar(event.value, is_plain, self._line_of(event))
            return _typed(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Json] = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                items.append(self._value(event, (*path, str(len(items)))))
            return items
        return self._mapping(event, path)

    def _mapping(self, start: Any, path: Path) -> JsonObject:
        self._check_event(start, len(path) + 1)
        result: JsonObject = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            self._check_event(event, len(path) + 1)
            line = self._line_of(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Unreadable("bad_yaml", "A field name is not text.", "Use a word.", line)
            name = _name(_typed(event))
            # Readers differ in which of two fields they take, and in whether they merge what `<<` names.
            if name in result or name == "<<":
                text = f"The field {name!r} stands twice or is a merge key."
                raise _Unreadable("duplicate_field", text, "Keep one of them.", line)
            if not path:
                self.lines[name] = line
            result[name] = self._value(self.next(), (*path, name))
        return result

    def _line_of(self, event: Any) -> int:
        line: int = event.start_mark.line
        return line + self.first_line

    def _check_event(self, event: Any, depth: int) -> None:
        """Refuse what plain values never need, and count."""
        self.nodes += 1
        line = self._line_of(event)
        remedy = "Write plain values only."
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Unreadable("yaml_alias", "Anchors and aliases are not accepted.", remedy, line)
        if getattr(event, "tag", None) not in (None, "!"):
            raise _Unreadable("yaml_tag", f"The tag {event.tag} is not accepted.", remedy, line)
        if depth > _DEPTH:
            raise _Unreadable("yaml_depth", f"Nested more than {_DEPTH} deep.", remedy, line)
        if self.nodes > _NODES:
            raise _Unreadable("yaml_size", f"More than {_NODES} values.", remedy, line)


def _typed(event: Any) -> Scalar:
    # The tag `!` alone says that a scalar is text.
    return resolve(event.value) if event.implicit[0] and event.tag is None else str(event.value)


def _name(key: Scalar) -> str:
    """KEY as a name in JSON, which has text alone: `1: x` becomes {"1": "x"}, as JSON writers have it."""
    return key if isinstance(key, str) else json.dumps(key)
