"""Reads `evals/`: cases in evals.json (assertions or expectations) and trigger lists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skills.bundles import strict_json
from skills.lib.errors import Problem

CASES = "evals/evals.json"
_REMEDY = "See docs/bundles.md for the shape of evals.json."


@dataclass(frozen=True)
class Case:
    """One task: a prompt, the files it starts with and what must be true of the outcome."""

    id: str
    prompt: str
    expected: str
    files: tuple[str, ...]
    assertions: tuple[str, ...]


@dataclass(frozen=True)
class Trigger:
    """One sentence that should, or should not, make a model open the skill."""

    query: str
    should_trigger: bool


@dataclass(frozen=True)
class Evals:
    cases: tuple[Case, ...] = ()
    triggers: tuple[Trigger, ...] = ()


def read_evals(files: Mapping[str, bytes]) -> tuple[Evals, list[Problem]]:
    """Cases and triggers of a bundle; other files in evals/ are kept and not read."""
    problems: list[Problem] = []
    cases: list[Case] = []
    triggers: list[Trigger] = []
    for path in sorted(files):
        is_cases = path == CASES
        if not is_cases and not re.fullmatch(r"evals/[^/]*(trigger|queries)[^/]*\.json", path):
            continue
        try:
            value = strict_json.load(files[path], path)
        except strict_json.BadJson as error:
            problems.append(error.problem)
            continue
        if is_cases:
            found, faults = _cases(value, files)
            cases += found
        else:
            listed, faults = _triggers(value)
            triggers += listed
        problems += [Problem("bad_eval", fault, _REMEDY, path) for fault in faults]
    return Evals(tuple(cases), tuple(triggers)), problems


def _cases(value: Any, files: Mapping[str, bytes]) -> tuple[list[Case], list[str]]:
    items = value.get("evals", value.get("cases")) if isinstance(value, dict) else value
    if not isinstance(items, list) or not items:
        return [], ["There is no list of cases under `evals`."]
    cases, faults = [], []
    for number, item in enumerate(items, 1):
        case, fault = _case(item, number, files)
        cases += [case] if case else []
        faults += fault
    ids = [case.id for case in cases]
    faults += [f"The id {twice!r} stands twice." for twice in {i for i in ids if ids.count(i) > 1}]
    return cases, faults


def _case(item: Any, number: int, files: Mapping[str, bytes]) -> tuple[Case | None, list[str]]:
    if not isinstance(item, dict):
        return None, [f"Case {number} is not an object."]
    label = str(item.get("id", number))
    prompt = item.get("prompt") or item.get("input") or item.get("query")
    if not isinstance(prompt, str) or not prompt.strip():
        return None, [f"Case {label} has no `prompt`."]
    faults = []
    named = item.get("files") or []
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        faults, named = [f"Case {label}: `files` is a list of paths."], []
    for name in named:
        if name not in files and f"evals/{name}" not in files:
            faults.append(f"Case {label} names the file {name!r}, which is not in the bundle.")
    checks = item.get("assertions") or item.get("expectations") or []
    if not isinstance(checks, list):
        faults, checks = [*faults, f"Case {label}: `assertions` is a list."], []
    texts = tuple(_assertion(check) for check in checks)
    return Case(label, prompt, str(item.get("expected_output", "")), tuple(named), texts), faults


def _assertion(check: Any) -> str:
    if isinstance(check, dict):
        words = (check.get(key) for key in ("text", "assertion", "description", "name", "value"))
        return next((str(word) for word in words if word), str(check))
    return str(check)


def _triggers(value: Any) -> tuple[list[Trigger], list[str]]:
    items = value.get("queries", value.get("evals")) if isinstance(value, dict) else value
    if not isinstance(items, list):
        return [], ["A trigger file is a list of objects with `query` and `should_trigger`."]
    found, faults = [], []
    for number, item in enumerate(items, 1):
        query = item.get("query", item.get("prompt")) if isinstance(item, dict) else None
        wanted = item.get("should_trigger") if isinstance(item, dict) else None
        if not isinstance(query, str) or not isinstance(wanted, bool):
            faults.append(f"Entry {number} needs `query` (text) and `should_trigger` (true or false).")
        else:
            found.append(Trigger(query, wanted))
    return found, faults
