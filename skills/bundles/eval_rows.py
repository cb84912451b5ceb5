"""Values in rows that strangers wrote: under one of several names, as a list or alone."""

from collections.abc import Iterable, Mapping
from typing import Any


def first(item: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """The first value of ITEM under one of KEYS that is not empty, else None."""
    return next((item[key] for key in keys if item.get(key)), None)


def flat(rows: Iterable[object]) -> list[object]:
    """ROWS with the items of lists among them."""
    return [item for row in rows for item in (row if isinstance(row, list) else [row])]


def as_text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")
