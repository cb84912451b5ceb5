"""Which cases really became worse: a sequential test on fresh repeats of both versions.

A cell (one case on one model) is *suspected* when its pass rate fell and its trials do not speak against a
large fall. Then both versions run again, afresh and in pairs, until the pairs decide or there are enough.

- *Confirmed* by betting (Shafer 2021; Waudby-Smith and Ramdas 2024): each fresh repeat of a pair is a bet
  that this version fails and the approved one passes. While nothing became worse, the capital grows on
  average by nothing, so by Ville's inequality it ever reaches N times the stake at most once in N. Holm's
  correction over the suspected cells makes that a bound for the whole run, whenever somebody looks, and
  however often it is run again. The trials that raised the suspicion take no part in it: they were picked for
  looking bad.
- *Cleared* by the ratio of likelihoods of all trials: no change against the likeliest large fall (Wald 1945).
- *Undecided* where neither has happened after MOST_REPEATS.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import fmean
from typing import TYPE_CHECKING

from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED, RegressionStatus
from skills.verdicts.trials import FreshRow, Trials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = int | NDArray[np.int_]
    Logs = NDArray[np.float64]

FALSE_ALARMS = 0.05  # share of runs with any false confirmation, at most
# Falls of 60 points, as (before, after). A smaller one is seldom told in a few repeats, and may be cleared.
LARGE_FALLS = ((0.9, 0.3), (0.85, 0.25))
# How much likelier no change must be before a cell is cleared. By simulation (tests/verdicts/test_power.py)
# at most one of these falls in twenty is cleared then.
CLEARED_FROM = log(7)
# Where a cell passes more often than this, repeats of the new version tell no change from a large fall
# sooner, else repeats of the old one: the rates after such falls are farther away, or those before.
NEW_TELLS_FROM = 0.55
# Shares of the capital that are bet: the small one loses less by a pair that kept, the large one is faster.
_STAKES = (0.5, 0.8)
MOST_REPEATS = 40  # fresh repeats of both versions until a cell is left undecided
Cell = tuple[str, int]  # (case key, model id)


@dataclass(frozen=True)
class FreshRepeat:
    """A fresh repeat of both versions: whether each passed, None where it was not run or not scored."""

    new: bool | None
    old: bool | None


@dataclass(frozen=True, kw_only=True)
class History:
    """The trials of a cell: those of the evaluation, then the fresh ones in their order.

    `falls_before` is in how many other bytes it fell that were tried since the same approved version.
    """

    new: Sequence[bool]
    old: Sequence[bool]
    fresh: Sequence[FreshRepeat] = ()
    falls_before: int = 0

    @property
    def cleared_from(self) -> float:
        """More for each earlier fall: 1 + 1/4 + 1/9 … keeps all tries below twice the error of one."""
        return CLEARED_FROM + 2 * log(1 + self.falls_before)

    @property
    def telling(self) -> Arm:
        """The version of which a repeat alone tells more."""
        passes = [*self.new, *self.old, *_scored(pair.new for pair in self.fresh)]
        passes += _scored(pair.old for pair in self.fresh)
        return Arm.CANDIDATE if fmean(passes) >= NEW_TELLS_FROM else Arm.PREVIOUS

    @property
    def fall(self) -> float:
        """How far the rate fell in the evaluation."""
        return fmean(self.old) - fmean(self.new)

    @property
    def again(self) -> tuple[int, int]:
        """(passed, scored) of the fresh repeats of this version."""
        scored = _scored(pair.new for pair in self.fresh)
        return sum(scored), len(scored)

    @property
    def again_before(self) -> tuple[int, int]:
        """(passed, scored) of the fresh repeats of the approved version."""
        scored = _scored(pair.old for pair in self.fresh)
        return sum(scored), len(scored)


def _scored(passes: Iterable[bool | None]) -> list[bool]:
    return [passed for passed in passes if passed is not None]


def suspected(
    trials: Trials,
    fresh: Iterable[FreshRow],
    *,
    cases: Sequence[str],
    models: Iterable[int],
    falls_before: Mapping[Cell, int],
) -> dict[Cell, History]:
    """The suspected cells of a run, with the trials of its re-runs.

    A cell that fell in other bytes (FALLS_BEFORE says how often) is one whatever these trials say: else
    whoever submits again with a space more, until the case happens to pass, has no regression.
    """
    pairs = _pairs(fresh)
    found = {}
    for model in models:
        new = trials.samples_of_all(model, Arm.CANDIDATE)
        old = trials.samples_of_all(model, Arm.PREVIOUS)
        for case in cases:
            cell = case, model
            ours, theirs = new.get(case, []), old.get(case, [])
            has_fallen = cell in falls_before and ours and theirs
            if has_fallen or is_suspected(ours, theirs):
                found[cell] = History(
                    new=ours,
                    old=theirs,
                    fresh=pairs.get(cell, ()),
                    falls_before=falls_before.get(cell, 0),
                )
    return found


def _pairs(fresh: Iterable[FreshRow]) -> dict[Cell, list[FreshRepeat]]:
    """The fresh repeats by cell, in the order in which they were run."""
    cells: dict[Cell, dict[tuple[int, int], dict[Arm, bool | None]]] = defaultdict(lambda: defaultdict(dict))
    for row in fresh:
        passed = row.passed if row.outcome in COUNTED else None
        cells[row.case, row.model_id][row.run_id, row.repeat][row.arm] = passed
    return {
        cell: [
            FreshRepeat(repeats[place].get(Arm.CANDIDATE), repeats[place].get(Arm.PREVIOUS))
            for place in sorted(repeats)
        ]
        for cell, repeats in cells.items()
    }


def is_suspected(new: Sequence[bool], old: Sequence[bool]) -> bool:
    """Whether the rate fell, and may well have fallen far."""
    if not new or not old or sum(new) * len(old) >= sum(old) * len(new):
        return False
    ratio = log_ratio_of_fall(new_passed=sum(new), new=len(new), old_passed=sum(old), old=len(old))
    return float(ratio) > -CLEARED_FROM


def statuses(histories: Mapping[Cell, History]) -> dict[Cell, RegressionStatus]:
    """What is known of each of the suspected cells of one run."""
    walks = {cell: _walk(history) for cell, history in histories.items()}
    confirmed = _confirmed({cell: walk.capital for cell, walk in walks.items()})
    return {
        cell: RegressionStatus.CONFIRMED if cell in confirmed else _unconfirmed(walks[cell], history)
        for cell, history in histories.items()
    }


@dataclass(frozen=True)
class _Reading:
    """Where the fresh repeats of a cell led."""

    capital: float  # the logarithm of the highest that the bets ever reached
    is_cleared: bool


def _walk(history: History) -> _Reading:
    """Reads the fresh repeats one by one, and stops where they clear the cell."""
    import numpy as np

    if not history.fresh:
        return _Reading(0.0, is_cleared=False)
    news = [pair.new for pair in history.fresh]
    olds = [pair.old for pair in history.fresh]
    ratios = log_ratio_of_fall(
        new_passed=sum(history.new) + np.cumsum([new is True for new in news]),
        new=len(history.new) + np.cumsum([new is not None for new in news]),
        old_passed=sum(history.old) + np.cumsum([old is True for old in olds]),
        old=len(history.old) + np.cumsum([old is not None for old in olds]),
    )
    # A repeat that only one version had is no bet: an hour in which all fails would look like a regression.
    both = [new is not None and old is not None for new, old in zip(news, olds, strict=True)]
    falls = [is_pair * (bool(old) - bool(new)) for is_pair, new, old in zip(both, news, olds, strict=True)]
    capitals = log_capital(falls=np.cumsum(falls), pairs=np.cumsum(both))
    clear = ratios <= -history.cleared_from
    if clear.any():
        capitals = capitals[: int(clear.argmax()) + 1]
    return _Reading(max(0.0, float(capitals.max())), is_cleared=bool(clear.any()))


def log_ratio_of_fall(*, new_passed: "Counts", new: "Counts", old_passed: "Counts", old: "Counts") -> "Logs":
    """How much likelier than no change the likeliest large fall makes these counts, as a logarithm."""
    import numpy as np
    from scipy.special import xlog1py, xlogy

    def log_likelihood(passed: "Counts", of: "Counts", rate: "float | Logs") -> "Logs":
        likelihood: Logs = xlogy(passed, rate) + xlog1py(np.subtract(of, passed), np.negative(rate))
        return likelihood

    passed, of = np.add(new_passed, old_passed), np.add(new, old)
    fallen = [
        log_likelihood(new_passed, new, after) + log_likelihood(old_passed, old, before)
        for before, after in LARGE_FALLS
    ]
    likeliest: Logs = np.max(fallen, axis=0)
    return likeliest - log_likelihood(passed, of, passed / of)


def log_capital(*, falls: "Counts", pairs: "Counts") -> "Logs":
    """What a stake of 1 has become by betting on PAIRS, as a logarithm; FALLS is old passes minus new ones.

    Each pair holds two bets at even odds, that the old version passes and that the new one fails. Where both
    pass at the same rate p, a pair multiplies the capital by 1 - (stake * (1 - 2p))² on average, never more
    than 1; where the new one is better, by less. The mean over the stakes is such a capital too.
    """
    import numpy as np

    won, lost = np.add(pairs, falls), np.subtract(pairs, falls)
    by_stake = [won * np.log1p(stake) + lost * np.log1p(-stake) for stake in _STAKES]
    capital: Logs = np.logaddexp.reduce(by_stake, axis=0) - log(len(_STAKES))
    return capital


def _confirmed(capitals: Mapping[Cell, float]) -> set[Cell]:
    """Holm's correction: the richest cell must beat the strictest bound, and the first that fails ends it."""
    confirmed: set[Cell] = set()
    for cell in sorted(capitals, key=capitals.__getitem__, reverse=True):
        if capitals[cell] < log((len(capitals) - len(confirmed)) / FALSE_ALARMS):
            break
        confirmed.add(cell)
    return confirmed


def _unconfirmed(walk: _Reading, history: History) -> RegressionStatus:
    if walk.is_cleared:
        return RegressionStatus.CLEARED
    return RegressionStatus.UNDECIDED if len(history.fresh) >= MOST_REPEATS else RegressionStatus.SUSPECTED
