"""Marks: who hears that a budget fills, and how often."""

import pytest

from skills.budgets import allowances, settle
from skills.budgets.models import Budget
from skills.budgets.reserve import OutOfBudget
from skills.budgets.settle import Usage
from skills.flows import budgets
from skills.notices.models import Notice
from tests.budgets.making import hold, set_limits
from tests.factories import a_person, actor


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


@pytest.fixture
def mine(boss, owner) -> Budget:
    found = allowances.budget_of(account=owner)
    set_limits(boss, found, limit_tokens=100)
    return found


def spend(account, tokens: int, team=None) -> None:
    settle.settle(hold(team, account, tokens), Usage(tokens), None)


def heard(account) -> list[str]:
    """What the next sweeps tell ACCOUNT."""
    known = set(Notice.objects.values_list("pk", flat=True))
    for _ in range(2):
        budgets.charge_and_warn()
    new = Notice.objects.filter(account=account).exclude(pk__in=known)
    return list(new.order_by("pk").values_list("text", flat=True))


def test_each_mark_is_told_once_to_the_person_and_to_who_manages_the_budget(mine, boss, owner, stranger):
    told = []
    for tokens in (49, 1, 30, 5, 15):
        spend(owner, tokens)
        told.append((heard(owner), Notice.objects.filter(account=boss).count()))

    assert told == [
        ([], 0),
        (["50 % of the budget of owner is used"], 1),
        (["80 % of the budget of owner is used"], 2),
        ([], 2),
        (["100 % of the budget of owner is used"], 3),
    ]
    assert set(Notice.objects.filter(account=boss).values_list("kind", flat=True)) == {"budget_of_others"}
    assert not Notice.objects.filter(account=stranger).exists()


def test_of_several_marks_passed_at_once_the_highest_is_told(mine, owner):
    spend(owner, 90)

    assert heard(owner) == ["90 % of the budget of owner is used"]


def test_a_refused_call_reaches_the_last_mark(mine, owner):
    spend(owner, 60)
    for _ in range(3):
        with pytest.raises(OutOfBudget):
            hold(None, owner, 41)

    assert heard(owner) == ["Calls stop at the budget of owner: 60 % is used, and the next call did not fit"]


def test_a_grant_lets_a_mark_be_reached_again(mine, boss, owner):
    spend(owner, 90)
    heard(owner)
    allowances.grant(actor=actor(boss), budget=mine, tokens=100, micros=0, note="release week")

    assert heard(owner) == []
    spend(owner, 80)
    assert heard(owner) == ["85 % of the budget of owner is used"]


def test_marks_are_chosen_and_none_tells_nobody(mine, boss, owner):
    set_limits(boss, mine, limit_tokens=100, marks=())
    spend(owner, 95)
    assert heard(owner) == []

    set_limits(boss, mine, limit_tokens=100, marks=(95,))

    assert heard(owner) == ["95 % of the budget of owner is used"]


def test_of_a_team_its_admins_hear(boss, owner, mate, team):
    set_limits(boss, allowances.budget_of(team=team), limit_tokens=100)
    spend(mate, 50, team)

    assert heard(owner) == ["50 % of the budget of the team crew is used"]
    assert not Notice.objects.filter(account__in=[mate, boss]).exists()
