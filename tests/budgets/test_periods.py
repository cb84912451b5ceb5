"""Periods by time zone and first day; what is spent goes on when the period of a budget is changed."""

from datetime import UTC, datetime, timedelta

import pytest

from skills.budgets import allowances, selectors, settle, verify
from skills.budgets.models import SPENDING, Budget, LedgerEntry, Period
from skills.budgets.reserve import Busy
from skills.budgets.settle import Usage
from skills.budgets.terms import Terms, bounds
from skills.lib.clock import now
from tests.budgets.making import hold, set_limits
from tests.factories import actor


@pytest.fixture
def budget(team) -> Budget:
    return allowances.budget_of(team=team)


@pytest.mark.parametrize(
    ("terms", "at", "starts", "ends"),
    [
        ({"window": "day", "time_zone": "Asia/Tokyo"}, (3, 1, 8), (2, 28, 15), (3, 1, 15)),
        # Clocks go forward on March 29 in Zurich: that day has 23 hours.
        ({"window": "day", "time_zone": "Europe/Zurich"}, (3, 29, 12), (3, 28, 23), (3, 29, 22)),
        ({"window": "week", "starts_on": 7}, (3, 4, 0), (3, 1, 0), (3, 8, 0)),
        ({"window": "week", "starts_on": 3}, (3, 4, 0), (3, 4, 0), (3, 11, 0)),
        ({"window": "month", "starts_on": 15}, (3, 14, 23), (2, 15, 0), (3, 15, 0)),
        ({"window": "month", "starts_on": 15}, (3, 15, 0), (3, 15, 0), (4, 15, 0)),
        ({"window": "month", "starts_on": 28}, (3, 1, 0), (2, 28, 0), (3, 28, 0)),
    ],
)
def test_a_period_begins_by_the_clock_of_its_zone_on_its_first_day(terms, at, starts, ends):
    found = bounds(Terms(**terms), datetime(2026, *at, tzinfo=UTC))

    assert found == (datetime(2026, *starts, tzinfo=UTC), datetime(2026, *ends, tzinfo=UTC))


def test_what_is_spent_and_held_goes_on_through_every_change_of_the_period(owner, team, budget):
    settle.settle(hold(team, owner, 80), Usage(80), None)
    waiting = hold(team, owner, 15)

    for window in ("week", "day", "none", "month", "week", "month"):
        set_limits(owner, budget, window=window, limit_tokens=100)
        with pytest.raises(Busy):
            hold(team, owner, 10)
    settle.settle(waiting, Usage(15), None)

    assert selectors.standing(team=team).period.spent_tokens == 95
    assert verify.differences() == []


def test_a_longer_period_takes_up_what_its_earlier_parts_have_spent_once(owner, team, budget):
    set_limits(owner, budget, window="day", limit_tokens=100)
    settle.settle(hold(team, owner, 30, 3), Usage(30), 3)
    ago = now() - timedelta(days=1)
    Period.objects.filter(budget=budget).update(starts_at=ago, ends_at=now() - timedelta(hours=1))
    settle.settle(hold(team, owner, 20, 2), Usage(20), 2)

    for window in ("none", "day", "none"):
        set_limits(owner, budget, window=window, limit_tokens=100)

    period = selectors.standing(team=team).period
    assert (period.spent_tokens, period.spent_micros) == (50, 5)
    assert LedgerEntry.objects.filter(period=period, kind="carry").count() == 1
    spent = LedgerEntry.objects.filter(period__budget=budget, kind__in=SPENDING)
    assert sum(entry.tokens for entry in spent) == 50
    assert verify.differences() == []


def test_a_new_limit_keeps_what_was_granted(owner, team, budget):
    set_limits(owner, budget, limit_tokens=100)
    allowances.grant(actor=actor(owner), budget=budget, tokens=50, micros=0, note="release week")

    set_limits(owner, budget, limit_tokens=200)

    assert selectors.standing(team=team).period.limit_tokens == 250


def test_a_limit_raised_while_calls_wait_lets_them_go_on(owner, team, budget):
    set_limits(owner, budget, limit_tokens=100)
    hold(team, owner, 80)
    with pytest.raises(Busy):
        hold(team, owner, 50)

    set_limits(owner, budget, limit_tokens=130)

    assert hold(team, owner, 50)


def test_a_grant_ends_at_its_time_and_what_was_used_of_it_stays_spent(owner, team, budget):
    set_limits(owner, budget, limit_tokens=100)
    allowances.grant(
        actor=actor(owner),
        budget=budget,
        tokens=50,
        micros=0,
        note="until tonight",
        expires_at=now() + timedelta(hours=1),
    )
    settle.settle(hold(team, owner, 140), Usage(140), None)
    assert allowances.end_expired_grants() == 0
    budget.periods.get().grants.update(expires_at=now())

    ended = [allowances.end_expired_grants() for _ in range(2)]

    period = selectors.standing(team=team).period
    assert ended == [1, 0]
    assert (period.limit_tokens, period.spent_tokens, period.left_tokens) == (100, 140, 0)
    lines = LedgerEntry.objects.filter(kind="grant").order_by("pk")
    assert list(lines.values_list("tokens", flat=True)) == [50, -50]
    assert verify.differences() == []
