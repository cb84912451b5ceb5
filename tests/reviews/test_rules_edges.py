"""The ends of the scale of a lift, and the words of refusals and sentences."""

import pytest

from skills.lib.errors import Problem
from skills.people.models import Policy
from skills.reviews.rules import EvaluationSummary, Gate, eval_gates, gate_problems, sentences


@pytest.mark.parametrize(
    ("lift", "passed", "points"), [(1.0, True, "+100"), (0.99, False, "+99"), (-1.0, False, "-100")]
)
def test_a_lift_is_said_in_points_from_minus_a_hundred_to_a_hundred(lift, passed, points):
    evidence = EvaluationSummary(
        scripted=False, conclusive=True, confirmed=0, undecided=0, suspected=0, lift=lift
    )

    gate = eval_gates(Policy(minimum_lift=100), evidence)[1]

    assert gate == Gate("lift", passed, f"The lift is {points} points; +100 are needed on every model.")


def test_a_closed_gate_says_what_to_do_first():
    gate = Gate("scan", passed=False, text="The checks have not finished.")

    assert gate_problems([gate]) == [
        Problem("gate_scan", "The checks have not finished.", "Mend that first; then approve.")
    ]


def test_four_approvals_are_four():
    assert sentences(Policy(approvals_needed=4))[0] == "A version needs four approvals."
