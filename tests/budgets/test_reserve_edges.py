"""Holding beside what is spent and held already: the last token and micro, and which refusal it is."""

import pytest

from skills.budgets import reserve
from skills.budgets.models import Budget, Hold, Period, Window
from skills.budgets.reserve import Busy, Call, OutOfBudget, Unpriced


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


def test_a_call_that_says_no_more_has_a_quarter_of_an_hour_and_no_run():
    silent = call()

    assert (silent.seconds, silent.run_id, silent.skill_id) == (900, None, None)


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


def test_a_free_call_fits_a_limit_in_money_that_is_used_up(period):
    change(period, limit_micros=100, spent_micros=100)

    assert reserve.reserve([period.pk], call(5, 0))


def test_a_priced_call_that_is_short_of_tokens_says_so(period):
    change(period, limit_tokens=10, limit_micros=10**9)

    with pytest.raises(OutOfBudget) as raised:
        reserve.reserve([period.pk], call(11, 5))

    assert not isinstance(raised.value, Unpriced)


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


def test_a_period_keeps_its_limits_when_those_of_the_budget_change(db):
    budget = Budget.objects.create(window=Window.DAY, limit_tokens=5)
    reserve.current(budget)

    budget.limit_tokens = 50

    assert reserve.current(budget).limit_tokens == 5


def test_a_free_call_that_waits_for_tokens_is_busy_even_where_all_money_is_spent(period):
    change(period, limit_tokens=100, held_tokens=100, limit_micros=100, spent_micros=100)

    with pytest.raises(Busy):
        reserve.reserve([period.pk], call(1, 0))


def test_no_period_is_charged_twice_where_nobody_is_named(team):
    assert len(reserve.charged(team_id=None, account_id=None)) == 1
    assert len(reserve.charged(team_id=team.pk, account_id=None)) == 2
