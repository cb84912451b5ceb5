"""What staff set is the most that those below them can set, by whichever act."""

import pytest

from skills.audit.models import Event
from skills.budgets import allowances
from skills.budgets.models import Budget, Period
from skills.lib.errors import Forbidden, Refused
from tests.budgets.making import hold, set_limits
from tests.factories import a_person, actor


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


@pytest.fixture
def budget(boss, team) -> Budget:
    """Staff let the team have a thousand tokens and fifty micros a month."""
    found = allowances.budget_of(team=team)
    set_limits(boss, found, limit_tokens=1_000, limit_micros=50)
    return found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"limit_tokens": None}, "a ceiling of 1,000 tokens; it cannot be no limit"),
        ({"limit_tokens": 1_001}, "it cannot be 1,001 tokens"),
        ({"limit_micros": None}, "it cannot be no limit"),
        ({"limit_micros": 51}, "a ceiling of"),
        ({"hard": False}, "it cannot only warn"),
        ({"window": "day"}, "The period is set with the ceiling"),
        ({"time_zone": "Asia/Tokyo"}, "The period is set with the ceiling"),
        ({"starts_on": 2}, "The period is set with the ceiling"),
    ],
)
def test_an_admin_of_the_team_cannot_pass_the_ceiling(change, words, budget, owner):
    with pytest.raises(Refused, match=words) as refusal:
        set_limits(owner, budget, **{"limit_tokens": 1_000, "limit_micros": 50} | change)

    assert {problem.code for problem in refusal.value.problems} == {"over_ceiling"}
    period = Period.objects.get()
    assert (period.limit_tokens, period.limit_micros) == (1_000, 50)
    assert Event.objects.filter(act="budget.limits").count() == 1


def test_an_admin_of_the_team_sets_less_and_again_as_much_as_the_ceiling(budget, owner):
    set_limits(owner, budget, limit_tokens=10, limit_micros=5)
    set_limits(owner, budget, limit_tokens=1_000, limit_micros=50)

    budget.refresh_from_db()
    assert (budget.limit_tokens, budget.ceiling_tokens) == (1_000, 1_000)


@pytest.mark.parametrize("amounts", [{"tokens": 1, "micros": 0}, {"tokens": 0, "micros": 1}])
def test_a_grant_passes_no_ceiling_either(amounts, budget, owner):
    with pytest.raises(Refused, match="Staff set a ceiling"):
        allowances.grant(actor=actor(owner), budget=budget, note="more", **amounts)

    assert Period.objects.get().limit_tokens == 1_000


def test_staff_grant_beyond_the_ceiling_for_one_period(budget, boss):
    allowances.grant(actor=actor(boss), budget=budget, tokens=500, micros=0, note="release week")

    budget.refresh_from_db()
    assert (Period.objects.get().limit_tokens, budget.ceiling_tokens) == (1_500, 1_000)


def test_a_limit_of_staff_that_only_warns_is_no_ceiling(budget, boss, owner):
    set_limits(boss, budget, limit_tokens=1_000, hard=False)

    set_limits(owner, budget, limit_tokens=None)

    budget.refresh_from_db()
    assert (budget.limit_tokens, budget.has_ceiling) == (None, False)


@pytest.mark.parametrize("part", [{"account": "mate"}, {"model": "large"}, {"each": "session"}])
def test_a_part_of_a_team_has_at_most_what_the_team_has(part, request, budget, team, owner):
    named = {name: request.getfixturevalue(of) if name == "account" else of for name, of in part.items()}
    share = allowances.part_of(actor=actor(owner), team=team, **named)

    with pytest.raises(Refused, match="The team crew has 1,000 tokens"):
        set_limits(owner, share, limit_tokens=1_001)
    set_limits(owner, share, limit_tokens=1_000)

    share.refresh_from_db()
    assert share.limit_tokens == 1_000


def test_what_staff_set_for_a_part_binds_the_admins_of_the_team_too(budget, boss, team, owner, mate):
    share = allowances.part_of(actor=actor(boss), team=team, account=mate)
    set_limits(boss, share, limit_tokens=100)

    with pytest.raises(Refused, match="a ceiling of 100 tokens"):
        set_limits(owner, share, limit_tokens=101)


def test_nobody_raises_their_own_limit(budget, boss, owner, mate, team):
    mine = allowances.budget_of(account=owner)
    share = allowances.part_of(actor=actor(owner), team=team, account=mate)

    with pytest.raises(Forbidden):
        set_limits(owner, mine, limit_tokens=10**9)
    with pytest.raises(Forbidden):
        set_limits(mate, share, limit_tokens=10**9)


def test_a_ceiling_is_charged_whatever_the_parts_say(budget, team, owner, mate):
    for person in (owner, mate):
        share = allowances.part_of(actor=actor(owner), team=team, account=person)
        set_limits(owner, share, limit_tokens=1_000)

    hold(team, mate, 900, 0)

    with pytest.raises(Exception, match="Calls in flight"):
        hold(team, owner, 101, 0)


def test_a_part_is_in_the_audit_log_before_anything_is_limited(boss, mate, team):
    for _ in range(2):
        allowances.part_of(actor=actor(boss), team=team, account=mate)

    assert [event.actor for event in Event.objects.filter(act="budget.part")] == [boss]
