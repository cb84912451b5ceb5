"""Reads YAML front matter at event level: no anchors, aliases or tags, bounded, strings only.

PyYAML's loaders crash or hang on hostile input (docs/decisions/0002); its event stream does not.
Scalars stay the text that was written, so `version: 1.10` is "1.10".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from skills.bundles.limits import BundleLimits, human
from skills.lib.errors import Problem

FILE: Final = "SKILL.md"
_BLOCK = re.compile(r"\A---[ \t]*\r?\n(.*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_DEPTH = 8  # of nested values
_NODES = 2_000  # values in all
_LINE_OFFSET = 2  # marks count from 0, and the line `---` stands above
# libyaml's reader is the faster one; not every build of PyYAML has it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(kw_only=True)
class FrontMatter:
    """Fields as text, lists and maps of text; `lines` tells where each top-level field stands."""

    fields: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body: str = ""
    raw: str = ""
    problems: list[Problem] = field(default_factory=list)


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
    parts = split(text)
    if parts is None:
        what = "SKILL.md does not start with front matter between two `---` lines."
        remedy = "Start the file with:\n---\nname: my-skill\ndescription: What it does and when.\n---"
        return FrontMatter(body=text, problems=[Problem("no_front_matter", what, remedy, file=FILE, line=1)])
    raw, body = parts
    result = FrontMatter(body=body, raw=raw)
    if len(raw.encode()) > limits.front_matter:
        what = f"The front matter is larger than {human(limits.front_matter)}."
        result.problems.append(
            Problem("front_matter_too_large", what, "Move text into the body.", file=FILE, line=1)
        )
        return result
    try:
        result.fields, result.lines = _EventReader(raw).document()
    except _Unreadable as error:
        result.problems.append(error.problem)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"The front matter is not YAML: {getattr(error, 'problem', None) or error}."
        remedy = "Quote values that contain a colon, a # or a quotation mark."
        line = mark.line + _LINE_OFFSET if mark else 1
        result.problems.append(Problem("bad_yaml", what, remedy, file=FILE, line=line))
    except (ValueError, RecursionError) as error:
        what = f"The front matter cannot be read: {error}."
        result.problems.append(Problem("bad_yaml", what, "Use plain text only.", file=FILE, line=1))
    return result


class _EventReader:
    """Reads one document from YAML's events; raises _Unreadable."""

    def __init__(self, raw: str) -> None:
        self.events: Iterator[Any] = iter(yaml.parse(raw, Loader=_LOADER))
        self.nodes = 0

    def next(self) -> Any:
        return next(self.events)

    def document(self) -> tuple[dict[str, Any], dict[str, int]]:
        event = self.next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self.next()
        if not isinstance(event, yaml.MappingStartEvent):
            raise _Unreadable(
                "bad_yaml",
                "The front matter is not a list of `field: value` lines.",
                "Write one field per line.",
                2,
            )
        lines: dict[str, int] = {}
        fields = self._mapping(event, 1, lines)
        if isinstance(self.next(), yaml.DocumentEndEvent) and not isinstance(
            self.next(), yaml.StreamEndEvent
        ):
            raise _Unreadable("bad_yaml", "The front matter holds two documents.", "Keep one.", 1)
        return fields, lines

    def _value(self, event: Any, depth: int) -> Any:
        self._check_event(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                items.append(self._value(event, depth + 1))
            return items
        return self._mapping(event, depth, {})

    def _mapping(self, start: Any, depth: int, lines: dict[str, int]) -> dict[str, Any]:
        self._check_event(start, depth)
        result: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            self._check_event(event, depth)
            line = event.start_mark.line + _LINE_OFFSET
            if not isinstance(event, yaml.ScalarEvent):
                raise _Unreadable("bad_yaml", "A field name is not text.", "Use a word.", line)
            # YAML's later value would win silently, and a merge key copies fields that nobody sees written.
            if event.value in result or event.value == "<<":
                text = f"The field {event.value!r} stands twice or is a merge key."
                raise _Unreadable("duplicate_field", text, "Keep one of them.", line)
            lines[event.value] = line
            result[event.value] = self._value(self.next(), depth + 1)
        return result

    def _check_event(self, event: Any, depth: int) -> None:
        """Refuse what plain values never need, and count."""
        self.nodes += 1
        line = event.start_mark.line + _LINE_OFFSET
        remedy = "Write plain values only."
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Unreadable("yaml_alias", "Anchors and aliases are not accepted.", remedy, line)
        if getattr(event, "tag", None) not in (None, "!"):
            raise _Unreadable("yaml_tag", f"The tag {event.tag} is not accepted.", remedy, line)
        if depth > _DEPTH:
            raise _Unreadable("yaml_depth", f"Nested more than {_DEPTH} deep.", remedy, line)
        if self.nodes > _NODES:
            raise _Unreadable("yaml_size", f"More than {_NODES} values.", remedy, line)
