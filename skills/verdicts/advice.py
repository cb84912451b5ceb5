"""Which model to take: the frontier of cost and rate, and the cheapest model that is as good as the best."""

from collections.abc import Sequence
from typing import NamedTuple

from skills.verdicts import statistics as st
from skills.verdicts.arms import Arm
from skills.verdicts.shapes import ModelFigures
from skills.verdicts.trials import Samples, Trials

_CLOSE = 0.05  # how much lower a rate may be and still count as the same, where no interval says more


class _Offer(NamedTuple):
    """A priced model: what a trial with the skill costs, and how often it passes."""

    model: int
    cost: float
    rate: float

    def beats(self, other: "_Offer") -> bool:
        """At least as good in both and better in one."""
        as_good = self.cost <= other.cost and self.rate >= other.rate
        return as_good and (self.cost, self.rate) != (other.cost, other.rate)


def frontier(figures: Sequence[ModelFigures]) -> tuple[int, ...]:
    """Ids of the models that no other beats in both cost and rate."""
    offers = [
        _Offer(figure.id, figure.cost, figure.rates[Arm.CANDIDATE].value)
        for figure in figures
        if figure.cost is not None and figure.rates[Arm.CANDIDATE].cases
    ]
    return tuple(offer.model for offer in offers if not any(other.beats(offer) for other in offers))


def advice(trials: Trials, figures: Sequence[ModelFigures]) -> str:
    """The cheapest model that is as good as the best, in words a team lead can use; "" without one.

    As good as the best one with the skill, or as the best one without it, whichever a cheap model reaches
    first.
    """
    priced = sorted((figure for figure in figures if figure.cost), key=_cost)
    if not priced:
        return ""
    best_with = max(priced, key=lambda figure: (figure.rates[Arm.CANDIDATE].value, _cost(figure)))
    best_without = max(
        priced, key=lambda figure: (figure.rates[Arm.BASELINE].value, figure.cost_without or 0)
    )
    to_match = trials.samples(best_with.id, Arm.CANDIDATE)
    to_match_without = trials.samples(best_without.id, Arm.BASELINE)
    for cheap in priced:
        samples = trials.samples(cheap.id, Arm.CANDIDATE)
        share = _cost(cheap) / _cost(best_with)
        if cheap is not best_with and share < 1 and _as_good(samples, to_match):
            return (
                f"{cheap.label} with this skill is as good as {best_with.label} with it, "
                f"at {_percent(share)} of the cost."
            )
        if cheap is best_without or not best_without.cost_without:
            continue
        share = _cost(cheap) / best_without.cost_without
        if share < 1 and _as_good(samples, to_match_without):
            return (
                f"{cheap.label} with this skill matches {best_without.label} without it, "
                f"at {_percent(share)} of the cost."
            )
    return ""


def _cost(figure: ModelFigures) -> float:
    """What a trial with the skill costs on a model that has a price."""
    assert figure.cost is not None
    return figure.cost


def _as_good(ours: Samples, theirs: Samples) -> bool:
    """Whether ours is not clearly worse, and not much lower either."""
    gap = st.difference(ours, theirs)
    return gap.cases > 0 and gap.value >= -_CLOSE and (gap.high is None or gap.high >= 0)


def _percent(share: float) -> str:
    return f"{max(1, round(100 * share))} %"
