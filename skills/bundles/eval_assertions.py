"""The values of typed assertions: where they stand in a row, what is wrong with them, how they are told."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from skills.bundles.eval_cases import AssertionKind, Likeness
from skills.bundles.json_schema import schema_fault

_VALUES = ("value", "values", "pattern", "schema", "path", "tool")
_THRESHOLDS = ("threshold", "value", "max", "at_most")
_REFERENCES = ("value", "values", "expected", "reference")
ALIKE = 0.75  # the threshold of `similar` where none is written, as in promptfoo
_LONGEST_TEXT = 300  # characters of a text that we write for an assertion without one


def value_of(kind: AssertionKind, row: Mapping[str, Any]) -> Any:
    """What a typed check of ROW compares with, as a grade needs it; not looked at yet."""
    if kind in (AssertionKind.COST, AssertionKind.LATENCY):
        return _number(next((row[key] for key in _THRESHOLDS if key in row), None))
    if kind == AssertionKind.SIMILAR:
        reference: Any = next((row[key] for key in _REFERENCES if row.get(key)), [])
        likeness: Likeness = {
            "texts": reference if isinstance(reference, list) else [reference],
            "threshold": _number(row.get("threshold", ALIKE)),
        }
        return likeness
    return next((row[key] for key in _VALUES if key in row), None)


def _number(value: object) -> Any:
    """VALUE, or the number that it writes as text."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def value_fault(kind: AssertionKind, value: Any) -> str:
    """What is wrong with the value of a typed assertion, "" when nothing is."""
    return _FAULTS.get(kind, _text_fault)(value)


def _text_fault(value: object) -> str:
    return "" if isinstance(value, str) and value else "`value` is text"


def _pattern_fault(value: object) -> str:
    if not isinstance(value, str) or not value:
        return _text_fault(value)
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        return f"the pattern is not a regular expression ({error})"
    return ""


def _texts_fault(value: object) -> str:
    return "" if _are_texts(value) else "`values` is a list of texts"


def _json_schema_fault(value: object) -> str:
    fault = schema_fault(value)
    if fault:
        return f"`schema` is not a JSON Schema ({fault})"
    return "" if isinstance(value, dict) else "`schema` is an object"


def _cost_fault(value: object) -> str:
    return "" if _is_positive(value) else "`threshold` is a number of US dollars above 0"


def _latency_fault(value: object) -> str:
    return "" if _is_positive(value) else "`threshold` is a number of milliseconds above 0"


def _likeness_fault(value: Likeness) -> str:
    if not _are_texts(value["texts"]):
        return "`value` is text, or a list of texts"
    threshold = value["threshold"]
    return "" if _is_positive(threshold) and threshold <= 1 else "`threshold` lies between 0 and 1"


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) and text for text in value)


def _is_positive(value: object) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value > 0  # type: ignore[arg-type, operator]


_FAULTS: dict[AssertionKind, Callable[[Any], str]] = {
    AssertionKind.CONTAINS_ANY: _texts_fault,
    AssertionKind.NOT_CONTAINS_ANY: _texts_fault,
    AssertionKind.REGEX: _pattern_fault,
    AssertionKind.NOT_REGEX: _pattern_fault,
    AssertionKind.JSON_SCHEMA: _json_schema_fault,
    AssertionKind.NOT_JSON_SCHEMA: _json_schema_fault,
    AssertionKind.COST: _cost_fault,
    AssertionKind.LATENCY: _latency_fault,
    AssertionKind.SIMILAR: _likeness_fault,
}


def words_of(kind: AssertionKind, value: Any) -> str:
    """What people read of an assertion for which its author wrote no words."""
    if kind == AssertionKind.COST:
        return f"Costs at most ${value:g}"
    if kind == AssertionKind.LATENCY:
        return f"Is answered within {value:,g} ms"
    if kind == AssertionKind.SIMILAR:
        nearest = " or ".join(map(repr, value["texts"]))
        return f"Is like {nearest} ({value['threshold']:g} or more)"[:_LONGEST_TEXT]
    return f"{kind.replace('_', ' ')}: {value}"[:_LONGEST_TEXT]
