"""Intervals cover what they promise, verdicts say no more than the data."""

from functools import cache

import numpy as np
import pytest

from skills.verdicts import statistics as st

SEED = 20261124


@cache
def coverage(cases: int, repeats: int, lift: float, rounds: int = 1500) -> tuple[float, float]:
    """Share of simulated runs whose intervals hold the truth: (pass rate, lift)."""
    rng = np.random.default_rng(SEED)
    hits_rate = hits_lift = with_interval = 0
    for _ in range(rounds):
        base = rng.beta(3, 3, cases)
        better = np.clip(base + lift + rng.normal(0, 0.1, cases), 0, 1)
        ours = {str(i): list(rng.random(repeats) < p) for i, p in enumerate(better)}
        theirs = {str(i): list(rng.random(repeats) < p) for i, p in enumerate(base)}
        rate = st.pass_rate(theirs)
        hits_rate += rate.low <= 0.5 <= rate.high
        delta = st.difference(ours, theirs)
        if delta.low is not None:
            with_interval += 1
            truth = TRUTH[lift]
            hits_lift += delta.low <= truth <= delta.high
    return hits_rate / rounds, hits_lift / with_interval if with_interval else float("nan")


def true_lift(lift: float) -> float:
    rng = np.random.default_rng(SEED + 1)
    base = rng.beta(3, 3, 400_000)
    return float(np.mean(np.clip(base + lift + rng.normal(0, 0.1, 400_000), 0, 1) - base))


TRUTH = {lift: true_lift(lift) for lift in (0.0, 0.2)}


@pytest.mark.no_cover  # thousands of rounds of the same few lines
@pytest.mark.parametrize("cases", [3, 5, 10, 20, 50])
@pytest.mark.parametrize("repeats", [3, 5])
def test_the_interval_of_a_pass_rate_covers_the_truth(cases, repeats):
    rate, _ = coverage(cases, repeats, 0.0)

    assert 0.93 <= rate <= 0.99


@pytest.mark.no_cover
@pytest.mark.parametrize("cases", [5, 10, 20, 50])
@pytest.mark.parametrize("lift", [0.0, 0.2])
def test_the_interval_of_a_lift_covers_the_truth(cases, lift):
    _, covered = coverage(cases, 3, lift)

    assert 0.91 <= covered <= 0.97


def test_below_five_cases_there_is_no_interval_of_a_lift():
    few = {str(i): [True, False, True] for i in range(4)}

    assert st.difference(few, few).low is None
    assert st.verdicts({"m": [0.3] * 4}) == {"m": "too_few_cases"}


def test_pairs_are_only_what_both_arms_scored():
    ours = {"a": [True], "b": [True], "c": []}
    theirs = {"a": [False], "c": [True], "d": [True]}

    assert st.paired(ours, theirs) == [1.0]


def test_holm_lets_no_model_through_by_chance():
    clear = [0.5, 0.6, 0.55, 0.5, 0.6, 0.65]
    border = [0.4, -0.1, 0.5, 0.35, 0.0, 0.5]

    alone = st.verdicts({"border": border})
    among = st.verdicts({"clear": clear, "border": border, "flat": [0.1, -0.1, 0.1, -0.1, 0.0, 0.0]})

    assert alone == {"border": "improves"}
    assert among == {"clear": "improves", "border": "no_clear_effect", "flat": "no_clear_effect"}


def test_a_constant_difference_is_told_by_its_sign():
    assert st.verdicts({"m": [-1.0] * 5}) == {"m": "regresses"}


def test_wilson_agrees_with_inspect_where_both_mean_the_same():
    from inspect_ai.scorer import SampleScore, Score, ci_wilson

    scores = [
        SampleScore(score=Score(value=value), sample_id=i) for i, value in enumerate([1] * 14 + [0] * 6)
    ]
    theirs = ci_wilson()(scores)

    assert st.wilson(0.7, 20) == pytest.approx((theirs["lower"], theirs["upper"]))


def test_kappa_of_perfect_and_of_chance_agreement():
    assert st.kappa([(True, True), (False, False)]) == 1
    assert st.kappa([(True, True), (True, False), (False, True), (False, False)]) == 0
    assert st.kappa([(True, True)]) is None
