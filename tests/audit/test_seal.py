"""The audit log: in the act's transaction, append-only, sealed in order, verified row by row."""

import pytest
from django.db import IntegrityError, connection, transaction

from skills.audit.models import Event
from skills.audit.record import Unrecorded, record
from skills.audit.seal import seal_batch, verify_chain

pytestmark = pytest.mark.django_db(transaction=True)


def some_events(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            record("test.act", by=None, target=f"thing {number}", number=number)


def test_an_act_outside_a_transaction_is_not_recorded():
    with pytest.raises(Unrecorded):
        record("test.act", by=None, target="x")


def test_a_rolled_back_act_leaves_no_row():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("test.act", by=None, target="x")
        raise ZeroDivisionError

    assert not Event.objects.exists()


def test_rows_are_sealed_in_order_and_the_chain_holds():
    some_events(5)

    assert seal_batch() == 5

    verdict = verify_chain()
    assert (verdict.sealed, verdict.unsealed, verdict.faults) == (5, 0, ())
    assert list(Event.objects.order_by("id").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]


def past_the_trigger(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table skills_event disable trigger user")
        cursor.execute(sql)
        cursor.execute("alter table skills_event enable trigger user")


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        ("update skills_event set target = 'other' where seq = 3", "was changed"),
        ("update skills_event set actor_name = 'other' where seq = 3", "was changed"),
        ("delete from skills_event where seq = 3", "are missing"),
        ("update skills_event set seal = repeat('0', 64) where seq = 3", "was changed"),
    ],
)
def test_tampering_is_named(tampering, words):
    some_events(5)
    seal_batch()

    past_the_trigger(tampering)

    assert any(words in fault.text for fault in verify_chain().faults)


@pytest.mark.parametrize("change", ["update skills_event set target = 'x'", "delete from skills_event"])
def test_the_database_refuses_to_change_a_row(change):
    some_events(1)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_running_transaction_holds_back_the_rows_after_it():
    import threading

    started, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record("test.slow", by=None, target="slow")
            started.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    started.wait(10)
    some_events(2)
    assert seal_batch() == 0
    go_on.set()
    thread.join()

    assert seal_batch() == 3
    assert [event.target for event in Event.objects.order_by("seq")] == ["slow", "thing 0", "thing 1"]
