"""Types of assertions in the words of other tools (promptfoo before all), as rows of our own types."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]

_JUDGED = re.compile(
    r"answer_relevance|closed_qa|(model_graded_)?(closedqa|factuality)|g_eval|llm|llm_rubric|rubric|statement"
)
_WITHOUT_VALUE = frozenset({"is_json", "contains_json", "json"})
# Of a list, each by itself; the opposite of `contains_all` would be that one is missing, which we cannot say.
_EACH = frozenset({"contains", "icontains", "regex", "matches"})
_VALUES = ("value", "values", "pattern", "criteria", "rubric", "schema", "expected")


def type_of(row: Row) -> str:
    """The type that ROW names, as ours are written; "" where it names none."""
    return str(row.get("type") or "").lower().replace("-", "_")


def in_our_types(row: Row) -> list[Row]:
    """ROW, which names a type, as rows of our types; itself where it is of none that is translated."""
    name = type_of(row)
    value = next((row[key] for key in _VALUES if row.get(key) not in (None, "", [])), None)
    others = {key: item for key, item in row.items() if key not in ("type", *_VALUES)}
    if _JUDGED.fullmatch(name):
        return [others | {"type": "judge", "text": text} for text in _texts(value)] or [row]
    is_negated, base = name.startswith("not_"), name.removeprefix("not_")
    translate = _TRANSLATIONS.get(base)
    has_value = value is not None or base in _WITHOUT_VALUE
    rows = translate(value) if translate is not None and has_value else []
    if is_negated:
        rows = _negated(rows) if len(rows) == 1 or base in _EACH else []
    return [others | each for each in rows] or [row]


def _negated(rows: list[Row]) -> list[Row]:
    return [row | {"type": f"not_{row['type']}"} for row in rows]


def _texts(value: object) -> list[str]:
    """VALUE as texts; what is no text as JSON writes it."""
    items = value if isinstance(value, list) else [value]
    written = [item if isinstance(item, str) else json.dumps(item) for item in items if item is not None]
    return [text for text in written if text.strip()]


def _words(value: object) -> list[str]:
    """A list, or texts separated by commas, as promptfoo takes them."""
    return _texts(value.split(",") if isinstance(value, str) else value)


def _regex(pattern: str) -> list[Row]:
    return [{"type": "regex", "value": pattern}]


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(re.escape(text.strip()) for text in texts)


def _contains(value: object) -> list[Row]:
    return [{"type": "contains", "value": text} for text in _texts(value)]


def _contains_all(value: object) -> list[Row]:
    return [{"type": "contains", "value": text.strip()} for text in _words(value)]


def _contains_any(value: object) -> list[Row]:
    return [{"type": "contains_any", "values": [text.strip() for text in _words(value)]}]


def _icontains_all(value: object) -> list[Row]:
    return [row for text in _words(value) for row in _regex(f"(?i){re.escape(text.strip())}")]


def _equals(value: object) -> list[Row]:
    """The whole answer is one of these texts, or the same JSON as an object."""
    if isinstance(value, dict):
        return [{"type": "json_schema", "schema": {"const": value}}]
    return _regex(rf"\A\s*(?:{_any_of(_texts(value))})\s*\Z")


def _is_json(value: object) -> list[Row]:
    """Any JSON, or such of the schema that is VALUE; promptfoo also takes the schema as text."""
    if isinstance(value, str):
        return [{"type": "json_schema", "schema": _parsed(value)}]
    return [{"type": "json_schema", "schema": {} if value is None else value}]


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _similar(value: object) -> list[Row]:
    return [{"type": "similar", "value": value}]


_TRANSLATIONS: dict[str, Callable[[object], list[Row]]] = {
    "contains": _contains,
    "contains_all": _contains_all,
    "contains_any": _contains_any,
    "icontains": lambda value: [row for text in _texts(value) for row in _regex(f"(?i){re.escape(text)}")],
    "icontains_all": _icontains_all,
    "icontains_any": lambda value: _regex(f"(?i){_any_of(_words(value))}"),
    "equals": _equals,
    "equal": _equals,
    "exact": _equals,
    "exact_match": _equals,
    "starts_with": lambda value: _regex(rf"\A\s*(?:{_any_of(_texts(value))})"),
    "ends_with": lambda value: _regex(rf"(?:{_any_of(_texts(value))})\s*\Z"),
    "regex": lambda value: [row for text in _texts(value) for row in _regex(text)],
    "matches": lambda value: [row for text in _texts(value) for row in _regex(text)],
    "contains_json": _is_json,
    "is_json": _is_json,
    "json": _is_json,
    "semantic_similarity": _similar,
}
TRANSLATED = frozenset(_TRANSLATIONS)
