"""What all runs of the same bytes prove together: bounds that luck does not pass, however often it tries."""

import os

import numpy as np
import pytest

from skills.verdicts.outcomes import RegressionStatus
from skills.verdicts.pooled import chance_of_look, lift_at_least, standing_regressions
from skills.verdicts.shapes import Regression

TRIES = 3_000 if os.environ.get("SOAK") else 400
CASES, REPEATS = 10, 3


def samples(rates, random, repeats=REPEATS):
    """Whether each repeat of each case passed, where a case passes at its own rate."""
    passed = random.random((len(rates), repeats)) < rates[:, None]
    return {f"case-{number}": row.tolist() for number, row in enumerate(passed)}


def more(before, after):
    return {case: [*before.get(case, []), *outcomes] for case, outcomes in after.items()}


def bound(ours, theirs, looks=1, repeats=REPEATS):
    return lift_at_least(ours, theirs, repeats=repeats, chance=chance_of_look(looks))


def passes(random, cases, tries, minimum):
    """Whether a skill without any lift gets through within TRIES runs on the same bytes, all pooled."""
    rates = random.beta(1, 1, cases)
    ours, theirs = {}, {}
    for looks in range(1, tries + 1):
        ours = more(ours, samples(rates, random))
        theirs = more(theirs, samples(rates, random))
        if bound(ours, theirs, looks) >= minimum:
            return True
    return False


@pytest.mark.parametrize("minimum", [0.1, 0.0], ids=["+10 points", "any lift"])
@pytest.mark.parametrize("tries", [1, 5])
@pytest.mark.parametrize("cases", [5, 10])
def test_a_skill_without_lift_gets_through_once_in_twenty_at_most(cases, tries, minimum):
    random = np.random.default_rng(15)

    passed = sum(passes(random, cases, tries, minimum) for _ in range(TRIES))

    assert passed <= 0.05 * TRIES


def test_the_best_of_three_models_does_not_get_it_through():
    random = np.random.default_rng(16)

    passed = 0
    for _ in range(TRIES):
        rates = random.beta(1, 1, CASES)
        bounds = [bound(samples(rates, random), samples(rates, random)) for _ in range(3)]
        # Each model of the plan is needed, so that the weakest decides.
        passed += min(bounds) >= 0.1

    assert passed <= 0.05 * TRIES


def test_a_skill_that_lifts_by_forty_points_mostly_gets_through_at_once():
    random = np.random.default_rng(17)

    passed = 0
    for _ in range(TRIES):
        without = random.uniform(0.1, 0.4, 20)
        passed += bound(samples(without + 0.4, random), samples(without, random)) >= 0.1

    assert passed >= 0.8 * TRIES


def test_all_looks_together_have_a_chance_of_one_in_twenty():
    assert chance_of_look(1) == 0.025
    assert sum(chance_of_look(looks) for looks in range(1, 10_000)) == pytest.approx(0.05, abs=1e-5)


ALWAYS, NEVER = [True] * REPEATS, [False] * REPEATS


def agreeing(outcomes, cases=CASES):
    return {f"case-{number}": outcomes for number in range(cases)}


def test_fewer_than_five_cases_have_no_bound():
    assert bound(agreeing(ALWAYS, 4), agreeing(NEVER, 4)) is None
    assert bound(agreeing(ALWAYS, 5), agreeing(NEVER, 5)) is not None


def test_cases_that_all_agree_prove_no_certainty():
    assert 0.5 < bound(agreeing(ALWAYS, 5), agreeing(NEVER, 5)) < 1.0
    assert bound(agreeing(ALWAYS), agreeing(ALWAYS)) < 0.0


def test_what_is_missing_counts_against_the_skill():
    whole = bound(agreeing(ALWAYS), agreeing(NEVER))

    assert bound(agreeing(ALWAYS[:2]), agreeing(NEVER)) < whole
    assert bound(agreeing(ALWAYS), agreeing(NEVER[:2])) < whole


def test_a_case_that_ran_in_one_arm_only_is_no_case():
    assert bound(agreeing(ALWAYS), agreeing(NEVER, 4)) is None


def regression(status, case="case", model=1):
    return Regression(case=case, label=case, model=model, on="haiku", status=status)


@pytest.mark.parametrize("other", [status for status in RegressionStatus if status != "cleared"])
def test_a_regression_that_another_run_does_not_see_stands(other):
    found = standing_regressions([regression(RegressionStatus.CLEARED), regression(other)])

    assert [one.status for one in found] == [other]


def test_regressions_stand_once_a_cell_the_worst_first():
    found = standing_regressions(
        [
            regression(RegressionStatus.UNDECIDED, "b"),
            regression(RegressionStatus.SUSPECTED, "a"),
            regression(RegressionStatus.CONFIRMED, "b"),
            regression(RegressionStatus.CLEARED, "c"),
        ]
    )

    assert [(one.case, one.status) for one in found] == [("b", "confirmed"), ("a", "suspected")]
