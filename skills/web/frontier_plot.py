"""Cost against pass rate: a dot a model with the intervals of both, and the line of the frontier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from skills.lib.charts import place
from skills.verdicts.arms import Arm
from skills.verdicts.shapes import EvaluationReport, ModelFigures

_LEFT, _RIGHT = 4.0, 96.0  # per cent of the width between which the dots lie
_FREE, _PRICED_FROM = 4.0, 16.0  # where models that cost nothing stand, and where the others begin
_MIDDLE = 50.0  # right of it a name stands to the left of its dot


@dataclass(frozen=True, kw_only=True)
class FrontierDot:
    """One model; places in per cent from the left and from the top."""

    label: str
    word: str  # frontier, perhaps or beaten
    x: float
    x_range: tuple[float, float] | None
    y: float
    y_range: tuple[float, float] | None

    @property
    def is_right(self) -> bool:
        return self.x > _MIDDLE


@dataclass(frozen=True)
class Segment:
    """A piece of the frontier's line, along or up."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, kw_only=True)
class FrontierPlot:
    """The whole drawing. `cheapest` and `dearest` are the micros at its ends."""

    dots: tuple[FrontierDot, ...]
    steps: tuple[Segment, ...]
    cheapest: float
    dearest: float


def frontier_plot(report: EvaluationReport) -> FrontierPlot | None:
    """None where fewer than two models have both a price and a rate."""
    priced = [
        (model, model.cost)
        for model in report.models
        if model.cost is not None and model.rates[Arm.CANDIDATE].cases
    ]
    if len(priced) < 2:
        return None
    costs = [cost for _, cost in priced]
    across = _scale([*costs, *(end for model, _ in priced for end in model.cost_range or ())])
    dots = [_dot(report, model, cost, across) for model, cost in sorted(priced, key=lambda pair: pair[1])]
    line = [dot for dot in dots if dot.word == "frontier"]
    return FrontierPlot(dots=tuple(dots), steps=tuple(_steps(line)), cheapest=min(costs), dearest=max(costs))


def _dot(
    report: EvaluationReport, model: ModelFigures, cost: float, across: Callable[[float], float]
) -> FrontierDot:
    rate = model.rates[Arm.CANDIDATE]
    low, high = model.cost_range or (cost, cost)
    whole = rate.low is not None and rate.high is not None
    return FrontierDot(
        label=model.label,
        word=_word(report, model.id),
        x=across(cost),
        x_range=(across(low), across(high)) if model.cost_range else None,
        y=_down(rate.value),
        y_range=(_down(rate.high or 0.0), _down(rate.low or 0.0)) if whole else None,
    )


def _word(report: EvaluationReport, model: int) -> str:
    if model in report.frontier:
        return "frontier"
    return "perhaps" if model in report.contenders else "beaten"


def _down(rate: float) -> float:
    return round(100 - (place(rate) or 0.0), 2)


def _scale(costs: Sequence[float]) -> Callable[[float], float]:
    """Place of a cost, by its logarithm: models differ by factors. What costs nothing stands at the left."""
    positive = [cost for cost in costs if cost > 0]
    left = _LEFT if len(positive) == len(costs) else _PRICED_FROM
    least, most = min(positive, default=1.0), max(positive, default=1.0)
    width = log(most / least) or 1.0

    def across(cost: float) -> float:
        if cost <= 0:
            return _FREE
        return round(left + (_RIGHT - left) * log(cost / least) / width, 2)

    return across


def _steps(line: Sequence[FrontierDot]) -> list[Segment]:
    """Along to the next dearer model of the frontier, then up to it."""
    steps = []
    for cheap, dear in pairwise(line):
        steps.append(Segment(cheap.x, cheap.y, dear.x, cheap.y))
        steps.append(Segment(dear.x, cheap.y, dear.x, dear.y))
    return steps
