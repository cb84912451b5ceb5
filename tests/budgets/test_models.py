"""Budgets and periods as values: who owns one, what is left, how much of the tighter limit is used."""

import pytest
from django.db import IntegrityError, transaction

from skills.budgets.models import Budget, EntryKind, Hold, LedgerEntry, Period
from skills.lib.clock import now
from skills.people.models import Account, Team

CREW = Team(handle="crew")
ANN = Account(username="ann")


@pytest.mark.parametrize(
    ("budget", "owner"),
    [
        (Budget(), "the instance"),
        (Budget(team=CREW), "the team crew"),
        (Budget(account=ANN), "ann"),
    ],
)
def test_a_budget_says_whose_it_is(budget, owner):
    assert budget.owner == owner
    assert str(budget) == f"budget of {owner}"


@pytest.mark.parametrize(
    ("limit", "spent", "held", "left"),
    [
        (None, 0, 0, None),
        (None, 500, 500, None),
        (0, 0, 0, 0),
        (100, 0, 0, 100),
        (100, 60, 39, 1),
        (100, 60, 40, 0),
        (100, 60, 41, 0),
        (100, 500, 0, 0),
    ],
)
def test_what_is_left_is_never_less_than_nothing(limit, spent, held, left):
    by_tokens = Period(limit_tokens=limit, spent_tokens=spent, held_tokens=held)
    by_micros = Period(limit_micros=limit, spent_micros=spent, held_micros=held)

    assert (by_tokens.left_tokens, by_tokens.left_micros) == (left, None)
    assert (by_micros.left_tokens, by_micros.left_micros) == (None, left)


@pytest.mark.parametrize(
    ("values", "percent"),
    [
        ({}, None),
        ({"spent_tokens": 10}, None),
        ({"limit_tokens": 0}, None),
        ({"limit_tokens": 100}, 0),
        ({"limit_tokens": 100, "spent_tokens": 50, "held_tokens": 29}, 79),
        ({"limit_tokens": 1_000, "spent_tokens": 799}, 79),
        ({"limit_tokens": 1_000, "spent_tokens": 800}, 80),
        ({"limit_tokens": 100, "spent_tokens": 500}, 500),
        ({"limit_micros": 100, "held_micros": 7}, 7),
        ({"limit_tokens": 100, "spent_tokens": 20, "limit_micros": 100, "spent_micros": 30}, 30),
        ({"limit_tokens": 100, "spent_tokens": 40, "limit_micros": 100, "spent_micros": 30}, 40),
    ],
)
def test_the_tighter_limit_counts(values, percent):
    assert Period(**values).percent == percent


def test_rows_name_themselves_in_logs():
    at = now().replace(year=2026, month=11, day=1)

    assert str(Period(budget=Budget(team=CREW), starts_at=at)) == "budget of the team crew from 2026-11-01"
    assert str(Hold(tokens=40, model="large", state="lost")) == "40 tokens for large (lost)"
    assert str(LedgerEntry(kind=EntryKind.GRANT, tokens=500)) == "grant 500 tokens"


@pytest.mark.parametrize(
    ("of", "constraint"),
    [
        ({"model": "large"}, "budget_of_a_model_is_a_team_s"),
        ({"each": "session"}, "budget_of_each_is_somebody_s"),
        ({"account": True, "each": "run"}, "budget_of_each_is_somebody_s"),
        ({"account": True, "model": "large"}, "budget_of_a_model_is_a_team_s"),
    ],
)
def test_a_budget_is_of_one_kind(of, constraint, owner):
    columns = of | ({"account": owner} if "account" in of else {})

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Budget.objects.create(**columns)


def test_the_instance_has_one_budget(db):
    Budget.objects.create()

    with pytest.raises(IntegrityError, match="one_budget_of_each_kind"), transaction.atomic():
        Budget.objects.create()


@pytest.mark.parametrize("column", ["spent_tokens", "held_tokens", "spent_micros", "held_micros"])
def test_no_counter_falls_below_nothing(column, db):
    period = Period.objects.create(budget=Budget.objects.create(), starts_at=now())

    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.filter(pk=period.pk).update(**{column: -1})


def test_a_period_begins_once(db):
    budget, at = Budget.objects.create(), now()
    Period.objects.create(budget=budget, starts_at=at)

    with pytest.raises(IntegrityError, match="one_period_per_start"), transaction.atomic():
        Period.objects.create(budget=budget, starts_at=at)
