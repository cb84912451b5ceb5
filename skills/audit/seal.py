"""Seals recorded rows into a hash chain, in order, and checks the chain.

A chain written inside every transaction would make all writers wait for each other, so a task
seals what has committed. Writers hold a shared advisory lock until they end; whoever gets it
exclusively for a moment knows that no row with a lower id can still appear.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from django.db.models import Max

from skills.audit.models import Event
from skills.audit.record import WRITING

_SEALING = 7_265_301  # advisory lock: one sealer at a time
_BATCH = 1_000


@dataclass(frozen=True)
class Fault:
    """One broken link: the row's id and what is wrong with it."""

    event_id: int
    text: str


@dataclass(frozen=True)
class SealCheck:
    """How many rows are sealed and not yet sealed, and every broken link."""

    sealed: int
    unsealed: int
    faults: tuple[Fault, ...]


def seal_of(event: Event, seq: int, previous: str) -> str:
    """The seal: sha256 over every column of the row, its place and the seal before it."""
    facts = [
        seq,
        previous,
        event.pk,
        event.at.isoformat(),
        event.actor_id,
        event.actor_name,
        event.act,
        event.target,
        event.team_id,
        event.detail,
    ]
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal_batch() -> int:
    """Seal up to a thousand rows; returns how many. 0 also where another sealer is at work."""
    horizon = _horizon()
    if not horizon:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_SEALING])
        if not cursor.fetchone()[0]:
            return 0
        last = Event.objects.exclude(seq=None).order_by("-seq").first()
        seq, previous = (last.seq or 0, last.seal) if last else (0, "")
        rows = list(Event.objects.filter(seq=None, pk__lte=horizon).order_by("id")[:_BATCH])
        for event in rows:
            seq += 1
            event.seq, event.previous = seq, previous
            event.seal = previous = seal_of(event, seq, previous)
            event.save(update_fields=["seq", "previous", "seal"])
    return len(rows)


def _horizon() -> int:
    """The highest id below which every row has committed; 0 where there is nothing to seal, or where
    writers held the lock for a whole second."""
    if not Event.objects.filter(seq=None).exists():
        return 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Waiting for this lock makes later writers queue behind it, so the wait is short.
            cursor.execute("set local lock_timeout = '1s'")
            cursor.execute("select pg_advisory_xact_lock(%s)", [WRITING])
            return int(Event.objects.aggregate(top=Max("pk"))["top"] or 0)
    except OperationalError:
        return 0  # the task comes again soon


def verify_chain() -> SealCheck:
    """Walk the whole chain and name every row that does not fit."""
    sealed = Event.objects.exclude(seq=None)
    unsealed = Event.objects.filter(seq=None).count()
    faults = tuple(_faults(sealed.order_by("seq").iterator(chunk_size=2_000)))
    return SealCheck(sealed.count(), unsealed, faults)


def _faults(events: Iterator[Event]) -> Iterator[Fault]:
    expected, previous = 1, ""
    for event in events:
        seq = event.seq or 0
        if seq != expected:
            yield Fault(event.pk, f"rows {expected} to {seq - 1} of the chain are missing")
        # Both are compared: a row that is changed and sealed anew breaks the link of the row after it.
        if event.previous != previous:
            yield Fault(event.pk, "does not follow the row before it")
        if event.seal != seal_of(event, seq, event.previous):
            yield Fault(event.pk, "was changed after it was sealed")
        expected, previous = seq + 1, event.seal
