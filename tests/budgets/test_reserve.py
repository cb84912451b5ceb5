"""Holding: to the last token and not beyond, in all periods or in none, with the reason of a refusal."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.budgets import allowances, reserve, settle
from skills.budgets.models import Budget, Hold, Period, Window
from skills.budgets.reserve import Busy, Call, OutOfBudget, Unpriced, charged, current
from skills.budgets.settle import Usage
from skills.budgets.terms import Terms, bounds
from skills.lib.clock import now
from tests.budgets.making import hold, set_limits
from tests.factories import a_person


@pytest.fixture
def budget(team):
    return allowances.budget_of(team=team)


def held() -> set[int]:
    return set(Period.objects.values_list("held_tokens", flat=True))


@pytest.mark.parametrize(
    ("window", "at", "starts", "ends"),
    [
        ("day", (2026, 3, 1, 0, 0), (2026, 3, 1), (2026, 3, 2)),
        ("day", (2026, 12, 31, 23, 59), (2026, 12, 31), (2027, 1, 1)),
        ("week", (2026, 11, 27, 12, 0), (2026, 11, 23), (2026, 11, 30)),
        ("week", (2026, 11, 23, 0, 0), (2026, 11, 23), (2026, 11, 30)),
        ("week", (2026, 11, 29, 23, 59), (2026, 11, 23), (2026, 11, 30)),
        ("week", (2027, 1, 1, 8, 0), (2026, 12, 28), (2027, 1, 4)),
        ("month", (2026, 2, 28, 23, 59), (2026, 2, 1), (2026, 3, 1)),
        ("month", (2028, 2, 29, 1, 0), (2028, 2, 1), (2028, 3, 1)),
        ("month", (2026, 12, 31, 23, 59), (2026, 12, 1), (2027, 1, 1)),
        ("month", (2026, 1, 31, 5, 0), (2026, 1, 1), (2026, 2, 1)),
    ],
)
def test_a_window_is_a_day_a_week_or_a_month_of_utc(window, at, starts, ends):
    assert bounds(Terms(window=window), datetime(*at, tzinfo=UTC)) == (
        datetime(*starts, tzinfo=UTC),
        datetime(*ends, tzinfo=UTC),
    )


def test_a_moment_of_another_zone_is_read_in_utc():
    tokyo = timezone(timedelta(hours=9))

    starts, ends = bounds(Terms(window="day"), datetime(2026, 3, 1, 8, 0, tzinfo=tokyo))

    assert (starts, ends) == (datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))


def test_a_budget_for_ever_has_begun_and_never_ends():
    starts, ends = bounds(Terms(window="none"), datetime(2026, 3, 1, tzinfo=UTC))

    assert (starts, ends) == (datetime(2000, 1, 1, tzinfo=UTC), None)


@given(st.sampled_from(["day", "week", "month"]), st.integers(min_value=0, max_value=60 * 24 * 366 * 80))
def test_windows_follow_each_other_without_gap_or_overlap(window, minutes):
    at = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    terms = Terms(window=window)

    starts, ends = bounds(terms, at)

    assert starts <= at < ends
    assert bounds(terms, ends)[0] == ends
    assert bounds(terms, ends - timedelta(microseconds=1)) == (starts, ends)


def test_a_period_is_made_on_its_first_use_and_found_afterwards(budget):
    first = current(budget)

    assert current(budget) == first
    assert (first.limit_tokens, first.spent_tokens, first.held_tokens) == (None, 0, 0)
    assert Period.objects.count() == 1


def test_a_period_takes_the_limits_its_budget_has_then(owner, budget):
    set_limits(owner, budget, limit_tokens=500, limit_micros=7)
    Period.objects.all().delete()
    budget.refresh_from_db()

    period = current(budget)

    assert (period.limit_tokens, period.limit_micros) == (500, 7)


def test_a_new_window_is_a_new_period_that_nothing_is_spent_of(owner, team, budget):
    set_limits(owner, budget, limit_tokens=100)
    settle.settle(hold(team, owner, 100), Usage(100), None)
    ago = now() - timedelta(days=70)
    Period.objects.update(starts_at=ago, ends_at=ago + timedelta(days=30))

    assert hold(team, owner, 100)

    old, new = Period.objects.filter(budget=budget).order_by("starts_at")
    assert (old.spent_tokens, old.held_tokens) == (100, 0)
    assert (new.spent_tokens, new.held_tokens) == (0, 100)


@pytest.mark.parametrize(
    ("of_team", "of_person", "owners"),
    [
        (False, False, ["the instance"]),
        (True, False, ["the instance", "the team crew"]),
        (False, True, ["owner", "the instance"]),
        (True, True, ["owner", "the instance", "the team crew"]),
    ],
)
def test_who_is_charged(of_team, of_person, owners, team, owner):
    periods = charged(team_id=team.pk if of_team else None, account_id=owner.pk if of_person else None)

    rows = Period.objects.filter(pk__in=periods).select_related("budget__team", "budget__account")
    assert sorted(row.budget.owner for row in rows) == owners
    assert periods == sorted(periods)


def test_who_is_charged_twice_is_charged_in_the_same_periods(team, owner):
    assert charged(team_id=team.pk, account_id=owner.pk) == charged(team_id=team.pk, account_id=owner.pk)
    assert Budget.objects.count() == 3


def test_a_hold_says_what_it_is_for(team, owner):
    pk = hold(team, owner, 600, 60, model="large", role="judge", run_id=7, skill_id=8, seconds=30)

    row = Hold.objects.get()
    assert (row.pk, row.tokens, row.micros) == (pk, 600, 60)
    assert (row.model, row.role, row.run_id, row.skill_id) == ("large", "judge", 7, 8)
    assert (row.state, row.used_tokens) == ("held", None)
    assert row.expires_at - row.created_at == timedelta(seconds=30)
    assert row.periods == sorted(Period.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(("tokens", "fits"), [(0, True), (99, True), (100, True), (101, False)])
def test_the_last_token_is_held_and_not_one_more(tokens, fits, team, owner, budget):
    set_limits(owner, budget, limit_tokens=100)

    if fits:
        hold(team, owner, tokens)
        assert held() == {tokens}
        return
    with pytest.raises(OutOfBudget) as refusal:
        hold(team, owner, tokens)
    assert str(refusal.value) == "The budget of the team crew has no room for 101 more tokens."
    assert held() == {0}
    assert not Hold.objects.exists()


@pytest.mark.parametrize(("micros", "fits"), [(50, True), (51, False)])
def test_money_is_held_to_the_last_micro(micros, fits, team, owner, budget):
    set_limits(owner, budget, limit_micros=50)

    if fits:
        assert hold(team, owner, 1, micros)
        return
    with pytest.raises(OutOfBudget, match="has no room"):
        hold(team, owner, 1, micros)


def test_a_limit_of_nothing_lets_nothing_through(team, owner, budget):
    set_limits(owner, budget, limit_tokens=0)

    with pytest.raises(OutOfBudget):
        hold(team, owner, 1)


@pytest.mark.parametrize("whose", ["instance", "team", "person"])
def test_the_tightest_of_the_budgets_decides(whose, team, owner):
    boss = a_person("boss", staff=True)
    budget = {
        "instance": allowances.budget_of,
        "team": lambda: allowances.budget_of(team=team),
        "person": lambda: allowances.budget_of(account=owner),
    }[whose]()
    set_limits(boss, budget, limit_tokens=10)

    hold(team, owner, 10)

    with pytest.raises(Busy, match="Calls in flight hold what is left"):
        hold(team, owner, 1)
    assert held() == {10}


def test_a_budget_of_one_team_says_nothing_about_another_person(team, owner, mate, budget):
    set_limits(owner, budget, limit_tokens=10)

    assert hold(None, mate, 1_000)


def test_what_waits_for_a_settlement_fits_afterwards(team, owner, budget):
    set_limits(owner, budget, limit_tokens=100)
    first = hold(team, owner, 80)
    with pytest.raises(Busy):
        hold(team, owner, 50)

    settle.settle(first, Usage(20), None)

    assert hold(team, owner, 80)


def test_a_soft_limit_stops_nobody(team, owner, budget):
    set_limits(owner, budget, limit_tokens=10, limit_micros=10, hard=False)

    assert hold(team, owner, 1_000, None)


def test_an_unknown_price_matters_only_where_money_is_limited(team, owner, budget):
    set_limits(owner, budget, limit_tokens=1_000)

    assert hold(team, owner, 10, None)

    set_limits(owner, budget, limit_micros=1_000)
    with pytest.raises(Unpriced) as refusal:
        hold(team, owner, 10, None, model="mystery")
    assert str(refusal.value) == (
        "mystery has no approved price, and the budget of the team crew is limited in money."
    )


def test_a_hold_on_a_period_that_is_not_there_is_refused(db):
    with pytest.raises(Busy):
        reserve.reserve([10**9], Call(model="m", role="candidate", tokens=1, micros=None))

    assert not Hold.objects.exists()


def test_a_hold_is_one_query(team, owner, django_assert_num_queries):
    periods = charged(team_id=team.pk, account_id=owner.pk)

    with django_assert_num_queries(1):
        reserve.reserve(periods, Call(model="m", role="candidate", tokens=1, micros=None))


def test_windows_are_those_that_pages_offer():
    assert Window.values == ["day", "week", "month", "none"]
