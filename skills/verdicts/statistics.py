"""What the results of a run prove: rates, lifts and their intervals, by published methods.

The unit is one case with its K repeats, each of which passed or failed. Sources: Wilson (1927) on an
effective sample size clustered by case (Miller, arXiv 2411.00640; Bowyer et al., arXiv 2503.01747), paired t
over the differences by case, Holm (1979) over models. Regressions of single cases: regressions.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev
from typing import TypeVar

from skills.verdicts.outcomes import EvaluationVerdict

CONFIDENCE = 0.95
FEWEST_CASES = 5  # below, counts are shown and no interval
_FEWEST_LABELS = 2  # kappa compares at least two
Model = TypeVar("Model", int, str)
Samples = Mapping[str, Sequence[bool]]  # case key → whether each repeat passed


@dataclass(frozen=True)
class IntervalEstimate:
    """A share or a difference, with its interval where one may be given."""

    value: float
    low: float | None
    high: float | None
    cases: int


def pass_rate(samples: Samples, confidence: float = CONFIDENCE) -> IntervalEstimate:
    """The mean over cases of each case's mean, with Wilson's interval on the effective sample size."""
    means = [fmean(outcomes) for outcomes in samples.values() if outcomes]
    count = len(means)
    if not count:
        return IntervalEstimate(0.0, None, None, 0)
    rate = fmean(means)
    repeats = fmean(len(outcomes) for outcomes in samples.values() if outcomes)
    low, high = wilson(rate, effective_n(means, repeats), confidence)
    return IntervalEstimate(rate, low, high, count)


def effective_n(means: Sequence[float], repeats: float) -> float:
    """How many independent samples the repeats are worth: at least one a case, at most all of them.

    Repeats of one case resemble each other. The spread between cases shows how much: it gives the standard
    error from which the sample size is read back.
    """
    count, rate = len(means), fmean(means)
    error = stdev(means) / sqrt(count) if count > 1 else 0.0
    if error == 0:
        return float(count)
    return min(max(rate * (1 - rate) / error**2, count), count * repeats)


def wilson(rate: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval (low, high) of the share RATE of a sample of size N."""
    from scipy.stats import norm

    z = float(norm.ppf(0.5 + confidence / 2))
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(ours: Samples, theirs: Samples, confidence: float = CONFIDENCE) -> IntervalEstimate:
    """Ours minus theirs, paired over the cases both have; no interval below FEWEST_CASES."""
    deltas = paired(ours, theirs)
    count = len(deltas)
    if not count:
        return IntervalEstimate(0.0, None, None, 0)
    value = fmean(deltas)
    if count < FEWEST_CASES:
        return IntervalEstimate(value, None, None, count)
    from scipy.special import stdtrit

    spread = max(stdev(deltas), _least_spread(ours, count))
    half = float(stdtrit(count - 1, 0.5 + confidence / 2)) * spread / sqrt(count)
    return IntervalEstimate(value, max(-1.0, value - half), min(1.0, value + half), count)


def _least_spread(samples: Samples, count: int) -> float:
    """What COUNT differences that are all the same may count as: one repeat that ended otherwise.

    It is the smallest spread that such data can show. So a result without any spread has an interval, and
    never a wider one than a result that is a little less good.
    """
    repeats = fmean(len(outcomes) for outcomes in samples.values() if outcomes)
    return 1 / (repeats * sqrt(count))


def mean_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """The t interval (low, high) of the mean of VALUES, one a case; None below FEWEST_CASES."""
    count = len(values)
    if count < FEWEST_CASES:
        return None
    from scipy.special import stdtrit

    middle = fmean(values)
    half = float(stdtrit(count - 1, 0.5 + confidence / 2)) * stdev(values) / sqrt(count)
    return middle - half, middle + half


def paired(ours: Samples, theirs: Samples) -> list[float]:
    """The difference of the means for every case that was scored on both sides."""
    both = [key for key in ours if ours[key] and theirs.get(key)]
    return [fmean(ours[key]) - fmean(theirs[key]) for key in both]


def p_value(deltas: Sequence[float]) -> float | None:
    """Two-sided p of the paired t test that the mean difference is 0; None where it cannot be told."""
    if len(deltas) < FEWEST_CASES or stdev(deltas) == 0:
        return None
    from scipy.stats import ttest_1samp

    return float(ttest_1samp(deltas, 0).pvalue)


def verdicts(
    deltas: Mapping[Model, Sequence[float]], confidence: float = CONFIDENCE
) -> dict[Model, EvaluationVerdict]:
    """One verdict a model, from its differences by case, corrected over models after Holm.

    A constant difference on enough cases has no spread to test; its sign decides.
    """
    decided: dict[Model, EvaluationVerdict] = {}
    tested: list[tuple[float, Model]] = []
    for model, values in deltas.items():
        if len(values) < FEWEST_CASES:
            decided[model] = EvaluationVerdict.TOO_FEW_CASES
        elif (p := p_value(values)) is None:
            decided[model] = _by_sign(fmean(values))
        else:
            tested.append((p, model))
    # Holm: the smallest p meets the strictest bound, and the first that fails takes all later ones along.
    rejecting = True
    for rank, (p, model) in enumerate(sorted(tested)):
        rejecting = rejecting and p <= (1 - confidence) / (len(tested) - rank)
        decided[model] = _by_sign(fmean(deltas[model])) if rejecting else EvaluationVerdict.NO_CLEAR_EFFECT
    return decided


def _by_sign(difference: float) -> EvaluationVerdict:
    if difference > 0:
        return EvaluationVerdict.IMPROVES
    if difference < 0:
        return EvaluationVerdict.REGRESSES
    return EvaluationVerdict.NO_CLEAR_EFFECT


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of (judge, person) verdicts; None for fewer than two or without variation."""
    count = len(pairs)
    if count < _FEWEST_LABELS:
        return None
    agreement = sum(judge == person for judge, person in pairs) / count
    judge_passes = sum(judge for judge, _ in pairs) / count
    person_passes = sum(person for _, person in pairs) / count
    by_chance = judge_passes * person_passes + (1 - judge_passes) * (1 - person_passes)
    return None if by_chance == 1 else (agreement - by_chance) / (1 - by_chance)
