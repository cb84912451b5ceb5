"""The gateway's own connections to PostgreSQL, and the one that writes the ledger.

Calls that begin or end at the same moment share a transaction: their statements are those of `budgets`, one
after the other, and one flush to the disk is enough for all of them. While one transaction is written the
next one gathers.
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.errors import UniqueViolation
from psycopg_pool import AsyncConnectionPool

from skills.budgets import reserve, settle

_log = logging.getLogger(__name__)
_MOST_TOGETHER = 64  # statements of one transaction: what waits for it should not wait long
_STATEMENT_SECONDS = 10
_CONNECTION_SECONDS = 5.0  # that a call waits for a connection before the database counts as away
_PAUSE = 0.25  # seconds before a database that is away is tried again
_LOCK = "select id from skills_period where id = any(%s) order by id for update"
Away = (OperationalError, InterfaceError, OSError, asyncio.TimeoutError)


def new_pool(most: int) -> AsyncConnectionPool:
    """Connections as Django has them, for reads in the event loop."""
    settings = connection.settings_dict
    given = settings["OPTIONS"]
    known = {key: value for key, value in given.items() if key not in ("pool", "server_side_binding")}
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    address = {key: settings[name] for key, name in names.items() if settings.get(name)}
    options: dict[str, Any] = {"prepare_threshold": None, **known, **address, "autocommit": True}
    return AsyncConnectionPool(
        kwargs=options,
        min_size=1,
        max_size=most,
        open=False,
        timeout=_CONNECTION_SECONDS,
        reconnect_timeout=2,
        name="gateway",
    )


@dataclass
class _BookLine:
    """One statement that waits to be written, and the periods it will lock."""

    text: str
    values: Mapping[str, Any]
    periods: Sequence[int]
    written: "asyncio.Future[bool]" = field(repr=False)


class Books:
    """Writes the ledger: `hold` and `end` return when that is on the disk."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._waiting: asyncio.Queue[_BookLine] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    def open(self) -> None:
        self._writer = asyncio.create_task(self._write())

    async def close(self) -> None:
        if self._writer:
            self._writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writer

    async def hold(self, hold: uuid.UUID, periods: list[int], call: reserve.Call) -> bool:
        """Hold CALL; whether it fits. Raises what is in `Away` where the database does not answer."""
        return await self._enter(reserve.STATEMENT, reserve.values_of(hold, periods, call), periods)

    async def end(self, hold: uuid.UUID, periods: list[int], end: settle.End) -> None:
        """End HOLD, which is tried until the database takes it or the process ends."""
        values = settle.values_of(hold, end)
        while True:
            try:
                await self._enter(settle.STATEMENT, values, periods)
            except Away:
                await asyncio.sleep(_PAUSE)
            else:
                return

    async def _enter(self, text: str, values: Mapping[str, Any], periods: Sequence[int]) -> bool:
        entry = _BookLine(text, values, periods, asyncio.get_running_loop().create_future())
        self._waiting.put_nowait(entry)
        return await entry.written

    async def _write(self) -> None:
        while True:
            entries = [await self._waiting.get()]
            while not self._waiting.empty() and len(entries) < _MOST_TOGETHER:
                entries.append(self._waiting.get_nowait())
            await self._write_together(entries)

    async def _write_together(self, entries: list[_BookLine]) -> None:
        try:
            async with asyncio.timeout(_STATEMENT_SECONDS), self._pool.connection() as database:
                results = await _transaction(database, entries)
        except asyncio.CancelledError:
            raise
        except UniqueViolation as error:
            # A hold that was tried again and is there already; of several entries nobody knows which.
            await self._alone(entries, error, fits=True)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it is
            await self._alone(entries, error, fits=False)
        else:
            for entry, fits in zip(entries, results, strict=True):
                if not entry.written.done():
                    entry.written.set_result(fits)

    async def _alone(self, entries: list[_BookLine], error: Exception, *, fits: bool) -> None:
        """What failed together is written one by one, so that one entry's fault is not another's."""
        if len(entries) > 1 and not isinstance(error, Away):
            for entry in entries:
                await self._write_together([entry])
            return
        for entry in entries:
            if entry.written.done():
                continue
            if fits:
                entry.written.set_result(True)
            else:
                entry.written.set_exception(error)


async def _transaction(database: AsyncConnection[Any], entries: list[_BookLine]) -> list[bool]:
    """Whether each of ENTRIES returned a row."""
    if len(entries) == 1:  # it locks its periods itself, and goes in one trip
        cursor = await database.execute(entries[0].text, entries[0].values)
        return [cursor.rowcount > 0]
    periods = sorted({period for entry in entries for period in entry.periods})
    # In words: `transaction()` would wait for answers three times. The pool rolls back what failed.
    async with database.pipeline():
        await database.execute("begin")
        # All of them first and in order: each statement alone would, but not one after the other.
        await database.execute(_LOCK, [periods])
        cursors = [await database.execute(entry.text, entry.values) for entry in entries]
        await database.execute("commit")
    return [cursor.rowcount > 0 for cursor in cursors]
