"""Writes one audit row inside the caller's transaction."""

import json
from typing import Any, Protocol

from django.db import connection

from skills.lib.clock import now


class Named(Protocol):
    """An account, as far as the log needs to know one."""

    pk: Any
    username: str


# An advisory lock that a transaction holds, shared, from its first record until it ends. The sealer takes
# it exclusively for a moment (seal.py). Any two numbers would do; other code of ours takes no such locks.
WRITING = 7_265_302
_INSERT = """
    with writing as materialized (select pg_advisory_xact_lock_shared(%(lock)s))
    insert into skills_event (at, actor_id, actor_name, act, target, team_id, detail, previous, seal)
    select %(at)s, %(actor)s, %(name)s, %(act)s, %(target)s, %(team)s, %(detail)s::jsonb, '', ''
    from writing
"""


class Unrecorded(RuntimeError):
    """An act was about to be recorded outside the transaction that does it."""


def record(
    act: str, *, by: Named | None, target: object, team_id: int | None = None, **detail: object
) -> None:
    """Record that BY (None: the system) did ACT on TARGET; DETAIL must be JSON without secrets."""
    if not connection.in_atomic_block:
        raise Unrecorded(f"{act} needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "lock": WRITING,
                "at": now(),
                "actor": by.pk if by else None,
                "name": by.username if by else "system",
                "act": act,
                "target": str(target)[:200],
                "team": team_id,
                "detail": json.dumps(detail),
            },
        )
