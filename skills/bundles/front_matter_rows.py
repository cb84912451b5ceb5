"""Front matter in rows, for people: one for each value, with its path and its type."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from skills.lib.json_values import Json, JsonObject

_TYPES = {str: "text", bool: "yes or no", int: "number", float: "number", type(None): "empty"}


@dataclass(frozen=True, kw_only=True)
class FrontMatterRow:
    """`path` names the maps that the value stands in, `kind` its type in words."""

    path: str
    value: str
    kind: str


def front_matter_rows(fields: JsonObject) -> list[FrontMatterRow]:
    """The values of FIELDS in the order of the file; a list of plain values is one row."""
    return list(_rows_of_map(fields, ""))


def _rows_of_map(fields: JsonObject, prefix: str) -> Iterator[FrontMatterRow]:
    for name, value in fields.items():
        yield from _rows_of(value, f"{prefix}.{name}" if prefix else name)


def _rows_of(value: Json, path: str) -> Iterator[FrontMatterRow]:
    if isinstance(value, dict) and value:
        yield from _rows_of_map(value, path)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, item in enumerate(value, 1):
            yield from _rows_of(item, f"{path}[{number}]")
    elif isinstance(value, list):
        yield FrontMatterRow(path=path, value=", ".join(map(_text, value)), kind="list")
    elif isinstance(value, dict):
        yield FrontMatterRow(path=path, value="", kind="empty")
    else:
        yield FrontMatterRow(path=path, value=_text(value), kind=_TYPES[type(value)])


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
