"""Reads `evals/`: cases in evals.json and trigger lists, in every dialect people really write.

Read are the shapes of agentskills.io (`assertions`), of skill-creator (`expectations`), lists at top level,
`cases`, typed assertions as objects, trigger lists, and what other tools write (`eval_dialects.py`). Nothing
here stops a bundle: what cannot be read is kept, with a warning that says why; what is only unknown, a note.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from skills.bundles import conversations, strict_json
from skills.bundles.conversations import BadConversation, Conversation, is_conversation, read_conversation
from skills.bundles.eval_assertions import value_fault, value_of, words_of
from skills.bundles.eval_cases import (
    AUTHORED_KINDS,
    Assertion,
    AssertionKind,
    Case,
    Evals,
    Speaker,
    Trigger,
    Turn,
)
from skills.bundles.eval_dialects import ForeignCases, foreign_cases
from skills.bundles.eval_rows import as_text, first, flat
from skills.bundles.eval_types import TRANSLATED, in_our_types, type_of
from skills.lib.errors import Problem, ProblemSeverity

CASES = "evals/evals.json"
MOST_CASES = 500  # of one file
MOST_ASSERTIONS = 50  # of one case
LONGEST_PROMPT = 100_000  # characters
_LONGEST_LABEL = 100  # characters
_REMEDY = "The shape of evals.json is described at /docs/bundles/."
_TRIGGER_FILE = re.compile(r"evals/[^/]*(trigger|queries)[^/]*\.json")
_OTHER_FILE = re.compile(r"evals/[^/]+\.json")

# The first of these names that a file uses is read; each dialect has its own.
_CASE_LISTS = ("evals", "cases", "queries", "test_cases", "scenarios", "tests")
_PROMPTS = ("prompt", "input", "query")
_TRIGGER_QUERIES = ("query", "prompt", "input")
_EXPECTED = ("expected_output", "expected_behavior", "expected")
_ASSERTION_TEXTS = (
    *("text", "assertion", "criterion", "statement", "check", "expectation", "criteria", "rubric"),
    *("description", "name"),
)
_ASSERTION_LISTS = (
    "assertions",
    "expectations",
    "criteria",
    "checks",
    "checklist",
    "graders",
    "rubric",
    "assert",
)
_CONTAINS_LISTS = {
    "must_include": (AssertionKind.CONTAINS, "contains"),
    "must_not_include": (AssertionKind.NOT_CONTAINS, "does not contain"),
}
_MOST_NAMED = 8  # in one note
_DEEPEST = 6  # folders above a skill in a path that names a file from the top of a repository
_TRIGGER_FLAGS = ("should_trigger", "expected_activation", "should_activate")
_TRIGGER_FIELDS = {*_TRIGGER_QUERIES, *_TRIGGER_FLAGS, "id", "name"}
_KNOWN_FIELDS = {
    *_PROMPTS,
    *conversations.LISTS,
    *_EXPECTED,
    *_ASSERTION_LISTS,
    *_CONTAINS_LISTS,
    "id",
    "name",
    *_TRIGGER_FLAGS,
    "files",
    "tags",
}


def read_evals(files: Mapping[str, bytes]) -> tuple[Evals, list[Problem]]:
    """Cases and triggers of a bundle (path to bytes); other files in evals/ are kept and not read."""
    cases: list[Case] = []
    triggers: list[Trigger] = []
    problems: list[Problem] = []
    for reader in (*_json_readers(files, problems), *_foreign_readers(files)):
        cases += reader.cases
        triggers += reader.triggers
        problems += reader.problems
    return Evals(tuple(_with_one_id_each(cases)), tuple(triggers)), problems


def read_written(files: Mapping[str, bytes]) -> tuple[Evals, list[Problem]]:
    """The same of evals.json alone, which is the one file that we write."""
    reader = _EvalFileReader(CASES, files)
    try:
        reader.read(strict_json.load(files[CASES], CASES))
    except strict_json.BadJson as error:
        return Evals(), [error.problem]
    return Evals(tuple(reader.cases), tuple(reader.triggers)), reader.problems


def _json_readers(files: Mapping[str, bytes], problems: list[Problem]) -> Iterator["_EvalFileReader"]:
    """The files of JSON that hold cases or triggers, read; what is no JSON goes to PROBLEMS."""
    for path in sorted(files, key=lambda path: (path != CASES, path)):
        if not _OTHER_FILE.fullmatch(path):
            continue
        reader = _EvalFileReader(path, files)
        try:
            reader.read(strict_json.load(files[path], path))
        except strict_json.BadJson as error:
            problems.append(replace(error.problem, severity=ProblemSeverity.WARNING))
            continue
        yield reader


def _foreign_readers(files: Mapping[str, bytes]) -> Iterator["_EvalFileReader"]:
    for found in foreign_cases(files):
        reader = _EvalFileReader(found.path, files)
        reader.read_foreign(found)
        yield reader


def _with_one_id_each(cases: Iterable[Case]) -> Iterator[Case]:
    """CASES of several files, whose ids may be the same."""
    seen: set[str] = set()
    numbers: Counter[str] = Counter()
    for case in cases:
        id_, stem = case.id, case.id[: _LONGEST_LABEL - 5]
        while id_ in seen:
            # On from where the last of them ended: thousands may have one id.
            numbers[stem] += 1
            id_ = f"{stem} ({numbers[stem] + 1})"
        seen.add(id_)
        yield case if id_ == case.id else replace(case, id=id_)


class _EvalFileReader:
    """What was read of one file so far, and what was wrong with it."""

    def __init__(self, path: str, files: Mapping[str, bytes]) -> None:
        self.path = path
        self.files = files
        self.cases: list[Case] = []
        self.triggers: list[Trigger] = []
        self.problems: list[Problem] = []
        self.unused_fields: set[str] = set()
        self.unknown_types: set[str] = set()

    def read(self, value: object) -> None:
        """Read the parsed JSON of the file."""
        self._read_file(value)
        if self.unused_fields:
            self._note(f"Kept but not used: {_listed(self.unused_fields)}.")
        if self.unknown_types:
            self._note(f"Unknown types, of which a judge reads the text: {_listed(self.unknown_types)}.")

    def read_foreign(self, found: ForeignCases) -> None:
        """Read the cases that FOUND has translated."""
        if found.items:
            self._note(f"{found.path} is in the form of {found.dialect} and is read as cases.")
            self._read_cases([*found.items])
        if not found.items:
            self._note(f"{found.path} is in the form of {found.dialect} and is not read; it is kept.")
        elif found.unread:
            named = ", ".join(found.unread[:_MOST_NAMED])
            self._note(f"{found.path} is in the form of {found.dialect}; kept and not read: {named}.")

    def _fault(self, text: str, severity: ProblemSeverity = ProblemSeverity.WARNING) -> None:
        self.problems.append(Problem("bad_eval", text, _REMEDY, file=self.path, severity=severity))

    def _note(self, text: str) -> None:
        self._fault(text, ProblemSeverity.NOTE)

    def _read_file(self, value: object) -> None:
        if isinstance(value, dict) and isinstance(value.get("should_trigger"), list):
            for key, wanted in (("should_trigger", True), ("should_not_trigger", False)):
                queries = _queries(value.get(key))
                self._read_triggers({"query": query, "should_trigger": wanted} for query in queries)
            return
        items = value
        if isinstance(value, dict):
            items = next((value[key] for key in _CASE_LISTS if key in value), None)
        is_known = self.path == CASES or _TRIGGER_FILE.fullmatch(self.path) is not None
        if not is_known and not _looks_like_cases(items):
            self._note("Kept and not read: it holds no cases in a form that is known here.")
        elif not isinstance(items, list) or not items:
            self._fault("There is no list of cases under `evals`.")
        elif len(items) > MOST_CASES:
            self._fault(f"There are {len(items):,} cases; at most {MOST_CASES} are read from one file.")
        elif _TRIGGER_FILE.fullmatch(self.path) or all(_is_trigger(item) for item in items):
            self._read_triggers(items)
        else:
            self._read_cases(items)

    def _read_triggers(self, items: Iterable[object]) -> None:
        for number, item in enumerate(items, 1):
            query = first(item, _TRIGGER_QUERIES) if isinstance(item, dict) else None
            wanted = _should_trigger(item)
            if isinstance(item, dict):
                self.unused_fields |= {*item} - _TRIGGER_FIELDS
            if not isinstance(query, str) or not isinstance(wanted, bool):
                self._fault(f"Entry {number} needs `query` (text) and `should_trigger` (true or false).")
            else:
                self.triggers.append(Trigger(query, wanted))

    def _read_cases(self, items: list[object]) -> None:
        for number, item in enumerate(items, 1):
            if _is_trigger(item):
                self._read_triggers([item])
            elif isinstance(item, dict):
                self._read_case(item, number)
            else:
                self._fault(f"Case {number} is not an object.")
        ids = Counter(case.id for case in self.cases)
        for repeated in sorted(id_ for id_, count in ids.items() if count > 1):
            self._fault(f"The id {repeated!r} stands twice; the later ones get a number.")

    def _read_case(self, item: dict[str, Any], number: int) -> None:
        label = str(item.get("id", item.get("name", number)))[:_LONGEST_LABEL]
        conversation = self._conversation(item, label)
        files = self._paths(item, label) if conversation else None
        if conversation is None or files is None:
            return
        is_dialogue = len(conversation.turns) > 1
        prompt = conversations.as_text(conversation.turns) if is_dialogue else conversation.turns[0].text
        if len(prompt) > LONGEST_PROMPT:
            text = f"The prompt of case {label} has {len(prompt):,} characters; at most {LONGEST_PROMPT:,}."
            self._fault(text)
            return
        expected = as_text(first(item, _EXPECTED)) or conversation.expected
        assertions = self._assertions_of(item, label, conversation)
        if not assertions and expected:
            assertions = [Assertion(AssertionKind.JUDGE, f"The outcome is as expected: {expected}")]
        if not assertions:
            self._note(f"Case {label} says nothing about its outcome, so it is never run.")
        other = {key: value for key, value in item.items() if key not in _KNOWN_FIELDS}
        self.unused_fields |= set(other)
        tags = item.get("tags")
        case = Case(
            id=label,
            prompt=prompt,
            expected=expected,
            files=files,
            assertions=tuple(assertions),
            tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
            turns=conversation.turns if is_dialogue else (),
            should_trigger=_should_trigger(item),
            other=other,
        )
        self.cases.append(case)
        if case.should_trigger:
            self.triggers.append(Trigger(conversation.turns[-1].text, should_trigger=True))

    def _conversation(self, item: dict[str, Any], label: str) -> Conversation | None:
        """What is said in a case, None where that cannot be read."""
        if is_conversation(item):
            try:
                return read_conversation(item)
            except BadConversation as error:
                self._fault(f"Case {label} {error}.")
                return None
        prompt = first(item, _PROMPTS)
        if not isinstance(prompt, str) or not prompt.strip():
            self._fault(f"Case {label} has no `prompt`.")
            return None
        return Conversation(turns=(Turn(Speaker.USER, prompt),))

    def _paths(self, item: dict[str, Any], label: str) -> tuple[str, ...] | None:
        """The paths in the bundle of a case's files; None where the case cannot be run for want of one.

        They may be named from evals/, from evals/files/ or from the repository that the skill lay in.
        """
        names = item.get("files") or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self._fault(f"Case {label}: `files` is a list of paths.")
            return None
        paths = []
        for name in names:
            parts = name.split("/")
            inner = ("/".join(parts[depth:]) for depth in range(1, min(len(parts) - 1, _DEEPEST)))
            candidates = (name, f"evals/{name}", f"evals/files/{name}", *inner)
            path = next((candidate for candidate in candidates if candidate in self.files), "")
            if not path:
                text = f"Case {label} names the file {name!r}, which is not in the bundle: it is never run."
                self._fault(text)
                return None
            paths.append(path)
        return tuple(paths)

    def _assertions_of(self, item: dict[str, Any], label: str, conversation: Conversation) -> list[Assertion]:
        """The assertions of a case: those about its outcome, then those about single answers."""
        assertions = self._assertions(item, label)
        for answer, entry in conversation.checked:
            expected = as_text(first(entry, _EXPECTED))
            about = self._assertions(entry, f"{label}, answer {answer}")
            if not about and expected:
                about = [Assertion(AssertionKind.JUDGE, f"It is as expected: {expected}")]
            assertions += [replace(row, text=f"Answer {answer}: {row.text}", answer=answer) for row in about]
        if len(assertions) > MOST_ASSERTIONS:
            text = f"Case {label} has {len(assertions)} assertions; at most {MOST_ASSERTIONS} are read."
            self._fault(text)
        return assertions[:MOST_ASSERTIONS]

    def _assertions(self, item: Mapping[str, Any], label: str) -> list[Assertion]:
        rows = first(item, _ASSERTION_LISTS) or []
        if isinstance(rows, str):
            rows = [rows]
        if not isinstance(rows, list):
            self._fault(f"Case {label}: `assertions` is a list.")
            return []
        assertions = []
        for number, row in enumerate(flat(rows), 1):
            ours = in_our_types(row) if isinstance(row, dict) and type_of(row) else [row]
            found = (self._assertion(each, f"{label}, {number}") for each in ours)
            assertions += [assertion for assertion in found if assertion is not None]
        for key, (kind, words) in _CONTAINS_LISTS.items():
            texts = item.get(key)
            assertions += [
                Assertion(kind, f"The output {words} {text!r}", str(text))
                for text in (texts if isinstance(texts, list) else [])
            ]
        return assertions

    def _assertion(self, row: object, label: str) -> Assertion | None:
        """One assertion, None where it cannot be read."""
        if isinstance(row, str) and row.strip():
            return Assertion(AssertionKind.JUDGE, row.strip())
        if not isinstance(row, dict):
            self._fault(f"Assertion {label} is neither text nor an object.")
            return None
        text = str(first(row, _ASSERTION_TEXTS) or "")
        kind = self._kind(row, label, has_text=bool(text))
        if kind is None:
            return None
        value = value_of(kind, row)
        if kind == AssertionKind.JUDGE:
            text = text or str(value or "")
            if not text:
                self._fault(f"Assertion {label} has no text.")
            return Assertion(kind, text) if text else None
        if fault := value_fault(kind, value):
            self._fault(f"Assertion {label} ({kind}): {fault}.")
            return None
        return Assertion(kind, text or words_of(kind, value), value)

    def _kind(self, row: dict[str, Any], label: str, *, has_text: bool) -> AssertionKind | None:
        """The kind that ROW names; a judge reads the text of an unknown one, None where there is no text."""
        name = type_of(row) or AssertionKind.JUDGE
        if name in AUTHORED_KINDS:
            return AssertionKind(name)
        if has_text:
            self.unknown_types.add(name)
            return AssertionKind.JUDGE
        if name.removeprefix("not_") in TRANSLATED:
            self._fault(f"Assertion {label} ({name}) has no value that can be checked.")
            return None
        known = ", ".join([*AUTHORED_KINDS, *sorted(TRANSLATED - set(AUTHORED_KINDS))])
        self._fault(f"Assertion {label} has the unknown type {name!r}. Known: {known}.")
        return None


def _looks_like_cases(items: object) -> bool:
    """Whether a file that is not called evals.json holds cases all the same."""
    if not isinstance(items, list) or not items:
        return False
    return all(isinstance(item, dict) and (first(item, _PROMPTS) or is_conversation(item)) for item in items)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)[:_MOST_NAMED])


def _queries(items: object) -> list[object]:
    """Queries given as text or as objects that hold one."""
    rows = items if isinstance(items, list) else []
    return [first(row, _PROMPTS) if isinstance(row, dict) else row for row in rows]


def _should_trigger(item: object) -> bool | None:
    """Whether ITEM says that the skill is to be opened or left alone, None where it says neither."""
    flags = [item.get(key) for key in _TRIGGER_FLAGS] if isinstance(item, dict) else []
    return next((flag for flag in flags if isinstance(flag, bool)), None)


def _is_trigger(item: object) -> bool:
    """Whether ITEM asks for nothing but that.

    What is expected where the skill stays closed is told in words about the skill, which no judge sees.
    """
    says = [*_ASSERTION_LISTS, *_CONTAINS_LISTS, *(_EXPECTED if _should_trigger(item) else ())]
    return (
        isinstance(item, dict)
        and _should_trigger(item) is not None
        and not any(item.get(key) for key in says)
    )
