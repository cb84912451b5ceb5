"""The end of a hold: what it books in which state, once, and which holds have run out of time."""

import uuid
from datetime import timedelta

import pytest

from skills.budgets import reserve, settle
from skills.budgets.models import Budget, Hold, LedgerEntry, Period
from skills.budgets.reserve import Call
from skills.budgets.settle import NOTHING, Usage
from skills.lib.clock import now

NEVER_REPORTED = "The call never reported its end."


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


def test_no_usage_is_zero_of_everything():
    assert (NOTHING.input, NOTHING.cached, NOTHING.output, NOTHING.total) == (0, 0, 0, 0)
    assert Usage(1, 20, 300).total == 321


def test_settling_books_the_usage_with_all_that_is_known_of_the_call(period):
    before = now()
    hold = held(period)

    settle.settle(hold, Usage(input=100, cached=20, output=3), 7)

    entry = LedgerEntry.objects.get()
    assert (entry.period, entry.hold_id, entry.kind, entry.note) == (period, hold, "settle", "")
    assert (entry.input_tokens, entry.cached_tokens, entry.output_tokens) == (100, 20, 3)
    assert (entry.tokens, entry.micros) == (123, 7)
    assert (entry.model, entry.role, entry.run_id, entry.skill_id) == ("m", "candidate", 7, 8)
    assert before <= entry.at <= now()
    assert sums(period) == (123, 0, 7, 0)
    assert end_of(hold) == ("settled", 123)


def test_settling_one_hold_leaves_the_others_held(period):
    first, second = held(period, 600, 60), held(period, 50, 5)

    settle.settle(first, Usage(1), 1)

    assert sums(period) == (1, 50, 1, 5)
    assert end_of(second) == ("held", None)


def test_settling_without_a_price_charges_the_price_that_was_held(period):
    settle.settle(held(period), Usage(1), None)

    assert sums(period) == (1, 0, 60, 0)
    assert LedgerEntry.objects.get().micros == 60


def test_settling_what_never_had_a_price_charges_tokens_only(period):
    settle.settle(held(period, micros=None), Usage(1), None)

    assert sums(period) == (1, 0, 0, 0)


def test_settling_no_usage_charges_nothing_and_writes_that_down(period):
    hold = held(period)

    settle.settle(hold, NOTHING, 0)

    assert sums(period) == (0, 0, 0, 0)
    assert end_of(hold) == ("settled", 0)
    assert LedgerEntry.objects.get().tokens == 0


def test_a_release_gives_everything_back_and_writes_no_entry(period):
    hold = held(period)

    settle.release(hold)

    assert sums(period) == (0, 0, 0, 0)
    assert end_of(hold) == ("released", 0)
    assert not LedgerEntry.objects.exists()


def test_a_loss_charges_all_that_was_held_and_says_why(period):
    hold = held(period)

    settle.lose(hold, "The process died.")

    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.tokens, entry.micros, entry.note) == ("lost", 600, 60, "The process died.")
    assert (entry.input_tokens, entry.cached_tokens, entry.output_tokens) == (0, 0, 0)
    assert sums(period) == (600, 0, 60, 0)
    assert end_of(hold) == ("lost", 600)


@pytest.mark.parametrize(("length", "kept"), [(299, 299), (300, 300), (301, 300)])
def test_a_long_reason_is_cut_to_its_column(period, length, kept):
    settle.lose(held(period), "x" * length)

    assert LedgerEntry.objects.get().note == "x" * kept


@pytest.mark.parametrize(
    "end",
    [lambda hold: settle.settle(hold, Usage(1), 1), settle.release, lambda hold: settle.lose(hold, "again")],
    ids=["settled", "released", "lost"],
)
def test_the_first_end_stands(period, end):
    hold = held(period)
    end(hold)
    before = sums(period), end_of(hold), LedgerEntry.objects.count()

    settle.settle(hold, Usage(500), 50)
    settle.release(hold)
    settle.lose(hold, "again")

    assert (sums(period), end_of(hold), LedgerEntry.objects.count()) == before


def test_a_hold_that_nobody_knows_changes_nothing(period):
    settle.settle(uuid.uuid4(), Usage(1), 1)

    assert sums(period) == (0, 0, 0, 0)
    assert not LedgerEntry.objects.exists()


def test_a_period_that_the_call_was_not_charged_to_is_left_alone(period, owner):
    other = reserve.current(Budget.objects.create(account=owner))
    Period.objects.filter(pk=other.pk).update(held_tokens=9, held_micros=9)

    settle.settle(held(period), Usage(5), 5)

    assert sums(other) == (0, 9, 0, 9)


def test_only_open_holds_whose_time_is_over_are_charged(period):
    late, in_time, settled = held(period, seconds=-1), held(period, seconds=60), held(period, seconds=-1)
    settle.settle(settled, Usage(1), 1)

    assert settle.charge_expired_holds() == 1

    assert [end_of(hold)[0] for hold in (late, in_time, settled)] == ["lost", "held", "settled"]
    assert LedgerEntry.objects.get(hold=late).note == NEVER_REPORTED
    assert settle.charge_expired_holds() == 0


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
