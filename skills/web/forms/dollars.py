"""Amounts of money: people type dollars, the product counts whole micros (millionths of a dollar)."""

from decimal import Decimal
from typing import Any

from django import forms

MICROS = 1_000_000  # of a dollar


class DollarsField(forms.DecimalField):
    """Dollars as typed, with at most six decimals; the cleaned value is an int of micros, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "decimal_places": 6, **kwargs})

    def clean(self, value: object) -> int | None:
        dollars: Decimal | None = super().clean(value)
        return None if dollars is None else int(dollars * MICROS)


def in_dollars(micros: int | None) -> Decimal | None:
    """What a DollarsField shows for MICROS."""
    return None if micros is None else Decimal(micros) / MICROS
