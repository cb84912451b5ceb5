"""Numbers for server-side charts: places in per cent of the width, so that CSS decides the size."""

from collections.abc import Sequence
from typing import TypeVar

Label = TypeVar("Label")

_LEFT, _WIDTH = 3.0, 94.0  # room for a whole dot at both ends


def place(rate: float | None) -> float | None:
    """Where a share of 1 lies, in per cent from the left; None where there is none."""
    return None if rate is None else round(_LEFT + _WIDTH * rate, 2)


def bars(values: Sequence[tuple[Label, int]]) -> list[tuple[Label, int, float]]:
    """(label, value, height in per cent of the tallest)."""
    most = max((value for _, value in values), default=0)
    return [(label, value, round(100 * value / most, 1) if most else 0.0) for label, value in values]
