"""The end of a hold: booked as used, given back or charged in full, once and in every period."""

import uuid
from datetime import timedelta

import pytest

from skills.budgets import settle, verify
from skills.budgets.models import Hold, LedgerEntry, Period
from skills.budgets.settle import NOTHING, Usage
from skills.lib.clock import now
from tests.budgets.making import hold


def counters() -> set[tuple[int, int, int, int]]:
    """(spent tokens, held tokens, spent micros, held micros) of every period, each once."""
    return set(Period.objects.values_list("spent_tokens", "held_tokens", "spent_micros", "held_micros"))


@pytest.mark.parametrize(
    ("usage", "total"), [(NOTHING, 0), (Usage(1, 2, 4), 7), (Usage(output=3), 3), (Usage(cached=5), 5)]
)
def test_the_total_of_a_use_is_all_it_was_billed_for(usage, total):
    assert usage.total == total


def test_a_settled_hold_gives_back_what_was_not_used(team, owner):
    pk = hold(team, owner, 600, 60)

    settle.settle(pk, Usage(100, 20, 30), 7)

    assert counters() == {(150, 0, 7, 0)}
    row = Hold.objects.get()
    assert (row.state, row.used_tokens) == ("settled", 150)


def test_every_period_has_its_line_in_the_ledger(team, owner):
    pk = hold(team, owner, 600, 60, model="large", role="judge", run_id=7, skill_id=8)

    settle.settle(pk, Usage(100, 20, 30), 7)

    lines = LedgerEntry.objects.all()
    assert sorted(line.period_id for line in lines) == Hold.objects.get().periods
    assert {
        (line.kind, line.tokens, line.micros, line.input_tokens, line.cached_tokens, line.output_tokens)
        for line in lines
    } == {("settle", 150, 7, 100, 20, 30)}
    assert {(line.model, line.role, line.run_id, line.skill_id) for line in lines} == {
        ("large", "judge", 7, 8)
    }
    assert {(line.actor, line.note) for line in lines} == {(None, "")}


def test_a_use_of_unknown_price_costs_what_was_held(team, owner):
    pk = hold(team, owner, 600, 60)

    settle.settle(pk, Usage(100), None)

    assert counters() == {(100, 0, 60, 0)}


def test_a_hold_without_price_is_settled_without_money(team, owner):
    pk = hold(team, owner, 600, None)

    settle.settle(pk, Usage(100), None)

    assert counters() == {(100, 0, 0, 0)}
    assert set(LedgerEntry.objects.values_list("micros", flat=True)) == {None}


def test_a_provider_that_used_more_than_was_held_is_booked_as_it_says(team, owner):
    pk = hold(team, owner, 100, 10)

    settle.settle(pk, Usage(150), 15)

    assert counters() == {(150, 0, 15, 0)}
    assert verify.differences() == []


def test_a_use_of_nothing_is_booked_as_nothing(team, owner):
    pk = hold(team, owner, 100, 10)

    settle.settle(pk, NOTHING, 0)

    assert counters() == {(0, 0, 0, 0)}
    assert LedgerEntry.objects.count() == 3


def test_a_released_hold_leaves_no_trace_in_the_ledger(team, owner):
    pk = hold(team, owner, 600, 60)

    settle.release(pk)

    assert counters() == {(0, 0, 0, 0)}
    assert not LedgerEntry.objects.exists()
    assert (Hold.objects.get().state, Hold.objects.get().used_tokens) == ("released", 0)


def test_a_lost_hold_is_charged_in_full_with_the_reason(team, owner):
    pk = hold(team, owner, 600, 60)

    settle.lose(pk, "The connection broke. " + "x" * 400)

    assert counters() == {(600, 0, 60, 0)}
    assert {(line.kind, line.tokens, line.micros) for line in LedgerEntry.objects.all()} == {
        ("lost", 600, 60)
    }
    (note,) = set(LedgerEntry.objects.values_list("note", flat=True))
    assert note.startswith("The connection broke. x")
    assert len(note) == 300
    assert (Hold.objects.get().state, Hold.objects.get().used_tokens) == ("lost", 600)


ENDS = {
    "settled": lambda pk: settle.settle(pk, Usage(5), 1),
    "released": settle.release,
    "lost": lambda pk: settle.lose(pk, "x"),
}


@pytest.mark.parametrize("first", ENDS)
@pytest.mark.parametrize("second", ENDS)
def test_the_first_end_of_a_hold_is_the_only_one(first, second, team, owner):
    pk = hold(team, owner, 600, 60)
    ENDS[first](pk)
    before, lines = counters(), LedgerEntry.objects.count()

    ENDS[second](pk)

    assert (counters(), LedgerEntry.objects.count()) == (before, lines)
    assert Hold.objects.get().state == first
    assert verify.differences() == []


@pytest.mark.parametrize("end", ENDS)
def test_the_end_of_a_hold_that_does_not_exist_changes_nothing(end, team, owner):
    hold(team, owner, 600, 60)

    ENDS[end](uuid.uuid4())

    assert counters() == {(0, 600, 0, 60)}
    assert not LedgerEntry.objects.exists()


def test_a_sweep_charges_what_is_over_and_leaves_what_is_not(team, owner):
    over = hold(team, owner, 10, seconds=-1)
    open_ = hold(team, owner, 100, seconds=60)

    assert settle.charge_expired_holds() == 1
    assert settle.charge_expired_holds() == 0

    assert Hold.objects.get(pk=over).state == "lost"
    assert Hold.objects.get(pk=open_).state == "held"
    assert {line.note for line in LedgerEntry.objects.all()} == {"The call never reported its end."}


def test_a_sweep_leaves_what_has_ended(team, owner):
    pk = hold(team, owner, 10)
    settle.settle(pk, Usage(3), None)
    Hold.objects.update(expires_at=now() - timedelta(days=1))

    assert settle.charge_expired_holds() == 0
    assert Hold.objects.get().state == "settled"


def test_an_end_is_one_query(team, owner, django_assert_num_queries):
    pk = hold(team, owner, 10)

    with django_assert_num_queries(1):
        settle.settle(pk, Usage(3), None)
