"""The end of a hold leaves the others alone; holds that ran out of time are charged in batches."""

import uuid
from datetime import timedelta

import pytest

from skills.budgets import reserve, settle
from skills.budgets.models import Budget, Hold, Period
from skills.budgets.reserve import Call
from skills.budgets.settle import Usage
from skills.lib.clock import now


@pytest.fixture
def period(db) -> Period:
    return reserve.current(Budget.objects.create())


def held(period: Period, tokens: int = 600, micros: int | None = 60, **facts) -> uuid.UUID:
    call = Call(model="m", role="candidate", tokens=tokens, micros=micros, run_id=7, skill_id=8, **facts)
    return reserve.reserve([period.pk], call)


def sums(period: Period) -> tuple[int, int, int, int]:
    """(spent tokens, held tokens, spent micros, held micros)"""
    period.refresh_from_db()
    return period.spent_tokens, period.held_tokens, period.spent_micros, period.held_micros


def end_of(hold: uuid.UUID) -> tuple[str, int | None]:
    row = Hold.objects.get(pk=hold)
    return row.state, row.used_tokens


def test_settling_one_hold_leaves_the_others_held(period):
    first, second = held(period, 600, 60), held(period, 50, 5)

    settle.settle(first, Usage(1), 1)

    assert sums(period) == (1, 50, 1, 5)
    assert end_of(second) == ("held", None)


def test_a_period_that_the_call_was_not_charged_to_is_left_alone(period, owner):
    other = reserve.current(Budget.objects.create(account=owner))
    Period.objects.filter(pk=other.pk).update(held_tokens=9, held_micros=9)

    settle.settle(held(period), Usage(5), 5)

    assert sums(other) == (0, 9, 0, 9)


def test_holds_are_charged_500_at_a_time_the_oldest_first(period):
    moment = now()
    Period.objects.filter(pk=period.pk).update(held_tokens=501)
    holds = Hold.objects.bulk_create(
        Hold(
            periods=[period.pk],
            model="m",
            role="judge",
            tokens=1,
            expires_at=moment - timedelta(seconds=1 + number),
        )
        for number in range(501)
    )

    assert settle.charge_expired_holds() == 500

    assert end_of(holds[0].pk) == ("held", None)  # the youngest
    assert sums(period) == (500, 1, 0, 0)
    assert settle.charge_expired_holds() == 1
