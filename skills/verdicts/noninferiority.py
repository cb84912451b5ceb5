"""Whether one model may stand for another: a non-inferiority test, paired over cases.

Two models that do not differ significantly need not be alike: with few cases nothing differs significantly.
So the question is turned round. The cheap model counts as worse by MARGIN until the results make that
improbable: wrong at most once in 20, for all cheap models of a run together.
"""

from collections.abc import Mapping
from math import sqrt
from statistics import fmean, stdev

from skills.verdicts.statistics import FEWEST_CASES, Model, Samples, paired

MARGIN = 0.10  # how much lower a rate may be and still be as good, where no policy says another
# Differences of few cases are skewed, and a t test held to 5 % is wrong in up to 8 % of runs. Held to this it
# is wrong in 5 % at most, with cheap models 10 points worse than ones of 60 to 95 %: see bench/advice.py.
HELD_TO = 0.035


def chance_of_inferiority(cheap: Samples, dear: Samples, margin: float) -> float | None:
    """How probable these results are of a model that is worse by MARGIN; None where it cannot be told.

    A paired t test over the cases that both have.
    """
    deltas = paired(cheap, dear)
    count = len(deltas)
    if count < FEWEST_CASES:
        return None
    from scipy.special import stdtr

    repeats = fmean(len(outcomes) for outcomes in cheap.values() if outcomes)
    # A model that is worse by MARGIN everywhere shows this spread at least: less is luck, not certainty.
    spread = max(stdev(deltas), sqrt(margin * (1 - margin) / repeats))
    t = (fmean(deltas) + margin) / (spread / sqrt(count))
    return float(stdtr(count - 1, -t))


def shown(chances: Mapping[Model, float], most: float = HELD_TO) -> set[Model]:
    """Those shown to be as good, from the chance of each; one false claim among all at most in MOST.

    After Holm: the smallest meets the strictest bound, and the first that fails takes all later ones along.
    """
    accepted: set[Model] = set()
    for rank, model in enumerate(sorted(chances, key=chances.__getitem__)):
        if chances[model] > most / (len(chances) - rank):
            break
        accepted.add(model)
    return accepted
