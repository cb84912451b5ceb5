"""How often falls of single cases are found and false ones confirmed, by simulation with fixed seeds."""

import numpy as np

from bench.report import Figure
from tests.verdicts.simulated import play

_RUNS = {10: 10_000, 50: 4_000, 500: 500}  # by cells
_SEED = 20261128


def measure() -> list[Figure]:
    return [*_falls(), *_false_alarms(), *_added()]


def _falls() -> list[Figure]:
    """A cell that falls from 90 to 30 % among others that stay what they are."""
    figures = []
    for cells, runs in _RUNS.items():
        old = _mixed(runs, cells)
        new = old.copy()
        old[:, 0], new[:, 0] = 0.9, 0.3
        fell = play(new, old, repeats=3, seed=_SEED)
        found, cleared = fell.confirmed[:, 0].mean(), fell.cleared[:, 0].mean()
        figures.append(Figure(f"90 → 30 % among {cells} cells: found", found, least=0.8))
        figures.append(Figure(f"90 → 30 % among {cells} cells: wrongly cleared", cleared, most=0.05))
    return figures


def _false_alarms() -> list[Figure]:
    """Runs in which nothing changed, and any cell was confirmed."""
    figures = []
    for cells, runs in _RUNS.items():
        for name, rates in (("mixed", _mixed(runs, cells)), ("coins", np.full((runs, cells), 0.5))):
            alarms = play(rates, rates, repeats=3, seed=_SEED).confirmed.any(axis=1).mean()
            figures.append(Figure(f"false confirmed, {cells} cells, {name}", alarms, most=0.05))
    return figures


def _added() -> list[Figure]:
    """The trials of re-runs where nothing changed, against those of the evaluation."""
    rates = _mixed(200, 500)
    added = play(rates, rates, repeats=3, seed=_SEED).trials.mean() / (3 * 3)
    return [Figure("trials added where nothing changed", added, most=0.15)]


def _mixed(runs: int, cells: int) -> np.ndarray:
    """Rates of cells that mostly pass nearly always or nearly never."""
    return np.random.default_rng(_SEED).beta(0.5, 0.5, (runs, cells))
