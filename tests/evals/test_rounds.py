"""Which fresh repeats come next, by what has ended."""

from skills.evals.rounds import FIRST_LOOKS, LOOKS, most_trials, next_round
from skills.verdicts.arms import Arm
from skills.verdicts.regressions import MOST_REPEATS

NEW, OLD = Arm.CANDIDATE, Arm.PREVIOUS
CELL = ("c", 1)
LOOKED = range(1, LOOKS + 1)


def ended(new=(), old=(), case="c"):
    return [(case, NEW, 1, repeat) for repeat in new] + [(case, OLD, 1, repeat) for repeat in old]


def planned(cells, done=()):
    return [(trial.case, trial.arm, trial.repeat) for trial in next_round(cells, done)]


def test_the_version_that_tells_more_runs_alone_at_first():
    assert planned({CELL: NEW}) == [("c", NEW, 1), ("c", NEW, 2)]
    assert planned({CELL: OLD}) == [("c", OLD, 1), ("c", OLD, 2)]
    assert FIRST_LOOKS == 2


def test_which_one_tells_more_may_change_with_what_was_seen():
    assert planned({CELL: NEW}, ended(old=[1, 2])) == [("c", NEW, 3)]


def test_then_both_run_side_by_side():
    assert planned({CELL: NEW}, ended(new=LOOKED)) == [("c", NEW, LOOKS + 1), ("c", OLD, LOOKS + 1)]


def test_rounds_grow():
    last = LOOKS + 8
    done = ended(new=range(1, last + 1), old=range(LOOKS + 1, last + 1))

    assert {repeat for _, _, repeat in planned({CELL: NEW}, done)} == {last + 1, last + 2, last + 3}


def test_what_a_round_left_out_comes_before_the_next():
    assert planned({CELL: NEW}, ended(new=[*LOOKED, LOOKS + 1])) == [("c", OLD, LOOKS + 1)]
    assert planned({CELL: NEW}, ended(new=[2])) == [("c", NEW, 1)]


def test_each_cell_is_as_far_as_it_is():
    found = planned({CELL: NEW, ("d", 1): OLD}, ended(new=LOOKED))

    assert found == [("c", NEW, LOOKS + 1), ("c", OLD, LOOKS + 1), ("d", OLD, 1), ("d", OLD, 2)]


def test_there_is_an_end():
    done = ended(new=range(1, MOST_REPEATS + 1), old=range(LOOKS + 1, MOST_REPEATS + 1))

    assert planned({CELL: NEW}, done) == []
    assert most_trials(1) == len(done)


def test_no_cell_needs_nothing():
    assert planned({}) == []
