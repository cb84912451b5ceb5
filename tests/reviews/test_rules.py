"""The policy of a team: its sentences, its gates and who may approve whose version."""

import pytest

from skills.people.models import Policy
from skills.reviews.rules import (
    EvaluationSummary,
    Gate,
    eval_gates,
    gate_problems,
    gates,
    sentences,
)


def evidence(**facts):
    proof = {
        "scripted": False,
        "conclusive": True,
        "confirmed": 0,
        "undecided": 0,
        "suspected": 0,
        "lift": 0.2,
    }
    return EvaluationSummary(**proof | facts)


@pytest.mark.parametrize(
    ("count", "words"), [(1, "one approval"), (2, "two approvals"), (3, "three approvals")]
)
def test_the_first_sentence_counts_the_approvals(count, words):
    assert sentences(Policy(approvals_needed=count))[0] == f"A version needs {words}."


@pytest.mark.parametrize("count", range(1, 6))
def test_every_number_of_approvals_that_a_policy_takes_has_its_word(count):
    assert sentences(Policy(approvals_needed=count))[0].endswith(("approval.", "approvals."))


def test_a_policy_without_wishes_is_three_sentences():
    policy = Policy(approvals_needed=1, self_approval=False, scan_gate=False)

    assert sentences(policy) == [
        "A version needs one approval.",
        "Nobody approves a version of their own.",
        "Findings of the checks are shown and do not stop an approval.",
    ]


def test_a_policy_with_every_wish_says_each():
    policy = Policy(
        approvals_needed=5,
        self_approval=True,
        scan_gate=True,
        evals_required=True,
        no_regression=True,
        minimum_lift=10,
    )

    assert sentences(policy) == [
        "A version needs five approvals.",
        "Authors may approve their own versions, which then reach the team only.",
        "High findings of the checks need a waiver with a reason.",
        "A version must have been evaluated.",
        "Nothing may do worse than the approved version.",
        "On every model a version must lift the pass rate by 10 points or more.",
    ]


@pytest.mark.parametrize(
    ("points", "words"),
    [(0, "by 0 points or more"), (1, "by 1 point or more"), (100, "by 100 points or more")],
)
def test_the_lift_is_said_in_points_and_none_is_not_zero(points, words):
    assert words in sentences(Policy(minimum_lift=points))[-1]
    assert not any("pass rate" in line for line in sentences(Policy(minimum_lift=None)))


def test_the_checks_must_have_finished_whatever_the_policy_says():
    policy = Policy(scan_gate=False)

    assert gates(policy, scan_done=False, open_findings=0) == [
        Gate("scan", passed=False, text="The checks have not finished.")
    ]
    assert gates(policy, scan_done=True, open_findings=3) == [
        Gate("scan", passed=True, text="The checks have finished.")
    ]


@pytest.mark.parametrize(
    ("count", "passed", "text"),
    [
        (0, True, "No high finding is left without a waiver."),
        (1, False, "1 high finding waits for a waiver with a reason."),
        (2, False, "2 high findings wait for a waiver with a reason."),
    ],
)
def test_high_findings_close_the_gate_where_the_policy_asks_for_it(count, passed, text):
    found = gates(Policy(scan_gate=True), scan_done=True, open_findings=count)

    assert found[1:] == [Gate("findings", passed, text)]


def test_the_gates_of_an_evaluation_follow_those_of_the_checks():
    extra = Gate("evals", passed=True, text="Done.")

    found = gates(Policy(scan_gate=True), scan_done=True, open_findings=0, extra=[extra])

    assert [gate.name for gate in found] == ["scan", "findings", "evals"]


def test_no_evaluation_is_asked_for_where_no_policy_does():
    assert eval_gates(Policy(), None) == []
    assert eval_gates(Policy(), evidence(confirmed=3)) == []


@pytest.mark.parametrize(
    "policy",
    [Policy(evals_required=True), Policy(no_regression=True), Policy(minimum_lift=0)],
    ids=["required", "no regression", "lift"],
)
@pytest.mark.parametrize(
    ("proof", "passed", "text"),
    [
        (None, False, "These bytes have not been evaluated."),
        (evidence(scripted=True), False, "The evaluation replayed a script, which proves nothing."),
        (evidence(conclusive=False), False, "The evaluation was inconclusive."),
        (evidence(), True, "These bytes have been evaluated."),
    ],
    ids=["none", "scripted", "inconclusive", "proof"],
)
def test_whatever_asks_about_an_evaluation_needs_one_that_proves_something(policy, proof, passed, text):
    assert eval_gates(policy, proof)[0] == Gate("evals", passed, text)


@pytest.mark.parametrize(
    ("regressions", "text"),
    [
        ({}, "No regression is confirmed, undecided or to be run again."),
        ({"confirmed": 1}, "Regressions: 1 confirmed."),
        ({"undecided": 2}, "Regressions: 2 undecided."),
        ({"suspected": 1}, "Regressions: 1 to be run again."),
        (
            {"confirmed": 2, "undecided": 1, "suspected": 3},
            "Regressions: 2 confirmed, 1 undecided, 3 to be run again.",
        ),
    ],
    ids=["none", "confirmed", "undecided", "suspected", "all"],
)
def test_only_a_run_without_any_open_regression_opens_the_gate(regressions, text):
    gate = eval_gates(Policy(no_regression=True), evidence(**regressions))[1]

    assert gate == Gate("regression", passed=not regressions, text=text)


def test_without_an_evaluation_regressions_are_not_known():
    gate = eval_gates(Policy(no_regression=True), None)[1]

    assert gate == Gate("regression", passed=False, text="Regressions are not known yet.")


@pytest.mark.parametrize("doubt", [{"scripted": True}, {"conclusive": False}])
def test_an_evaluation_that_proves_nothing_opens_no_gate(doubt):
    policy = Policy(evals_required=True, no_regression=True, minimum_lift=0)

    assert [gate.passed for gate in eval_gates(policy, evidence(**doubt))] == [False, False, False]


@pytest.mark.parametrize(
    ("lift", "minimum", "passed", "text"),
    [
        (0.10, 10, True, "The lift is +10 points; +10 are needed on every model."),
        (0.094, 10, False, "The lift is +9 points; +10 are needed on every model."),
        (0.095, 10, True, "The lift is +10 points; +10 are needed on every model."),
        (0.0, 0, True, "The lift is +0 points; +0 are needed on every model."),
        (-0.2, 0, False, "The lift is -20 points; +0 are needed on every model."),
        (None, 0, False, "The lift is unknown; +0 are needed on every model."),
    ],
)
def test_the_lift_is_compared_in_whole_points(lift, minimum, passed, text):
    gate = eval_gates(Policy(minimum_lift=minimum), evidence(lift=lift))[1]

    assert gate == Gate("lift", passed, text)


def test_without_an_evaluation_the_lift_is_unknown():
    gate = eval_gates(Policy(minimum_lift=5), None)[1]

    assert gate == Gate("lift", passed=False, text="The lift is unknown; +5 are needed on every model.")


def test_the_four_gates_come_in_one_order():
    policy = Policy(scan_gate=True, evals_required=True, no_regression=True, minimum_lift=1)

    found = gates(policy, scan_done=True, open_findings=0, extra=eval_gates(policy, evidence()))

    assert [(gate.name, gate.passed) for gate in found] == [
        ("scan", True),
        ("findings", True),
        ("evals", True),
        ("regression", True),
        ("lift", True),
    ]


def test_each_closed_gate_is_a_problem_with_its_code_and_a_remedy():
    found = [
        Gate("scan", passed=True, text="Fine."),
        Gate("findings", passed=False, text="Look."),
        Gate("evals", passed=False, text="Run."),
    ]

    problems = gate_problems(found)

    assert [(problem.code, problem.text) for problem in problems] == [
        ("gate_findings", "Look."),
        ("gate_evals", "Run."),
    ]
    assert all(problem.remedy for problem in problems)


def test_open_gates_are_no_problem():
    assert gate_problems([]) == []
    assert gate_problems([Gate("scan", passed=True, text="Fine.")]) == []
