"""What suspicion, confirmation and clearing promise, by simulation with fixed seeds."""

import os

import numpy as np
import pytest

from skills.verdicts.regressions import LARGE_FALLS
from tests.verdicts.simulated import Played, play

SOAK = bool(os.environ.get("SOAK"))
MORE = 20 if SOAK else 1
# How the true rates of a run's cells may lie: each a coin; nearly all or nothing; mostly good; all the same.
UNCHANGED = {
    "coins": lambda rng, shape: np.full(shape, 0.5),
    "all or nothing": lambda rng, shape: rng.beta(0.5, 0.5, shape),
    "mostly good": lambda rng, shape: rng.beta(1.7, 0.3, shape),
    "90 %": lambda rng, shape: np.full(shape, 0.9),
}
REAL_LIFE = ["all or nothing", "mostly good", "90 %"]


def unchanged(population: str, *, runs: int, cells: int, repeats: int = 3) -> Played:
    rates = UNCHANGED[population](np.random.default_rng(runs + cells), (runs, cells))
    return play(rates, rates, repeats=repeats, seed=20261128)


def one_fell(before: float, after: float, *, cells: int, repeats: int = 3, runs: int = 1500 * MORE) -> Played:
    """Runs in which the first cell fell and no other changed."""
    rates = UNCHANGED["all or nothing"](np.random.default_rng(cells), (runs, cells))
    new, old = rates.copy(), rates
    new[:, 0], old[:, 0] = after, before
    return play(new, old, repeats=repeats, seed=15)


@pytest.mark.parametrize("population", UNCHANGED)
@pytest.mark.parametrize(("cells", "runs"), [(10, 1000), (50, 300), (500, 60)])
def test_at_most_one_run_in_twenty_confirms_what_did_not_happen(population, cells, runs):
    played = unchanged(population, runs=runs * MORE, cells=cells)

    assert played.confirmed.any(axis=1).mean() <= 0.05


@pytest.mark.parametrize("cells", [1, 10, 50])
def test_a_fall_from_90_to_30_is_found_four_times_in_five(cells):
    fell = one_fell(0.9, 0.3, cells=cells)

    assert fell.confirmed[:, 0].mean() >= 0.80
    assert fell.cleared[:, 0].mean() <= 0.05


@pytest.mark.parametrize(("before", "after"), LARGE_FALLS)
def test_a_large_fall_is_seldom_cleared(before, after):
    assert one_fell(before, after, cells=1, runs=5000 * MORE).cleared.mean() <= 0.05


def test_more_repeats_find_more():
    found = [one_fell(0.9, 0.3, cells=10, repeats=repeats).confirmed[:, 0].mean() for repeats in (1, 3, 5)]

    assert found == sorted(found)


@pytest.mark.parametrize("population", REAL_LIFE)
def test_where_nothing_changed_re_runs_add_little(population):
    played = unchanged(population, runs=20 * MORE, cells=500)

    trials = 3 * 3  # three arms of three repeats
    assert played.trials.mean() / trials <= 0.15
