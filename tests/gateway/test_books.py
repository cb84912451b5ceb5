"""What waits for the ledger's writer goes in one transaction, and one entry's fault is not another's."""

import asyncio
import uuid

import psycopg
import pytest

from skills.budgets import reserve, verify
from skills.budgets.call_roles import CallRole
from skills.budgets.reserve import Call, Caller
from skills.gateway.database import Books, new_pool

pytestmark = pytest.mark.django_db


async def written(entries) -> list[bool | BaseException]:
    """What each of (hold, periods, call) gets that waits for one writer."""
    pool = new_pool(1)
    await pool.open()
    books = Books(pool)
    waiting = [asyncio.create_task(books.hold(*entry)) for entry in entries]
    await asyncio.sleep(0)  # all of them wait before the writer begins
    books.open()
    try:
        return await asyncio.gather(*waiting, return_exceptions=True)
    finally:
        await books.close()
        await pool.close()


def test_what_the_database_refuses_keeps_no_other_hold_from_being_written(desk):
    caller = Caller(account_id=desk.person.pk)
    periods = reserve.charged(team_id=None, account_id=desk.person.pk)
    calls = [
        Call(model=model, role=CallRole.WORK, tokens=10, micros=None, caller=caller)
        for model in ("m", "too long" * 100, "m")
    ]
    entries = [(uuid.uuid4(), periods, call) for call in calls]

    first, bad, last = asyncio.run(written(entries))

    assert (first, last) == (True, True)
    assert isinstance(bad, psycopg.errors.StringDataRightTruncation)
    assert {hold.pk for hold in desk.holds} == {entries[0][0], entries[2][0]}


def test_a_hold_that_was_written_already_is_there_once(desk):
    call = Call(
        model="m", role=CallRole.WORK, tokens=10, micros=None, caller=Caller(account_id=desk.person.pk)
    )
    periods = reserve.charged(team_id=None, account_id=desk.person.pk)
    again, other = uuid.uuid4(), uuid.uuid4()

    assert asyncio.run(written([(again, periods, call)])) == [True]
    assert asyncio.run(written([(other, periods, call), (again, periods, call)])) == [True, True]

    assert {hold.pk for hold in desk.holds} == {again, other}
    assert verify.differences() == []
