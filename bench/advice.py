"""How often “as good as” is said, and how often wrongly, and what intervals cover: simulated, seeds fixed."""

import numpy as np

from bench.report import Figure
from skills.verdicts.noninferiority import HELD_TO, MARGIN, chance_of_inferiority
from skills.verdicts.statistics import difference, pass_rate

_SEED, _ROUNDS, _REPEATS = 20261128, 3000, 3
# How often the dear model passes, and how alike the cases are (the sum of a beta distribution's parameters).
_KINDS = [(rate, alike) for rate in (0.60, 0.75, 0.85, 0.95) for alike in (2, 5, 20)]
_EVERYDAY = (0.85, 2)


def measure() -> list[Figure]:
    """Wrong advice on the worst of all kinds of cases; advice at equality and intervals on everyday ones."""
    found = []
    for cases in (5, 10, 20, 50):
        wrong = max((_share_that_speaks(kind, cases, MARGIN), kind) for kind in _KINDS)
        note = f"a dear model of {wrong[1][0]:.0%}, the worst of {len(_KINDS)} kinds"
        # Three standard errors of a simulated share above the 5 % that are meant.
        found.append(Figure(f"“as good as” at −10 points, {cases} cases", wrong[0], most=0.062, note=note))
    for cases, least in ((20, 0.50), (50, 0.85)):
        speaks = _share_that_speaks(_EVERYDAY, cases, 0.0)
        found.append(Figure(f"“as good as” at equality, {cases} cases", speaks, least=least))
    for cases in (3, 5, 10, 20, 50):
        covered = _rate_coverage(cases)
        found.append(Figure(f"pass rate's interval covers, {cases} cases", covered, least=0.93, most=0.99))
    found += [
        Figure(f"lift's interval covers, {cases} cases", _lift_coverage(cases), least=0.91, most=0.97)
        for cases in (5, 10, 20, 50)
    ]
    return found


def _share_that_speaks(kind: tuple[float, int], cases: int, gap: float) -> float:
    rate, alike = kind
    rng = np.random.default_rng(_SEED)
    dear = rng.beta(rate * alike, (1 - rate) * alike, (_ROUNDS, cases))
    cheap = np.clip(dear - gap, 0, 1)
    rounds = zip(rng.binomial(_REPEATS, cheap), rng.binomial(_REPEATS, dear), strict=True)
    chances = [chance_of_inferiority(_samples(ours), _samples(theirs), MARGIN) for ours, theirs in rounds]
    return float(np.mean([chance is not None and chance <= HELD_TO for chance in chances]))


def _rate_coverage(cases: int) -> float:
    """How often the interval holds the pass rate of the tasks that the cases are drawn from."""
    rng = np.random.default_rng(_SEED)
    rates = rng.beta(3, 3, (_ROUNDS, cases))
    found = [pass_rate(_samples(passed)) for passed in rng.binomial(_REPEATS, rates)]
    return float(np.mean([(rate.low or 0.0) <= 0.5 <= (rate.high or 1.0) for rate in found]))


def _lift_coverage(cases: int) -> float:
    """How often the interval holds a true lift of 0 that differs by case."""
    rng = np.random.default_rng(_SEED)
    without = rng.beta(3, 3, (_ROUNDS, cases))
    with_skill = np.clip(without + rng.normal(0, 0.1, (_ROUNDS, cases)), 0, 1)
    rounds = zip(rng.binomial(_REPEATS, with_skill), rng.binomial(_REPEATS, without), strict=True)
    lifts = [difference(_samples(ours), _samples(theirs)) for ours, theirs in rounds]
    return float(np.mean([lift.low is not None and lift.low <= 0 <= (lift.high or 0.0) for lift in lifts]))


def _samples(passed: np.ndarray) -> dict[str, list[bool]]:
    return {str(case): [n < count for n in range(_REPEATS)] for case, count in enumerate(passed)}
