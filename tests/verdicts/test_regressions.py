"""Suspicion, confirmation and clearing of single cells, at their boundaries."""

from itertools import product

import numpy as np
import pytest

from skills.verdicts import regressions as rg
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import Outcome
from skills.verdicts.regressions import FreshRepeat, History
from skills.verdicts.trials import Trials
from tests.verdicts.limited_runs import Row
from tests.verdicts.simulated import play

FELL, KEPT, LOOK = (
    FreshRepeat(new=False, old=True),
    FreshRepeat(new=True, old=True),
    FreshRepeat(new=False, old=None),
)
RATES = np.linspace(0, 1, 21)


def passes(count: int, of: int) -> list[bool]:
    return [True] * count + [False] * (of - count)


def history(*fresh: FreshRepeat) -> History:
    return History(new=passes(1, 3), old=passes(3, 3), fresh=fresh)


def status(*fresh: FreshRepeat) -> str:
    return rg.statuses({("c", 1): history(*fresh)})["c", 1]


@pytest.mark.parametrize(
    ("new", "old", "suspected"),
    [
        ((0, 1), (1, 1), True),
        ((1, 2), (2, 2), True),
        ((2, 3), (3, 3), True),
        ((1, 3), (2, 3), True),
        ((2, 3), (2, 3), False),  # nothing became worse
        ((3, 3), (2, 3), False),
        ((2, 3), (4, 6), False),
        ((9, 10), (10, 10), False),  # worse, but not by much
        ((6, 10), (9, 10), True),
        ((60, 100), (90, 100), False),  # many repeats tell a fall of 30 points from one of 60
        ((30, 100), (90, 100), True),
    ],
)
def test_a_cell_is_suspected_where_its_rate_fell_perhaps_far(new, old, suspected):
    assert rg.is_suspected(passes(*new), passes(*old)) is suspected


def test_nothing_is_said_of_a_cell_that_one_side_never_scored():
    assert rg.is_suspected([], passes(5, 5)) is False
    assert rg.is_suspected(passes(0, 5), []) is False
    assert rg.is_suspected([], []) is False


def test_a_suspicion_stands_without_fresh_repeats():
    assert status() == "suspected"


def test_fresh_pairs_that_fall_every_time_confirm_it_when_twenty_to_one_is_won():
    assert status(*[FELL] * 2) == "suspected"
    assert status(*[FELL] * 3) == "confirmed"


def test_the_more_cells_are_suspected_the_more_it_takes():
    cells = {("c", model): history(*[FELL] * 3) for model in range(2)}

    assert set(rg.statuses(cells).values()) == {"suspected"}


def test_a_confirmed_cell_does_not_count_against_the_next():
    strong, weak = history(*[FELL] * 8), history(*[FELL] * 3)

    found = rg.statuses({("weak", 1): weak, ("strong", 1): strong, ("strong", 2): strong})

    assert set(found.values()) == {"confirmed"}


def test_a_repeat_of_one_version_alone_confirms_nothing():
    assert status(*[LOOK] * rg.MOST_REPEATS) == "undecided"


def test_what_comes_after_a_confirmation_does_not_undo_it():
    assert status(*[FELL] * 4, *[KEPT] * 40) == "confirmed"


def test_fresh_repeats_that_pass_clear_it():
    assert status(*[KEPT] * 5) == "cleared"


def test_what_comes_after_a_clearing_does_not_undo_it():
    assert status(*[KEPT] * 5, *[FELL] * 8) == "cleared"


def test_a_cell_is_undecided_after_as_many_repeats_as_there_may_be():
    wavers = ([FreshRepeat(new=False, old=False), FELL, KEPT] * rg.MOST_REPEATS)[: rg.MOST_REPEATS]

    assert status(*wavers[:-1]) == "suspected"
    assert status(*wavers) == "undecided"


def test_repeats_that_were_not_scored_count_neither_way_and_end_it_all_the_same():
    unscored = [FreshRepeat(new=None, old=True), FreshRepeat(new=None, old=None)] * (rg.MOST_REPEATS // 2)

    assert status(*unscored) == "undecided"
    assert status(*unscored, *[FELL] * 4) == "confirmed"


def test_the_bets_win_nothing_on_average_where_nothing_became_worse():
    for new, old in product(RATES, RATES):
        chances = {-1: new * (1 - old), 0: new * old + (1 - new) * (1 - old), 1: (1 - new) * old}
        by_stake = rg.log_capital(falls=np.array(list(chances)), pairs=1)
        mean = sum(chance * np.exp(log) for chance, log in zip(chances.values(), by_stake, strict=True))
        if new >= old:
            assert mean <= 1 + 1e-12, (new, old)


def test_the_ratio_compares_the_likeliest_large_fall_with_no_change():
    ratio = rg.log_ratio_of_fall(new_passed=0, new=3, old_passed=3, old=3)

    assert np.exp(ratio) == pytest.approx(0.9**3 * 0.7**3 / 0.5**6, rel=0.2)


def test_the_simulation_says_what_the_product_says():
    rates = np.random.default_rng(3).beta(0.5, 0.5, (2, 4, 60))

    played = play(*rates, repeats=3, seed=4)

    for run in range(4):
        cells = {("c", cell): _as_history(played, run, cell) for cell in np.nonzero(played.suspected[run])[0]}
        for (_, cell), said in rg.statuses(cells).items():
            expected = {
                "confirmed": played.confirmed,
                "cleared": played.cleared,
                "undecided": played.undecided,
            }
            assert expected[said][run, cell]


def _as_history(played, run: int, cell: int) -> History:
    known = {1: True, 0: False, -1: None}
    fresh = [
        FreshRepeat(new=known[int(new)], old=known[int(old)])
        for new, old in played.fresh[:, :, run, cell]
        if max(new, old) >= 0
    ]
    new, old = played.first[:, run, cell]
    return History(new=passes(new, 3), old=passes(old, 3), fresh=fresh)


def test_what_fell_in_other_bytes_is_suspected_whatever_it_does_and_cleared_by_more():
    rows = [Row("c", arm, Outcome.SCORED, True) for arm in (Arm.CANDIDATE, Arm.PREVIOUS) for _ in range(3)]

    found = rg.suspected(Trials(rows), (), cases=["c"], models=[1], falls_before={("c", 1): 2})

    assert list(found) == [("c", 1)]
    assert rg.statuses(found) == {("c", 1): "suspected"}
    assert found["c", 1].cleared_from > rg.CLEARED_FROM
    assert rg.suspected(Trials(rows), (), cases=["c"], models=[1], falls_before={}) == {}
