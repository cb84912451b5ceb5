"""The chain of seals: what a seal covers, how it goes on, and what a check says about a broken one."""

import dataclasses

import pytest
from django.db import DatabaseError, connection, transaction

from skills.audit import seal as sealing
from skills.audit.models import Event
from skills.audit.record import record
from skills.audit.seal import Fault, SealCheck, seal_batch, seal_of, verify_chain
from tests.tampering import tamper


def some_events(count: int) -> None:
    for number in range(count):
        record("test.act", by=None, target=f"thing {number}", number=number)


def faults() -> list[str]:
    return [fault.text for fault in verify_chain().faults]


def test_an_empty_log_has_nothing_to_seal_and_nothing_wrong(db):
    assert seal_batch() == 0
    assert verify_chain() == SealCheck(sealed=0, unsealed=0, faults=())


def test_each_seal_names_the_one_before(db):
    some_events(3)
    seal_batch()

    first, second, third = Event.objects.order_by("seq")
    assert first.previous == ""
    assert second.previous == first.seal
    assert third.previous == second.seal
    assert len({first.seal, second.seal, third.seal}) == 3


def test_the_chain_goes_on_where_it_ended(db):
    some_events(2)
    seal_batch()
    some_events(2)

    assert seal_batch() == 2

    assert list(Event.objects.order_by("pk").values_list("seq", flat=True)) == [1, 2, 3, 4]
    assert verify_chain() == SealCheck(sealed=4, unsealed=0, faults=())


def test_sealing_again_seals_nothing(db):
    some_events(2)
    seal_batch()

    assert seal_batch() == 0


def test_a_great_many_rows_are_sealed_in_batches(db, monkeypatch):
    monkeypatch.setattr(sealing, "_BATCH", 2)
    some_events(5)

    assert [seal_batch(), seal_batch(), seal_batch(), seal_batch()] == [2, 2, 1, 0]
    assert faults() == []


def test_rows_that_wait_for_their_seal_are_counted_and_no_fault(db):
    some_events(2)
    seal_batch()
    some_events(3)

    assert verify_chain() == SealCheck(sealed=2, unsealed=3, faults=())


def test_two_sealers_do_not_seal_at_once(db):
    some_events(1)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [sealing._SEALING])

        assert seal_batch() == 0
    finally:
        other.close()

    assert Event.objects.get().seq is None


def test_a_sealed_row_is_not_sealed_anew(db):
    some_events(1)
    seal_batch()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(seal="0" * 64)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(seq=None)


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 second'",
        "actor_name = 'other'",
        "act = 'other'",
        "target = 'other'",
        "detail = '{}'::jsonb",
    ],
)
def test_a_seal_covers_every_column(db, change):
    some_events(3)
    seal_batch()

    tamper(f"update skills_event set {change} where seq = 2")

    assert faults() == ["was changed after it was sealed"]


def test_a_seal_covers_the_account_and_the_team(owner, team):
    seal_batch()
    tamper(f"update skills_event set team_id = null where team_id = {team.pk}")
    broken_by_team = len(faults())
    tamper(f"update skills_event set actor_id = null where actor_id = {owner.pk}")

    assert broken_by_team == Event.objects.filter(team=None, act__startswith="team.").count() > 0
    assert len(faults()) > broken_by_team


def test_a_fault_names_the_row(db):
    some_events(3)
    seal_batch()
    row = Event.objects.get(seq=2)

    tamper("update skills_event set target = 'other' where seq = 2")

    assert verify_chain().faults == (Fault(row.pk, "was changed after it was sealed"),)


def test_rows_missing_in_the_middle_are_named_by_their_places(db):
    some_events(5)
    seal_batch()

    tamper("delete from skills_event where seq in (2, 3)")

    assert faults() == ["rows 2 to 3 of the chain are missing", "does not follow the row before it"]


def test_rows_missing_at_the_beginning_are_noticed(db):
    some_events(3)
    seal_batch()

    tamper("delete from skills_event where seq = 1")

    assert faults() == ["rows 1 to 1 of the chain are missing", "does not follow the row before it"]


def test_a_row_that_was_sealed_anew_breaks_the_link_to_the_next(db):
    some_events(3)
    seal_batch()
    row = Event.objects.get(seq=2)
    row.target = "other"
    forged = seal_of(row, 2, row.previous)

    tamper(f"update skills_event set target = 'other', seal = '{forged}' where seq = 2")

    assert faults() == ["does not follow the row before it"]


def test_the_same_row_at_another_place_has_another_seal():
    row = Event(pk=1, act="test.act", actor_name="ann", target="x")

    assert seal_of(row, 1, "") == seal_of(row, 1, "")
    assert seal_of(row, 1, "") != seal_of(row, 2, "")
    assert seal_of(row, 1, "") != seal_of(row, 1, "a" * 64)


def test_a_seal_does_not_depend_on_the_order_of_the_details():
    row = Event(pk=1, act="test.act", actor_name="ann", target="x", detail={"a": 1, "b": 2})
    seal_before = seal_of(row, 1, "")
    row.detail = {"b": 2, "a": 1}

    assert seal_of(row, 1, "") == seal_before


def test_a_check_is_a_value():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Fault(1, "x").text = "y"
