"""The gates that read evaluations: what opens them, and the one sentence on what is missing."""

from dataclasses import replace

import pytest

from skills.people.models import Policy
from skills.reviews.eval_gates import eval_gates
from skills.reviews.rules import Gate
from skills.verdicts.outcomes import RegressionStatus
from skills.verdicts.pooled import Evidence, ModelEvidence, StandardPlan
from skills.verdicts.shapes import Regression

PLAN = StandardPlan(cases=5, repeats=3, models={1: "haiku", 2: "opus"})
EVERYTHING = Policy(evals_required=True, no_regression=True, minimum_lift=10, discerning_cases=True)


def on(label, **facts):
    usual = {"cases": 6, "missing": 0, "planned": 36, "lift": 0.5, "at_least": 0.3}
    return ModelEvidence(label=label, **usual | facts)


GOOD = Evidence(models=(on("haiku"), on("opus")), compared_with="1.0.0", is_compared=True)


def gate(name, evidence, plan=PLAN, policy=EVERYTHING):
    return next(gate for gate in eval_gates(policy, plan, evidence) if gate.name == name)


def test_no_evaluation_is_asked_for_where_no_policy_does():
    assert eval_gates(Policy(), PLAN, None) == []


def test_evidence_of_the_whole_plan_opens_every_gate():
    assert eval_gates(EVERYTHING, PLAN, GOOD) == [
        Gate("evals", True, "These bytes have been evaluated: 6 cases on 2 models, 3 repeats or more."),
        Gate("regression", True, "There is no regression against the approved 1.0.0."),
        Gate(
            "lift",
            True,
            "The lift on haiku is +50 points, the lower end of its interval +30;"
            " +10 is needed on every model.",
        ),
        Gate("cases", True, "Every case has an assertion that the model fails without the skill."),
    ]


@pytest.mark.parametrize(
    ("evidence", "plan", "text"),
    [
        (None, PLAN, "These bytes have not been evaluated."),
        (replace(GOOD, is_running=True), PLAN, "An evaluation of these bytes is still going on."),
        (Evidence(is_scripted=True), PLAN, "The evaluation replayed a script, which proves nothing."),
        (
            Evidence(is_early=True),
            PLAN,
            "These bytes were evaluated before they were submitted; evaluate the version itself.",
        ),
        (
            GOOD,
            replace(PLAN, unknown_models=("sonnet",)),
            "The policy asks for models that are not there: sonnet.",
        ),
        (GOOD, replace(PLAN, models={}), "The team has no model to evaluate on."),
        (replace(GOOD, silent_models=("opus",)), PLAN, "There is no result on opus."),
        (
            replace(GOOD, models=(on("haiku"), on("opus", cases=1))),
            PLAN,
            "1 case ran on every model, with the skill and without; 5 are needed.",
        ),
        (replace(GOOD, unrun_hidden_cases=1), PLAN, "1 hidden case has not been run."),
        (replace(GOOD, unrun_hidden_cases=2), PLAN, "2 hidden cases have not been run."),
        (
            replace(GOOD, models=(on("haiku"), on("opus", missing=4))),
            PLAN,
            "4 of the 36 trials of opus have no result; 3 repeats of each case are needed.",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_sentence_and_shuts_every_gate(evidence, plan, text):
    gates = eval_gates(EVERYTHING, plan, evidence)

    assert gates[0] == Gate("evals", False, text)
    assert not any(gate.passed for gate in gates)


def test_a_trial_in_ten_may_be_without_a_result():
    assert gate("evals", replace(GOOD, models=(on("haiku", missing=3),))).passed


@pytest.mark.parametrize(
    ("status", "words"),
    [("confirmed", "confirmed"), ("undecided", "undecided"), ("suspected", "to be run again")],
)
def test_no_regression_that_is_not_cleared_lets_pass(status, words):
    found = Regression(case="k", label="refund", model=1, on="haiku", status=RegressionStatus(status))

    shut = gate("regression", replace(GOOD, regressions=(found,)))

    assert shut == Gate("regression", False, f"Regressions: 1 {words} (refund on haiku).")


def test_a_version_that_was_not_compared_with_the_approved_one_of_today_does_not_pass():
    shut = gate("regression", replace(GOOD, is_compared=False))

    text = "Not every case ran with the approved 1.0.0 too; evaluate once more."
    assert shut == Gate("regression", False, text)


def test_a_model_that_does_worse_as_a_whole_shuts_the_gate():
    shut = gate("regression", replace(GOOD, worse_models=("haiku",)))

    assert shut == Gate("regression", False, "The version does worse than the approved 1.0.0 on haiku.")


def test_a_first_version_has_nothing_to_do_worse_than():
    assert gate("regression", replace(GOOD, compared_with="", is_compared=False)).passed


@pytest.mark.parametrize(
    ("at_least", "minimum", "passed"),
    [(0.1, 10, True), (0.0999, 10, False), (0.0, 0, True), (-0.001, 0, False), (1.0, 100, True)],
)
def test_the_lower_end_of_the_weakest_model_is_compared(at_least, minimum, passed):
    evidence = replace(GOOD, models=(on("haiku", at_least=at_least), on("opus", at_least=1.0)))

    assert gate("lift", evidence, policy=Policy(minimum_lift=minimum)).passed is passed


def test_a_lift_without_an_interval_is_none():
    evidence = replace(GOOD, models=(on("haiku", cases=4, at_least=None),))

    shut = gate("lift", evidence, plan=replace(PLAN, cases=1))

    text = "Fewer than 5 cases prove no lift; +10 is needed on every model."
    assert shut == Gate("lift", False, text)


def test_cases_in_which_the_bare_model_fails_nothing_are_named():
    shut = gate("cases", replace(GOOD, blunt_cases=("a", "b", "c", "d")))

    assert shut == Gate(
        "cases", False, "Without the skill the model fails no assertion of a, b, c and 1 more."
    )
