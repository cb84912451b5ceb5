"""Which model to take: the frontier of cost and rate, and the cheapest model shown to be as good as another.

"As good as" is said of a test alone (noninferiority.py). Without enough cases, with scripts or without a
price nothing is said; a model that costs nothing has one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from skills.verdicts import statistics as st
from skills.verdicts.arms import Arm
from skills.verdicts.noninferiority import HELD_TO, MARGIN, chance_of_inferiority, shown
from skills.verdicts.outcomes import EvaluationVerdict
from skills.verdicts.shapes import ModelFigures
from skills.verdicts.trials import Samples, Trials

_CHEAPER = 0.95  # of another's cost: a smaller saving is not worth a sentence


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A model with a price, with the skill or without it: what a trial costs, and how often it passes."""

    model: int
    label: str
    cost: float
    rate: float
    samples: Samples

    def beats(self, other: "Offer") -> bool:
        """At least as good in both and better in one."""
        as_good = self.cost <= other.cost and self.rate >= other.rate
        return as_good and (self.cost, self.rate) != (other.cost, other.rate)

    def clearly_beats(self, other: "Offer", margin: float) -> bool:
        """Shown to be better for no more, or as good for less."""
        if self.cost > other.cost:
            return False
        lead = st.difference(self.samples, other.samples)
        if lead.low is not None and lead.low > 0:
            return True
        chance = chance_of_inferiority(self.samples, other.samples, margin)
        return self.cost < other.cost and chance is not None and chance <= HELD_TO


def offers(trials: Trials, figures: Sequence[ModelFigures], arm: Arm) -> list[Offer]:
    """The models whose price is known and of which something was scored, the cheapest first."""
    found = []
    for figure in figures:
        cost, rate = figure.micros.get(arm), figure.rates.get(arm)
        if cost is not None and rate is not None and rate.cases:
            samples = trials.samples(figure.id, arm)
            found.append(
                Offer(model=figure.id, label=figure.label, cost=cost, rate=rate.value, samples=samples)
            )
    return sorted(found, key=lambda offer: offer.cost)


def frontier(with_skill: Sequence[Offer]) -> tuple[int, ...]:
    """Ids of the models that no other beats in both cost and rate, as measured."""
    return tuple(offer.model for offer in with_skill if not any(other.beats(offer) for other in with_skill))


def contenders(with_skill: Sequence[Offer], *, margin: float = MARGIN) -> tuple[int, ...]:
    """Ids of those off the frontier that may belong there: what beats them may do so by chance."""
    measured = frontier(with_skill)
    return tuple(
        offer.model
        for offer in with_skill
        if offer.model not in measured and not any(other.clearly_beats(offer, margin) for other in with_skill)
    )


def advice(
    trials: Trials, figures: Sequence[ModelFigures], *, margin: float = MARGIN, held_to: float = HELD_TO
) -> str:
    """The cheapest model that is as good as a dearer one, in words a team lead can use; "" without one.

    HELD_TO is how probable a false sentence may be.
    """
    with_skill = offers(trials, figures, Arm.CANDIDATE)
    if match := _cheapest_match(with_skill, with_skill, margin, held_to):
        cheap, dear = match
        return f"{cheap.label} with this skill is as good as {dear.label} with it, {_saving(cheap, dear)}."
    # A second question is a second chance to be wrong. It is asked only where the skill clearly helps the
    # dearer model: whoever is worse than that model without the skill is then far worse than with it, so
    # that the two answers are never both close calls.
    helped = {figure.id for figure in figures if figure.verdict == EvaluationVerdict.IMPROVES}
    without = [offer for offer in offers(trials, figures, Arm.BASELINE) if offer.model in helped]
    if match := _cheapest_match(with_skill, without, margin, held_to):
        cheap, dear = match
        return f"{cheap.label} with this skill matches {dear.label} without it, {_saving(cheap, dear)}."
    return ""


def _cheapest_match(
    offered: Sequence[Offer], dearer: Sequence[Offer], margin: float, held_to: float
) -> tuple[Offer, Offer] | None:
    """The cheapest of OFFERED that is shown to be as good as the best of those that cost more."""
    chances: dict[int, float] = {}
    pairs: dict[int, tuple[Offer, Offer]] = {}
    for cheap in offered:
        rivals = [
            rival for rival in dearer if rival.model != cheap.model and cheap.cost < _CHEAPER * rival.cost
        ]
        if not rivals:
            continue
        best = max(rivals, key=lambda rival: (rival.rate, -rival.cost))
        chance = chance_of_inferiority(cheap.samples, best.samples, margin)
        if chance is not None:
            chances[cheap.model] = chance
            pairs[cheap.model] = cheap, best
    as_good = shown(chances, held_to)
    return next((pair for model, pair in pairs.items() if model in as_good), None)


def _saving(cheap: Offer, dear: Offer) -> str:
    if not cheap.cost:
        return "and costs nothing"
    return f"at {max(1, round(100 * cheap.cost / dear.cost))} % of the cost"
