"""Reserving: the last token and micro of every limit, what a hold keeps, and when a period begins."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from skills.budgets import reserve
from skills.budgets.models import Budget, Hold, Period, Window
from skills.budgets.reserve import Busy, Call, OutOfBudget, Unpriced
from skills.lib.clock import now


@pytest.fixture
def period(db) -> Period:
    """The period of the instance, hard and without limits until a test sets one."""
    return reserve.current(Budget.objects.create(window=Window.MONTH, hard=True))


def call(tokens: int = 10, micros: int | None = None, **facts) -> Call:
    return Call(**{"model": "m", "role": "candidate", "tokens": tokens, "micros": micros, **facts})


def change(period: Period, **columns) -> None:
    Period.objects.filter(pk=period.pk).update(**columns)


def sums(period: Period) -> dict[str, int]:
    period.refresh_from_db()
    return {
        "spent": period.spent_tokens,
        "held": period.held_tokens,
        "spent_micros": period.spent_micros,
        "held_micros": period.held_micros,
    }


def test_a_hold_keeps_whatever_its_call_says(period):
    before = now()

    hold = reserve.reserve([period.pk], call(600, 60, run_id=7, skill_id=8, role="judge", seconds=30))

    row = Hold.objects.get(pk=hold)
    kept = (row.model, row.role, row.tokens, row.micros, row.run_id, row.skill_id, row.periods, row.state)
    assert kept == ("m", "judge", 600, 60, 7, 8, [period.pk], "held")
    assert before <= row.created_at <= now()
    assert row.expires_at - row.created_at == timedelta(seconds=30)
    assert row.used_tokens is None
    assert sums(period) == {"spent": 0, "held": 600, "spent_micros": 0, "held_micros": 60}


def test_a_call_that_says_no_more_has_a_quarter_of_an_hour_and_no_run():
    silent = call()

    assert (silent.seconds, silent.run_id, silent.skill_id) == (900, None, None)


def test_a_call_without_a_price_holds_tokens_only(period):
    hold = reserve.reserve([period.pk], call(10))

    assert Hold.objects.get(pk=hold).micros is None
    assert sums(period) == {"spent": 0, "held": 10, "spent_micros": 0, "held_micros": 0}


def test_holds_add_up(period):
    reserve.reserve([period.pk], call(10, 1))
    reserve.reserve([period.pk], call(20, 2))

    assert sums(period) == {"spent": 0, "held": 30, "spent_micros": 0, "held_micros": 3}


@pytest.mark.parametrize(("tokens", "fits"), [(49, True), (50, True), (51, False)])
def test_the_last_token_can_be_held_beside_what_is_spent_and_held(period, tokens, fits):
    change(period, limit_tokens=100, spent_tokens=30, held_tokens=20)

    if fits:
        reserve.reserve([period.pk], call(tokens))
        assert sums(period)["held"] == 20 + tokens
    else:
        with pytest.raises(Busy, match=r"^Calls in flight hold what is left\.$"):
            reserve.reserve([period.pk], call(tokens))
        assert sums(period)["held"] == 20
        assert not Hold.objects.exists()


@pytest.mark.parametrize(("micros", "fits"), [(49, True), (50, True), (51, False)])
def test_the_last_micro_can_be_held_beside_what_is_spent_and_held(period, micros, fits):
    change(period, limit_micros=100, spent_micros=30, held_micros=20)

    if fits:
        reserve.reserve([period.pk], call(1, micros))
        assert sums(period)["held_micros"] == 20 + micros
    else:
        with pytest.raises(Busy):
            reserve.reserve([period.pk], call(1, micros))
        assert sums(period)["held_micros"] == 20


@pytest.mark.parametrize(("tokens", "refusal"), [(70, Busy), (71, OutOfBudget)])
def test_a_call_is_out_of_budget_where_it_would_not_fit_after_every_hold_came_back(period, tokens, refusal):
    change(period, limit_tokens=100, spent_tokens=30, held_tokens=70)

    with pytest.raises(refusal) as raised:
        reserve.reserve([period.pk], call(tokens))

    assert type(raised.value) is refusal


@pytest.mark.parametrize(("micros", "refusal"), [(70, Busy), (71, OutOfBudget)])
def test_the_same_holds_for_money(period, micros, refusal):
    change(period, limit_micros=100, spent_micros=30, held_micros=70)

    with pytest.raises(refusal) as raised:
        reserve.reserve([period.pk], call(1, micros))

    assert type(raised.value) is refusal


def test_the_refusal_says_whose_budget_has_no_room_and_for_how_much(period):
    change(period, limit_tokens=1)

    with pytest.raises(OutOfBudget) as raised:
        reserve.reserve([period.pk], call(12_345))

    assert str(raised.value) == "The budget of the instance has no room for 12,345 more tokens."


def test_a_call_without_a_price_is_refused_where_money_is_limited(period):
    change(period, limit_micros=10**9)

    with pytest.raises(Unpriced) as raised:
        reserve.reserve([period.pk], call(1))

    assert str(raised.value) == "m has no approved price, and the budget of the instance is limited in money."
    assert sums(period)["held"] == 0


def test_a_free_call_fits_a_limit_in_money_that_is_used_up(period):
    change(period, limit_micros=100, spent_micros=100)

    assert reserve.reserve([period.pk], call(5, 0))


def test_a_priced_call_that_is_short_of_tokens_says_so(period):
    change(period, limit_tokens=10, limit_micros=10**9)

    with pytest.raises(OutOfBudget) as raised:
        reserve.reserve([period.pk], call(11, 5))

    assert not isinstance(raised.value, Unpriced)


def test_a_soft_budget_holds_more_than_it_has_and_what_has_no_price(period):
    Budget.objects.update(hard=False)
    change(period, limit_tokens=1, limit_micros=1)

    assert reserve.reserve([period.pk], call(500, 500))
    assert reserve.reserve([period.pk], call(500))


def test_a_call_is_held_in_all_of_its_periods_or_in_none(period, owner, team):
    periods = reserve.charged(team_id=team.pk, account_id=owner.pk)
    of_owner = Period.objects.get(budget__account=owner)
    change(of_owner, limit_tokens=5)

    with pytest.raises(OutOfBudget, match=r"^The budget of owner has no room"):
        reserve.reserve(periods, call(6))
    assert [row.held_tokens for row in Period.objects.all()] == [0, 0, 0]

    reserve.reserve(periods, call(5))
    assert [row.held_tokens for row in Period.objects.all()] == [5, 5, 5]


def test_a_soft_budget_is_not_blamed_for_the_refusal_of_a_hard_one(period, owner):
    periods = reserve.charged(team_id=None, account_id=owner.pk)
    Budget.objects.filter(account=None).update(hard=False)
    change(period, limit_tokens=1)
    change(Period.objects.get(budget__account=owner), limit_tokens=2)

    with pytest.raises(OutOfBudget, match=r"^The budget of owner has no room"):
        reserve.reserve(periods, call(3))


@pytest.mark.parametrize("further", [0, 1_000], ids=["named twice", "not there"])
def test_a_list_of_periods_that_is_wrong_holds_nothing(period, further):
    with pytest.raises(Busy):
        reserve.reserve([period.pk, period.pk + further], call(1))

    assert sums(period)["held"] == 0


def test_a_hold_names_its_periods_in_order(period, owner, team):
    periods = reserve.charged(team_id=team.pk, account_id=owner.pk)

    hold = reserve.reserve(periods[::-1], call(1))

    assert periods == sorted(periods)
    assert Hold.objects.get(pk=hold).periods == periods


@pytest.mark.parametrize(
    ("with_team", "with_account", "owners"),
    [
        (False, False, {"the instance"}),
        (True, False, {"the instance", "the team crew"}),
        (False, True, {"the instance", "owner"}),
        (True, True, {"the instance", "the team crew", "owner"}),
    ],
)
def test_a_call_is_charged_to_the_instance_and_to_whoever_is_named(
    with_team, with_account, owners, owner, team
):
    periods = reserve.charged(
        team_id=team.pk if with_team else None, account_id=owner.pk if with_account else None
    )

    rows = Period.objects.filter(pk__in=periods)
    assert {row.budget.owner for row in rows} == owners
    assert len(periods) == len(owners)


def test_being_charged_again_makes_no_second_budget_and_no_second_period(owner, team):
    first = reserve.charged(team_id=team.pk, account_id=owner.pk)

    assert reserve.charged(team_id=team.pk, account_id=owner.pk) == first
    assert (Budget.objects.count(), Period.objects.count()) == (3, 3)


def test_a_new_period_takes_the_limits_of_its_budget(db):
    budget = Budget.objects.create(window=Window.DAY, limit_tokens=5, limit_micros=6)

    period = reserve.current(budget)

    assert (period.limit_tokens, period.limit_micros) == (5, 6)
    assert period.starts_at <= now() < period.ends_at
    assert period.ends_at - period.starts_at == timedelta(days=1)


def test_a_period_keeps_its_limits_when_those_of_the_budget_change(db):
    budget = Budget.objects.create(window=Window.DAY, limit_tokens=5)
    reserve.current(budget)

    budget.limit_tokens = 50

    assert reserve.current(budget).limit_tokens == 5


def utc(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "at", "starts", "ends"),
    [
        ("day", utc(2026, 3, 1) - timedelta(microseconds=1), utc(2026, 2, 28), utc(2026, 3, 1)),
        ("day", utc(2026, 3, 1), utc(2026, 3, 1), utc(2026, 3, 2)),
        ("week", utc(2026, 11, 23), utc(2026, 11, 23), utc(2026, 11, 30)),  # a Monday
        ("week", datetime(2026, 11, 29, 12, 30, tzinfo=UTC), utc(2026, 11, 23), utc(2026, 11, 30)),
        ("week", utc(2027, 1, 1), utc(2026, 12, 28), utc(2027, 1, 4)),
        ("month", utc(2026, 2, 1), utc(2026, 2, 1), utc(2026, 3, 1)),
        ("month", datetime(2028, 2, 29, 1, tzinfo=UTC), utc(2028, 2, 1), utc(2028, 3, 1)),
        ("month", datetime(2026, 12, 31, 23, tzinfo=UTC), utc(2026, 12, 1), utc(2027, 1, 1)),
        ("none", utc(2026, 5, 5), utc(2000, 1, 1), None),
    ],
)
def test_the_bounds_of_a_window(window, at, starts, ends):
    assert reserve.bounds(window, at) == (starts, ends)


def test_bounds_are_those_of_the_utc_day_wherever_the_clock_stands():
    tokyo = timezone(timedelta(hours=9))

    assert reserve.bounds("day", datetime(2026, 5, 6, 8, tzinfo=tokyo))[0] == utc(2026, 5, 5)
