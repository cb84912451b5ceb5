"""The words of refusals and sentences."""

from skills.lib.errors import Problem
from skills.people.models import Policy
from skills.reviews.rules import Gate, gate_problems, sentences


def test_a_closed_gate_says_what_to_do_first():
    gate = Gate("scan", passed=False, text="The checks have not finished.")

    assert gate_problems([gate]) == [
        Problem("gate_scan", "The checks have not finished.", "Mend that first; then approve.")
    ]


def test_four_approvals_are_four():
    assert sentences(Policy(approvals_needed=4))[0] == "A version needs four approvals."
