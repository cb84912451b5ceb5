"""Default budgets: applied when somebody first spends, by role, and for all who have none of their own."""

import multiprocessing

import pytest
from django.db import connection

from skills.audit.models import Event
from skills.budgets import allowances, defaults, reserve, settle
from skills.budgets.models import Budget, Period
from skills.budgets.reserve import Busy, Call, OutOfBudget
from skills.budgets.settle import Usage
from skills.budgets.terms import Terms
from skills.lib.errors import Forbidden, Refused
from tests.budgets.making import hold, set_limits
from tests.factories import a_person, a_team, actor


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


def set_default(by, whom="everyone", **terms) -> int:
    return defaults.set_default(actor=actor(by), whom=whom, terms=Terms(**terms))


def limit_of(account) -> int | None:
    return allowances.budget_of(account=account).limit_tokens


def test_a_person_who_first_spends_has_the_default(boss, stranger):
    set_default(boss, limit_tokens=100)

    with pytest.raises(OutOfBudget, match="The budget of stranger has no room"):
        hold(None, stranger, 101)


def test_roles_have_defaults_of_their_own_and_the_highest_counts(boss, owner, mate, stranger, team):
    a_team("alpha", admin=mate)
    for whom, tokens in (("everyone", 1), ("reviewer", 2), ("admin", 3), ("staff", 4)):
        set_default(boss, whom, limit_tokens=tokens)

    assert [limit_of(person) for person in (stranger, owner, mate, boss)] == [1, 3, 3, 4]


def test_who_has_no_budget_of_their_own_follows_the_default(boss, owner, mate):
    set_default(boss, limit_tokens=100)
    hold(None, owner, 10)
    set_limits(boss, allowances.budget_of(account=mate), limit_tokens=7)

    changed = set_default(boss, limit_tokens=200, window="day")

    period = Period.objects.get(budget__account=owner)
    assert (changed, period.limit_tokens, period.held_tokens) == (1, 200, 10)
    assert (limit_of(owner), limit_of(mate)) == (200, 7)
    assert Event.objects.filter(act="budget.default").count() == 2


def test_a_budget_may_follow_the_default_again(boss, owner):
    set_default(boss, limit_tokens=100)
    mine = allowances.budget_of(account=owner)
    set_limits(boss, mine, limit_tokens=7)

    allowances.follow_default(actor=actor(boss), budget=mine)

    assert limit_of(owner) == 100
    assert set_default(boss, limit_tokens=50) == 1


def test_without_its_default_a_role_has_that_of_everybody(boss, owner, team):
    set_default(boss, limit_tokens=100)
    set_default(boss, "admin", limit_tokens=500)
    assert limit_of(owner) == 500

    defaults.remove_default(actor=actor(boss), whom="admin")

    assert limit_of(owner) == 100


def test_the_default_of_teams_is_a_ceiling_for_each_of_them(boss, owner, team):
    set_default(boss, "team", limit_tokens=1_000)
    new = a_team("alpha", admin=owner)

    with pytest.raises(Refused, match="a ceiling of 1,000 tokens"):
        set_limits(owner, allowances.budget_of(team=new), limit_tokens=None)
    assert allowances.budget_of(team=owner.personal_team).limit_tokens is None


def test_only_staff_set_a_default_and_only_one_that_can_be(boss, owner):
    with pytest.raises(Forbidden):
        set_default(owner, limit_tokens=1)
    with pytest.raises(Refused, match="no time zone"):
        set_default(boss, limit_tokens=1, time_zone="Mars/Olympus")
    with pytest.raises(Refused, match="no default"):
        set_default(boss, "robots", limit_tokens=1)

    assert limit_of(owner) is None


def _first_call(account_id: int, served) -> None:
    connection.close()
    try:
        hold = reserve.reserve(
            reserve.charged(team_id=None, account_id=account_id),
            Call(model="m", role="work", tokens=300_000, micros=None),
        )
        settle.settle(hold, Usage(300_000), None)
        with served.get_lock():
            served.value += 1
    except (OutOfBudget, Busy):
        pass
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_first_calls_of_an_unknown_person_make_one_budget_with_the_default(boss, stranger):
    set_default(boss, limit_tokens=500_000)
    connection.close()
    context = multiprocessing.get_context("fork")
    served = context.Value("q", 0)
    calls = [context.Process(target=_first_call, args=(stranger.pk, served)) for _ in range(8)]

    for call in calls:
        call.start()
    for call in calls:
        call.join(60)

    assert [call.exitcode for call in calls] == [0] * 8
    assert served.value == 1
    period = Period.objects.get(budget=Budget.objects.get(account=stranger))
    assert (period.limit_tokens, period.spent_tokens, period.held_tokens) == (500_000, 300_000, 0)
