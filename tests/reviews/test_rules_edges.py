"""The ends of the scale of a lift."""

import pytest

from skills.people.models import Policy
from skills.reviews.rules import Evidence, Gate, eval_gates


@pytest.mark.parametrize(
    ("lift", "passed", "points"), [(1.0, True, "+100"), (0.99, False, "+99"), (-1.0, False, "-100")]
)
def test_a_lift_is_said_in_points_from_minus_a_hundred_to_a_hundred(lift, passed, points):
    evidence = Evidence(scripted=False, conclusive=True, confirmed=0, suspected=0, lift=lift)

    gate = eval_gates(Policy(minimum_lift=100), evidence)[1]

    assert gate == Gate("lift", passed, f"The lift is {points} points; +100 are needed on every model.")
