"""Reads `evals/`: cases in evals.json and trigger lists, in every dialect people really write.

Accepted are the shapes of agentskills.io (`assertions`), of skill-creator (`expectations`), lists at
top level, `cases`, typed assertions as objects, and trigger lists. What cannot be read is refused with
a reason; what is only unknown is kept and reported.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from skills.bundles import strict_json
from skills.lib.errors import Problem

CASES = "evals/evals.json"
MOST_CASES, MOST_ASSERTIONS, LONGEST_PROMPT = 500, 50, 100_000
JUDGED = "judge"
KINDS = (
    JUDGED,
    "contains",
    "not_contains",
    "contains_any",
    "not_contains_any",
    "regex",
    "not_regex",
    "json_schema",
    "file_exists",
    "tool_used",
    "python",
)
NEEDS_SANDBOX = ("file_exists", "python")
_REMEDY = "See docs/bundles.md for the shape of evals.json."
_PROMPTS = ("prompt", "input", "query")
_EXPECTED = ("expected_output", "expected_behavior", "expected")
_READ = {
    *_PROMPTS,
    *_EXPECTED,
    "id",
    "name",
    "files",
    "assertions",
    "expectations",
    "must_include",
    "must_not_include",
    "should_trigger",
    "tags",
}


@dataclass(frozen=True)
class Assertion:
    """One checkable statement. `text` is what people read; `value` what a typed check compares with."""

    kind: str
    text: str
    value: Any = None


@dataclass(frozen=True)
class Case:
    """One task: a prompt, the files it starts with and what must be true of the outcome."""

    id: str
    prompt: str
    expected: str = ""
    files: tuple[str, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    tags: tuple[str, ...] = ()
    other: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trigger:
    """One sentence that should, or should not, make a model open the skill."""

    query: str
    should_trigger: bool


@dataclass(frozen=True)
class Evals:
    cases: tuple[Case, ...] = ()
    triggers: tuple[Trigger, ...] = ()


class _Reading:
    """What was read so far and what was wrong with it, with the place in the file."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.path = ""
        self.cases: list[Case] = []
        self.triggers: list[Trigger] = []
        self.problems: list[Problem] = []
        self.unused: set[str] = set()

    def fault(self, text: str, severity: str = "error") -> None:
        self.problems.append(Problem("bad_eval", text, _REMEDY, self.path, severity=severity))


def read_evals(files: Mapping[str, bytes]) -> tuple[Evals, list[Problem]]:
    """Cases and triggers of a bundle; other files in evals/ are kept and not read."""
    reading = _Reading(files)
    for path in sorted(files):
        if path != CASES and not re.fullmatch(r"evals/[^/]*(trigger|queries)[^/]*\.json", path):
            continue
        reading.path = path
        try:
            value = strict_json.load(files[path], path)
        except strict_json.BadJson as error:
            reading.problems.append(error.problem)
        else:
            _read_file(value, reading)
        if reading.unused:
            reading.fault(f"Kept but not used: {', '.join(sorted(reading.unused))}.", "note")
            reading.unused = set()
    return Evals(tuple(reading.cases), tuple(reading.triggers)), reading.problems


def _read_file(value: Any, reading: _Reading) -> None:
    if isinstance(value, dict) and isinstance(value.get("should_trigger"), list):
        for key, wanted in (("should_trigger", True), ("should_not_trigger", False)):
            _triggers(({"query": q, "should_trigger": wanted} for q in _texts(value.get(key))), reading)
        return
    items = value
    if isinstance(value, dict):
        items = next(
            (value[key] for key in ("evals", "cases", "queries", "test_cases") if key in value), None
        )
    if not isinstance(items, list) or not items:
        reading.fault("There is no list of cases under `evals`.")
    elif len(items) > MOST_CASES:
        reading.fault(f"There are {len(items):,} cases; at most {MOST_CASES} are read from one file.")
    elif reading.path != CASES or all(_is_trigger(item) for item in items):
        _triggers(items, reading)
    else:
        _read_cases(items, reading)


def _texts(items: Any) -> list[Any]:
    """Queries given as text or as objects that hold one."""
    rows = items if isinstance(items, list) else []
    return [_first(row, _PROMPTS) if isinstance(row, dict) else row for row in rows]


def _first(item: Mapping[str, Any], keys: Iterable[str]) -> Any:
    return next((item[key] for key in keys if item.get(key)), None)


def _is_trigger(item: Any) -> bool:
    checks = ("assertions", "expectations", "must_include", "must_not_include")
    return (
        isinstance(item, dict)
        and isinstance(item.get("should_trigger"), bool)
        and not any(item.get(key) for key in checks)
    )


def _read_cases(items: list[Any], reading: _Reading) -> None:
    known = len(reading.cases)
    for number, item in enumerate(items, 1):
        if _is_trigger(item):
            _triggers([item], reading)
        elif isinstance(item, dict):
            _case(item, number, reading)
        else:
            reading.fault(f"Case {number} is not an object.")
    ids = [case.id for case in reading.cases[known:]]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        reading.fault(f"The id {twice!r} stands twice.")


def _case(item: dict[str, Any], number: int, reading: _Reading) -> None:
    label = str(item.get("id", item.get("name", number)))[:100]
    prompt = _first(item, _PROMPTS)
    if not isinstance(prompt, str) or not prompt.strip():
        reading.fault(f"Case {label} has no `prompt`.")
        return
    if len(prompt) > LONGEST_PROMPT:
        reading.fault(
            f"The prompt of case {label} has {len(prompt):,} characters; at most {LONGEST_PROMPT:,}."
        )
        return
    expected = str(_first(item, _EXPECTED) or "")
    assertions = _assertions(item, label, reading)
    if not assertions and expected:
        assertions = [Assertion(JUDGED, f"The outcome is as expected: {expected}")]
    if not assertions:
        reading.fault(f"Case {label} says nothing about its outcome, so it is never run.", "note")
    other = {key: value for key, value in item.items() if key not in _READ}
    reading.unused |= set(other)
    tags = item.get("tags")
    reading.cases.append(
        Case(
            label,
            prompt,
            expected,
            _files(item, label, reading),
            tuple(assertions),
            tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
            other,
        )
    )


def _files(item: dict[str, Any], label: str, reading: _Reading) -> tuple[str, ...]:
    named = item.get("files") or []
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        reading.fault(f"Case {label}: `files` is a list of paths.")
        return ()
    found = []
    for name in named:
        place = next(
            (path for path in (name, f"evals/{name}", f"evals/files/{name}") if path in reading.files), ""
        )
        if place:
            found.append(place)
        else:
            reading.fault(f"Case {label} names the file {name!r}, which is not in the bundle.")
    return tuple(found)


def _assertions(item: dict[str, Any], label: str, reading: _Reading) -> list[Assertion]:
    checks = item.get("assertions") or item.get("expectations") or []
    if not isinstance(checks, list):
        reading.fault(f"Case {label}: `assertions` is a list.")
        return []
    found = [
        one
        for number, check in enumerate(checks, 1)
        if (one := _assertion(check, f"{label}, {number}", reading))
    ]
    for key, kind, words in (
        ("must_include", "contains", "contains"),
        ("must_not_include", "not_contains", "does not contain"),
    ):
        listed = item.get(key)
        for text in listed if isinstance(listed, list) else []:
            found.append(Assertion(kind, f"The output {words} {text!r}", str(text)))
    if len(found) > MOST_ASSERTIONS:
        reading.fault(f"Case {label} has {len(found)} assertions; at most {MOST_ASSERTIONS}.")
    return found


def _assertion(check: Any, label: str, reading: _Reading) -> Assertion | None:
    if isinstance(check, str) and check.strip():
        return Assertion(JUDGED, check.strip())
    if not isinstance(check, dict):
        reading.fault(f"Assertion {label} is neither text nor an object.")
        return None
    text = str(_first(check, ("text", "assertion", "description", "name")) or "")
    kind = str(check.get("type") or JUDGED).lower().replace("-", "_")
    value = next(
        (check[key] for key in ("value", "values", "pattern", "schema", "path", "tool") if key in check), None
    )
    if kind not in KINDS:
        if not text:
            reading.fault(f"Assertion {label} has the unknown type {kind!r}. Known: {', '.join(KINDS)}.")
            return None
        reading.fault(f"Assertion {label}: the type {kind!r} is unknown; a judge reads its text.", "note")
        kind = JUDGED
    if kind == JUDGED:
        text = text or str(value or "")
        if not text:
            reading.fault(f"Assertion {label} has no text.")
        return Assertion(JUDGED, text) if text else None
    if fault := _bad_value(kind, value):
        reading.fault(f"Assertion {label} ({kind}): {fault}.")
        return None
    return Assertion(kind, text or f"{kind.replace('_', ' ')}: {value}"[:300], value)


def _bad_value(kind: str, value: Any) -> str:
    """What is wrong with the value of a typed assertion, "" when nothing is."""
    if kind in ("contains_any", "not_contains_any"):
        good = isinstance(value, list) and value and all(isinstance(one, str) for one in value)
        return "" if good else "`values` is a list of texts"
    if kind == "json_schema":
        return _bad_schema(value)
    if not isinstance(value, str) or not value:
        return "`value` is text"
    if kind in ("regex", "not_regex"):
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError) as error:
            return f"the pattern is not a regular expression ({error})"
    return ""


def _bad_schema(value: Any) -> str:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(value)
    except (SchemaError, RecursionError) as error:
        return f"`schema` is not a JSON Schema ({getattr(error, 'message', error)})"
    return "" if isinstance(value, dict) else "`schema` is an object"


def _triggers(items: Iterable[Any], reading: _Reading) -> None:
    for number, item in enumerate(items, 1):
        query = _first(item, ("query", "prompt", "input")) if isinstance(item, dict) else None
        wanted = item.get("should_trigger") if isinstance(item, dict) else None
        if not isinstance(query, str) or not isinstance(wanted, bool):
            reading.fault(f"Entry {number} needs `query` (text) and `should_trigger` (true or false).")
        else:
            reading.triggers.append(Trigger(query, wanted))
