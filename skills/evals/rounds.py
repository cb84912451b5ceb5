"""Which fresh repeats a re-run does next; decided from what has ended, so that it goes on after a crash."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import product

from skills.evals.engines.contract import TrialPlan
from skills.evals.plan import Cell
from skills.verdicts.arms import Arm
from skills.verdicts.regressions import MOST_REPEATS

# Repeats of one version alone at the beginning: most false suspicions end with them, at half the price.
LOOKS = 4
FIRST_LOOKS = 2  # one could never end a suspicion
_PAIRS_BEFORE = 4  # how many pairs a round adds one to: few at first waste none, more later take less time
Ended = Iterable[tuple[str, Arm, int, int]]  # (case, arm, model, repeat)


def next_round(cells: Mapping[Cell, Arm], ended: Ended) -> list[TrialPlan]:
    """The trials that CELLS need next, cell by cell; nothing of one that has had enough.

    CELLS has the arm of each that tells more alone; ENDED are the trials of this re-run.
    """
    done: dict[Cell, set[tuple[int, Arm]]] = defaultdict(set)
    for case, arm, model, repeat in ended:
        done[case, model].add((repeat, arm))
    return [
        TrialPlan(case, arm, model, repeat)
        for (case, model), telling in cells.items()
        for repeat, arm in _missing(done[case, model], telling)
    ]


def end_of_next(last: int) -> int:
    """The last repeat of the round that follows repeat LAST."""
    if last < LOOKS:
        return max(FIRST_LOOKS, last + 1)
    return min(MOST_REPEATS, last + 1 + (last - LOOKS) // _PAIRS_BEFORE)


def _missing(done: Collection[tuple[int, Arm]], telling: Arm) -> list[tuple[int, Arm]]:
    """The repeats of one cell that its last round left out, else those of its next round."""
    last = max((repeat for repeat, _ in done), default=0)
    return _left(done, telling, last) or _left(done, telling, end_of_next(last))


def _left(done: Collection[tuple[int, Arm]], telling: Arm, last: int) -> list[tuple[int, Arm]]:
    """What is not done of the repeats up to LAST."""
    looked = {repeat for repeat, _ in done}
    looks = [(repeat, telling) for repeat in range(1, min(LOOKS, last) + 1) if repeat not in looked]
    pairs = product(range(LOOKS + 1, last + 1), (Arm.CANDIDATE, Arm.PREVIOUS))
    return looks + [pair for pair in pairs if pair not in done]


def most_trials(cells: int) -> int:
    """How many trials a re-run of CELLS can come to."""
    return cells * (2 * MOST_REPEATS - LOOKS)
