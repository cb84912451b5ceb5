"""Cursor pages: stable while rows come and go, never an OFFSET."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Model, Q, QuerySet

from skills.lib.errors import refuse
from skills.lib.json_values import Json

Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)
# A page must not become an export: those are streamed.
MOST = 100


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`rows` of one page and the cursor of the next ("" at the end)."""

    rows: Sequence[Row]
    next: str = ""


def encode(values: Sequence[object]) -> str:
    """A cursor that stands for VALUES; it is no secret, and what comes back is checked."""
    raw = json.dumps(list(values), default=str, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(cursor: str, length: int) -> list[Json]:
    """The LENGTH values a cursor stands for; raises the refusal `bad_cursor`."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, binascii.Error, UnicodeError):
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise bad_cursor()
    return values


def bad_cursor() -> Exception:
    return refuse("bad_cursor", "This cursor is not one of ours.", "Start at the first page.")


def part(rows: Sequence[ModelRow], cursor: str, size: int) -> Page[ModelRow]:
    """One page of ROWS that are in an order no column has; the cursor is the id of the last one shown."""
    start = 0
    if cursor:
        (last,) = decode(cursor, 1)
        start = next((place for place, row in enumerate(rows, 1) if row.pk == last), 0)
        if not start:
            raise bad_cursor()
    listed = rows[start : start + size]
    is_last = start + size >= len(rows)
    return Page(listed, "" if is_last else encode([listed[-1].pk]))


def page(rows: QuerySet[ModelRow], order: str, cursor: str, size: int) -> Page[ModelRow]:
    """One page of ROWS by the column ORDER ("-" for descending), ties broken by id."""
    descending = order.startswith("-")
    column, sign = order.lstrip("-"), "-" if descending else ""
    if cursor:
        value, pk = decode(cursor, 2)
        side = "lt" if descending else "gt"
        # Ties are broken by id: rows with the same time would be left out or come twice.
        past = Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": pk})
        try:
            rows = rows.filter(past)
        # The values come from the cursor, so from the caller: what the column cannot be compared with was
        # never ours.
        except (ValidationError, ValueError, TypeError):
            raise bad_cursor() from None
    size = max(1, min(size, MOST))
    try:
        # One row more than the page tells whether another page follows.
        listed = list(rows.order_by(order, f"{sign}pk")[: size + 1])
    except (ValidationError, DataError, ValueError, TypeError):
        raise bad_cursor() from None
    last = listed[size - 1] if len(listed) > size else None
    return Page(listed[:size], encode([getattr(last, column), last.pk]) if last else "")
