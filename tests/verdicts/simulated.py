"""Simulated evaluations whose true pass rates are known, decided by the product's own functions."""

from dataclasses import dataclass

import numpy as np

from skills.evals.rounds import LOOKS, end_of_next
from skills.verdicts import regressions as rg

NEVER = -np.inf


@dataclass(frozen=True, kw_only=True)
class Played:
    """What became of every cell of every run; arrays of (runs, cells)."""

    suspected: np.ndarray
    confirmed: np.ndarray
    cleared: np.ndarray
    trials: np.ndarray  # fresh ones
    first: np.ndarray  # passes of the evaluation; (arm, runs, cells), new before old
    fresh: np.ndarray  # 1 passed, 0 failed, -1 not run; (repeat, arm, runs, cells)

    @property
    def undecided(self) -> np.ndarray:
        return self.suspected & ~self.confirmed & ~self.cleared


def play(new: np.ndarray, old: np.ndarray, *, repeats: int, seed: int) -> Played:
    """Runs of an evaluation with REPEATS and of its re-run, where cells pass at the rates NEW and OLD."""
    rng = np.random.default_rng(seed)
    first = np.array([rng.binomial(repeats, new), rng.binomial(repeats, old)])
    fresh = np.full((rg.MOST_REPEATS, *first.shape), -1, np.int8)
    passed = first.copy()
    suspected = are_suspected(passed, repeats)
    cleared = np.zeros_like(suspected)
    confirmed = np.zeros_like(suspected)
    capital = np.where(suspected, 0.0, NEVER)
    falls = np.zeros(new.shape, int)
    trials = np.zeros(new.shape, int)
    counts = np.full(first.shape, repeats)
    pairs = last = 0
    while last < rg.MOST_REPEATS:
        at = np.nonzero(suspected & ~cleared & ~confirmed)
        telling = passed.sum(axis=0)[at] / counts.sum(axis=0)[at] >= rg.NEW_TELLS_FROM
        for repeat in range(last + 1, end_of_next(last) + 1):
            runs = np.array([telling, ~telling]) if repeat <= LOOKS else np.full((2, at[0].size), True)
            passes = np.array([rng.random(at[0].size) < rate[at] for rate in (new, old)]) & runs
            for arm in (0, 1):
                passed[arm][at] += passes[arm]
                counts[arm][at] += runs[arm]
                fresh[repeat - 1, arm][at] = np.where(runs[arm], passes[arm], -1)
            trials[at] += runs.sum(axis=0)
            if repeat > LOOKS:
                pairs += 1
                falls[at] += passes[1].astype(int) - passes[0]
            reached = np.maximum(capital[at], rg.log_capital(falls=falls[at], pairs=pairs))
            capital[at] = np.where(cleared[at], capital[at], reached)
            ratio = rg.log_ratio_of_fall(
                new_passed=passed[0][at], new=counts[0][at], old_passed=passed[1][at], old=counts[1][at]
            )
            cleared[at] |= ratio <= -rg.CLEARED_FROM
        confirmed = holm(capital, suspected)
        last = end_of_next(last)
    return Played(
        suspected=suspected,
        confirmed=confirmed,
        cleared=cleared & ~confirmed,
        trials=trials,
        first=first,
        fresh=fresh,
    )


def are_suspected(passed: np.ndarray, repeats: int) -> np.ndarray:
    """`is_suspected` for many cells, from a table of its answers."""
    outcomes = [[True] * n + [False] * (repeats - n) for n in range(repeats + 1)]
    table = np.array([[rg.is_suspected(new, old) for old in outcomes] for new in outcomes])
    return table[passed[0], passed[1]]


def holm(capital: np.ndarray, suspected: np.ndarray) -> np.ndarray:
    """The correction of `statuses`, for many runs at once."""
    order = np.argsort(-capital, axis=1)
    left = suspected.sum(axis=1, keepdims=True) - np.arange(capital.shape[1])
    bounds = np.log(np.maximum(left, 1) / rg.FALSE_ALARMS)
    beats = np.logical_and.accumulate(np.take_along_axis(capital, order, axis=1) >= bounds, axis=1)
    confirmed = np.zeros_like(suspected)
    np.put_along_axis(confirmed, order, beats, axis=1)
    return confirmed
