"""Types of assertions in the words of other tools (promptfoo before all), as rows of our own types."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]

_JUDGED = re.compile(
    r"answer_relevance|closed_qa|(model_graded_)?(closedqa|factuality)|g_eval|llm|llm_rubric|rubric|statement"
)
# Of a list, each by itself; the opposite of `contains_all` would be that one is missing, which we cannot say.
_EACH = frozenset({"contains", "icontains", "regex", "matches"})
_VALUES = ("value", "values", "pattern", "criteria", "rubric")


def type_of(row: Row) -> str:
    """The type that ROW names, as ours are written; "" where it names none."""
    return str(row.get("type") or "").lower().replace("-", "_")


def in_our_types(row: Row) -> list[Row]:
    """ROW, which names a type, as rows of our types; itself where it is of none that is translated."""
    name = type_of(row)
    value = next((row[key] for key in _VALUES if row.get(key)), None)
    others = {key: item for key, item in row.items() if key not in ("type", *_VALUES)}
    if _JUDGED.fullmatch(name):
        return [others | {"type": "judge", "text": text} for text in _texts(value)] or [row]
    is_negated, base = name.startswith("not_"), name.removeprefix("not_")
    translate = _TRANSLATIONS.get(base)
    rows = translate(value) if translate is not None and value is not None else []
    if is_negated:
        rows = _negated(rows) if len(rows) == 1 or base in _EACH else []
    return [others | each for each in rows] or [row]


def _negated(rows: list[Row]) -> list[Row]:
    return [row | {"type": f"not_{row['type']}"} for row in rows if row["type"] != "json_schema"]


def _texts(value: object) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list) else [value]) if str(item or "").strip()]


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


def _is_json(value: object) -> list[Row]:
    return [{"type": "json_schema", "schema": value if isinstance(value, dict) else {}}]


_TRANSLATIONS: dict[str, Callable[[object], list[Row]]] = {
    "contains": _contains,
    "contains_all": _contains_all,
    "contains_any": _contains_any,
    "icontains": lambda value: [row for text in _texts(value) for row in _regex(f"(?i){re.escape(text)}")],
    "icontains_all": _icontains_all,
    "icontains_any": lambda value: _regex(f"(?i){_any_of(_words(value))}"),
    "equals": lambda value: _regex(rf"\A\s*(?:{_any_of(_texts(value))})\s*\Z"),
    "starts_with": lambda value: _regex(rf"\A\s*(?:{_any_of(_texts(value))})"),
    "ends_with": lambda value: _regex(rf"(?:{_any_of(_texts(value))})\s*\Z"),
    "regex": lambda value: [row for text in _texts(value) for row in _regex(text)],
    "matches": lambda value: [row for text in _texts(value) for row in _regex(text)],
    "contains_json": _is_json,
    "is_json": _is_json,
}
