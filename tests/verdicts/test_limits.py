"""What is left of a verdict when trials meet limits: failures that are left out would look like help."""

import os
from dataclasses import dataclass, field

import numpy as np
import pytest

from skills.verdicts import report
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import EvaluationVerdict, Outcome

CASES, REPEATS = 20, 3
RUNS = 4_000 if os.environ.get("SOAK") else 250
ARMS = (Arm.CANDIDATE, Arm.BASELINE)
MODEL = {"id": 1, "label": "m"}
WRITTEN = [
    {"key": f"c{n}", "label": f"case {n}", "trigger": None, "hidden": False, "assertions": []}
    for n in range(CASES)
]


@dataclass(slots=True)
class Row:
    case: str
    arm: Arm
    outcome: Outcome
    passed: bool
    model_id: int = 1
    cause: str = ""
    invoked: bool = True
    micros: int | None = 1
    seconds: float = 1.0
    tokens: int = 1
    grades: list = field(default_factory=list)


def a_run(chance: np.random.Generator, *, share_at_limit: float) -> list[Row]:
    """A run whose skill changes nothing but how failures end: some of them in a limit."""
    rates = chance.beta(2, 2, CASES)
    passes = chance.random((len(ARMS), CASES, REPEATS)) < rates[None, :, None]
    at_limit = chance.random((CASES, REPEATS)) < share_at_limit
    rows = []
    for (arm, case, repeat), passed in np.ndenumerate(passes):
        limited = ARMS[arm] == Arm.CANDIDATE and not passed and at_limit[case, repeat]
        outcome = Outcome.FAILED_LIMIT if limited else Outcome.SCORED
        rows.append(Row(f"c{case}", ARMS[arm], outcome, bool(passed)))
    return rows


def reported(rows: list[Row], total: int | None = None):
    return report.make(cases=WRITTEN, models=[MODEL], arms=list(ARMS), total=total or len(rows), rows=rows)


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
