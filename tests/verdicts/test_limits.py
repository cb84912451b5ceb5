"""What is left of a verdict when trials meet limits: failures that are left out would look like help."""

import os

import numpy as np
import pytest

from skills.verdicts import report
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import EvaluationVerdict, Outcome
from tests.verdicts.limited_runs import ARMS, CASES, Row, a_run, reported

RUNS = 4_000 if os.environ.get("SOAK") else 250


def test_a_skill_that_helps_nothing_does_not_improve_by_running_into_limits():
    chance = np.random.default_rng(15)

    reports = [reported(a_run(chance, share_at_limit=0.4)) for _ in range(RUNS)]
    states = [found.state for found in reports]

    assert EvaluationVerdict.INCONCLUSIVE not in states
    assert states.count(EvaluationVerdict.IMPROVES) / RUNS <= 0.03
    assert abs(np.mean([found.models[0].lift.value for found in reports])) < 0.02


def test_a_case_that_always_ends_in_a_limit_is_lost_and_not_left_out():
    rows = [
        Row(f"c{n}", arm, Outcome.FAILED_LIMIT if n < 2 and arm == Arm.CANDIDATE else Outcome.SCORED, True)
        for n in range(CASES)
        for arm in ARMS
    ]
    for row in rows:
        row.passed = row.outcome == Outcome.SCORED

    model = reported(rows).models[0]

    assert model.rates[Arm.CANDIDATE].value == pytest.approx(0.9)
    assert model.rates[Arm.CANDIDATE].cases == CASES
    assert model.lift.value == pytest.approx(-0.1)


def test_the_share_that_failed_by_a_limit_is_told_apart():
    rows = [
        Row("c0", Arm.CANDIDATE, Outcome.FAILED_LIMIT, False),
        Row("c0", Arm.BASELINE, Outcome.SCORED, True),
    ]

    found = reported(rows)

    assert found.limited == 1
    assert found.not_scored == 0
    assert found.models[0].limited == {Arm.CANDIDATE: 1.0, Arm.BASELINE: 0.0}


def test_what_was_not_scored_is_grouped_by_cause_the_most_frequent_first():
    rows = [
        *(Row(f"c{n}", Arm.CANDIDATE, Outcome.ERROR, False, cause="key_refused") for n in range(3)),
        Row("c0", Arm.BASELINE, Outcome.ERROR, False, cause="judge:endpoint_down"),
        Row("c1", Arm.BASELINE, Outcome.ERROR, False, cause="of a release to come"),
        Row("c2", Arm.BASELINE, Outcome.LIMIT, False),
    ]

    groups = reported(rows, total=8).unscored

    assert [(group.count, group.words) for group in groups] == [
        (3, "the endpoint refused the key"),
        (2, "the run ended before they did"),
        (1, "while judging, the endpoint could not be reached"),
        (1, "something went wrong; the worker's log says more"),
        (1, "a limit was met, in a release that did not count that"),
    ]
    assert groups[0].models == ("m",)


def test_a_model_without_a_scored_trial_says_so():
    found = reported([Row("c0", arm, Outcome.ERROR, False, cause="endpoint_down") for arm in ARMS])

    assert not found.models[0].was_scored


def test_a_report_of_an_earlier_release_has_no_causes():
    old = reported([Row("c0", Arm.CANDIDATE, Outcome.ERROR, False)]).to_json()
    del old["unscored"], old["limited"]
    for model in old["models"]:
        del model["limited"]

    read = report.EvaluationReport.from_json(old)

    assert (read.unscored, read.limited, read.models[0].limited) == ((), 0, {})
