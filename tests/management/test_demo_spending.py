"""The invented spending of a demo: reports have something to show, and the books still agree."""

import pytest

from skills.budgets import verify
from skills.budgets.call_roles import CallRole
from skills.budgets.spending import CallFilter, Dimension, Reach, last_days, report
from skills.management import demo_spending
from skills.usage.field import field_report
from tests.factories import actor, an_approved

pytestmark = pytest.mark.django_db


def test_a_demo_has_a_month_of_spending_that_says_that_it_is_invented(owner, mate, team):
    version = an_approved(owner, mate, team)

    demo_spending.invent([owner, mate])

    made = report(Reach(team=team), last_days(30), CallFilter(), Dimension.AGENT)
    assert {part.key for part in made.parts} == set(demo_spending.AGENTS)
    assert sum(amount.calls > 0 for _, amount in made.steps) > 12
    by_purpose = report(Reach(), last_days(30), CallFilter(), Dimension.PURPOSE)
    assert [part.key for part in by_purpose.parts] == [CallRole.TOLD]
    assert field_report(actor(owner), version.skill).uses > 30
    assert verify.differences() == [] and verify.sum_differences() == []
