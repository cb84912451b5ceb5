"""Numbers for server-side charts: places in per cent of the width, so that CSS decides the size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Whisker:
    """One line of a dot-and-whisker chart, in per cent from the left; None is not drawn."""

    candidate: float | None
    low: float | None
    high: float | None
    baseline: float | None
    previous: float | None

    @property
    def span(self) -> float:
        return (self.high or 0) - (self.low or 0)


_LEFT, _WIDTH = 3.0, 94.0  # room for a whole dot at both ends


def place(rate: float | None) -> float | None:
    return None if rate is None else round(_LEFT + _WIDTH * rate, 2)


def whisker(rates: Mapping[str, Mapping[str, Any]]) -> Whisker:
    """From the rates of a report: value, low and high by arm, each a share of 1."""

    def of(arm: str, key: str = "value") -> float | None:
        rate = rates.get(arm)
        return place(rate[key]) if rate and rate["cases"] and rate[key] is not None else None

    return Whisker(
        of("candidate"), of("candidate", "low"), of("candidate", "high"), of("baseline"), of("previous")
    )


def bars(values: Sequence[tuple[Any, int]]) -> list[tuple[Any, int, float]]:
    """(label, value, height in per cent of the tallest)."""
    most = max((value for _, value in values), default=0)
    return [(label, value, round(100 * value / most, 1) if most else 0.0) for label, value in values]
