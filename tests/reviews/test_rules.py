"""The policy of a team: its sentences, its gates and who may approve whose version."""

import pytest

from skills.people.models import Policy
from skills.reviews.rules import Gate, gate_problems, gates, sentences


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
        discerning_cases=True,
        standard_cases=8,
        standard_repeats=1,
        standard_models=["haiku", "opus"],
    )

    assert sentences(policy) == [
        "A version needs five approvals.",
        "Authors may approve their own versions, which then reach the team only.",
        "High findings of the checks need a waiver with a reason.",
        "A version must have been evaluated.",
        "Nothing may do worse than the approved version.",
        "On every model a version must lift the pass rate by 10 points or more.",
        "Every case must have an assertion that the model fails without the skill.",
        "An evaluation counts with 8 cases and 1 repeat on haiku, opus.",
    ]


def test_a_standard_plan_without_models_asks_for_every_one():
    line = sentences(Policy(evals_required=True))[-1]

    assert line == "An evaluation counts with 5 cases and 3 repeats on every model of the team."


@pytest.mark.parametrize(
    ("points", "words"),
    [(0, "by 0 points or more"), (1, "by 1 point or more"), (100, "by 100 points or more")],
)
def test_the_lift_is_said_in_points_and_none_is_not_zero(points, words):
    assert words in sentences(Policy(minimum_lift=points))[-2]
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
