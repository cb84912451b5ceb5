"""“As good as” is said where it is shown, and seldom where it is wrong."""

import numpy as np
import pytest
from scipy import stats

from skills.verdicts.noninferiority import HELD_TO, chance_of_inferiority, shown
from skills.verdicts.statistics import difference

SEED = 20261128
P, F = True, False


def samples(passed, repeats: int = 3) -> dict[str, list[bool]]:
    return {str(case): [n < count for n in range(repeats)] for case, count in enumerate(passed)}


def share_that_speaks(cases: int, gap: float, repeats: int = 3) -> float:
    """How often a cheap model that passes GAP less often than one of 85 % is called as good.

    Cases differ much in how hard they are, as real ones do; the cheap model is worse at each of them.
    """
    rounds = min(1500, 40_000 // cases)
    rng = np.random.default_rng(SEED + cases)
    dear = rng.beta(1.7, 0.3, (rounds, cases))
    ours = rng.binomial(repeats, np.clip(dear - gap, 0, 1))
    theirs = rng.binomial(repeats, dear)
    chances = [
        chance_of_inferiority(samples(mine, repeats), samples(yours, repeats), 0.10)
        for mine, yours in zip(ours, theirs, strict=True)
    ]
    return float(np.mean([chance is not None and chance <= HELD_TO for chance in chances]))


@pytest.mark.parametrize("cases", [5, 10, 20, 50])
def test_a_model_that_is_ten_points_worse_is_seldom_called_as_good(cases):
    assert share_that_speaks(cases, 0.10) <= 0.05


@pytest.mark.parametrize(("cases", "least"), [(20, 0.50), (50, 0.85)])
def test_a_model_that_is_as_good_is_mostly_called_so(cases, least):
    assert share_that_speaks(cases, 0.0) >= least


def test_a_model_that_is_much_worse_is_never_called_as_good():
    assert share_that_speaks(20, 0.30) == 0


def test_the_chance_is_that_of_a_one_sided_t_test():
    ours, theirs = [3, 2, 3, 0, 3, 1, 3, 2], [2, 2, 3, 2, 3, 3, 0, 3]
    deltas = [(mine - yours) / 3 for mine, yours in zip(ours, theirs, strict=True)]
    expected = stats.ttest_1samp(deltas, -0.10, alternative="greater").pvalue

    assert chance_of_inferiority(samples(ours), samples(theirs), 0.10) == pytest.approx(expected)


@pytest.mark.parametrize(("cases", "speaks"), [(4, False), (5, False), (9, False), (13, True), (20, True)])
def test_a_few_cases_without_any_difference_prove_nothing(cases, speaks):
    same = samples([3] * cases)
    chance = chance_of_inferiority(same, same, 0.10)

    assert (chance is not None and chance <= HELD_TO) is speaks


@pytest.mark.parametrize(("ours", "theirs"), [({}, {}), ({"a": [P]}, {"b": [P]}), ({"a": []}, {"a": [F]})])
def test_without_cases_that_both_answered_nothing_can_be_told(ours, theirs):
    assert chance_of_inferiority(ours, theirs, 0.10) is None


def test_several_cheap_models_share_one_error():
    assert shown({"a": 0.03}) == {"a"}
    assert shown({"a": 0.03, "b": 0.9}) == set()
    assert shown({"a": 0.017, "b": 0.03, "c": 0.9}) == set()
    assert shown({"a": 0.011, "b": 0.017, "c": 0.035}) == {"a", "b", "c"}


def test_every_lift_of_five_cases_has_an_interval_and_covers_the_truth():
    rng = np.random.default_rng(SEED)
    hard, better = rng.beta(3, 3, (1500, 5)), rng.normal(0, 0.1, (1500, 5))
    passed_without = rng.binomial(3, hard)
    passed_with = rng.binomial(3, np.clip(hard + better, 0, 1))

    found = [
        difference(samples(mine), samples(yours))
        for mine, yours in zip(passed_with, passed_without, strict=True)
    ]

    assert all(lift.low is not None for lift in found)
    assert 0.91 <= np.mean([lift.low <= 0 <= lift.high for lift in found]) <= 0.97


def test_at_high_rates_every_lift_of_five_cases_has_an_interval():
    rng = np.random.default_rng(SEED)
    found = [
        difference(samples(rng.binomial(3, [0.97] * 5)), samples(rng.binomial(3, [0.95] * 5)))
        for _ in range(300)
    ]

    assert all(lift.low is not None and lift.low <= lift.value <= lift.high for lift in found)
    assert np.mean([lift.low <= 0.02 <= lift.high for lift in found]) >= 0.91
