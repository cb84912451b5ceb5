"""Writes one audit row inside the caller's transaction."""

from typing import Any, Protocol

from django.db import connection

from skills.audit.models import Event


class Named(Protocol):
    """An account, as far as the log needs to know one."""

    pk: Any
    username: str


WRITING = 7_265_302  # advisory lock, shared: a transaction that has recorded and not yet ended


class Unrecorded(RuntimeError):
    """An act was about to be recorded outside the transaction that does it."""


def record(act: str, *, by: Named | None, target: object, team_id: int | None = None, **detail: Any) -> Event:
    """Record that BY (None: the system) did ACT on TARGET; DETAIL must be JSON without secrets."""
    if not connection.in_atomic_block:
        raise Unrecorded(f"{act} needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s)", [WRITING])
    return Event.objects.create(
        actor_id=by.pk if by else None,
        actor_name=by.username if by else "system",
        act=act,
        target=str(target)[:200],
        team_id=team_id,
        detail=detail,
    )
