"""What visitors fetched lately, so that they can fetch it while the database is away.

Only versions that every visitor may read are remembered, by each process for itself. Whoever narrows
or removes something leaves a mark in the cache, and what was read before the mark is not used.
"""

import logging
import time
from collections.abc import Hashable
from typing import Any, TypeAlias

from django.db import InterfaceError, OperationalError, transaction
from psycopg_pool import PoolTimeout

from skills.lib import counters

log = logging.getLogger(__name__)
AWAY = (OperationalError, InterfaceError, PoolTimeout)
KEPT = 3600.0  # seconds
MOST = 5_000  # versions and files
PAUSE = 60.0  # seconds until a database that was away is asked again
SKEW = 5.0  # seconds the clocks of two machines may differ by
_MARK = "skillhub:narrowed"
Row: TypeAlias = tuple[Any, ...]  # of columns, as the statement of `fetch.py` lists them
_rows: dict[Hashable, tuple[float, Row]] = {}
_until: dict[str, float] = {}  # when the database is asked again, by the monotonic clock


def remember(key: Hashable, row: Row, moment: float) -> None:
    """Keep ROW, which the database gave at MOMENT (seconds since 1970)."""
    # A row that was read is proof that the database is back.
    _until.clear()
    if len(_rows) >= MOST and key not in _rows:
        _rows.pop(next(iter(_rows)), None)
    _rows[key] = moment, row


def expected() -> bool:
    """Whether the database was away a moment ago, so that asking it would only cost time.

    After PAUSE one caller is told to ask, who may wait for long; the others go on meanwhile.
    """
    until = _until.get("away")
    if until is None or time.monotonic() < until:
        return until is not None
    _until["away"] = time.monotonic() + PAUSE
    return False


def recall(key: Hashable) -> Row | None:
    """The row of KEY if it still holds, else None; from now on the database is left alone for PAUSE."""
    _until["away"] = time.monotonic() + PAUSE
    if key not in _rows:
        return None
    moment, row = _rows[key]
    if time.time() - moment > KEPT:
        return None
    try:
        narrowed = float(counters.client().get(_MARK) or 0)
    # Without the cache nobody can say whether it was narrowed since, so it is not handed out.
    except counters.away():
        return None
    return row if moment > narrowed + SKEW else None


def narrowed() -> None:
    """Something is about to be readable by fewer: when that is committed, forget what was before."""
    transaction.on_commit(_mark)


def _mark() -> None:
    try:
        # Twice as long as a row is kept: no row outlives the mark that voids it.
        counters.client().set(_MARK, time.time(), ex=int(2 * KEPT))
    except counters.away():
        log.exception("what was narrowed may be fetched in an outage for up to %s s", KEPT)


def forget() -> None:
    """Start anew, as a fresh process."""
    _rows.clear()
    _until.clear()
