"""Books calls that were never held: agents told of them afterwards. Nothing is refused, and nothing twice."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from skills.budgets.call_roles import CallRole
from skills.budgets.models import EntryKind, HoldState
from skills.budgets.reserve import NOBODY, Caller
from skills.budgets.settle import UNKNOWN, Attribution, Usage
from skills.lib.clock import now

# The periods are locked in the order of their ids, as reserve.py and settle.py do.
_BOOK = """
with told as (
    insert into skills_hold
        (id, periods, account_id, team_id, token_id, agent, session, request_id, skill_id, version_id, model,
         role, tokens, micros, state, used_tokens, used_micros, input_tokens, cached_tokens, written_tokens,
         output_tokens, created_at, expires_at, ended_at)
    values (%(id)s, %(periods)s, %(account)s, %(team)s, %(token)s, %(agent)s, %(session)s, %(request)s,
        %(skill)s, %(version)s, %(model)s, %(role)s, 0, null, %(state)s, %(used)s, %(cost)s, %(input)s,
        %(cached)s, %(written)s, %(output)s, %(at)s, %(now)s, %(now)s)
    on conflict (id) do nothing
    returning id, periods
), mine as (
    select p.id from skills_period p join told on p.id = any(told.periods) order by p.id for update of p
), paid as (
    update skills_period p set spent_tokens = p.spent_tokens + %(used)s,
        spent_micros = p.spent_micros + coalesce(%(cost)s::bigint, 0)
    from mine where p.id = mine.id returning p.id
), entries as (
    insert into skills_ledgerentry
        (period_id, hold_id, kind, tokens, micros, input_tokens, cached_tokens, written_tokens, output_tokens,
         model, role, skill_id, note, at)
    select paid.id, told.id, %(kind)s, %(used)s, %(cost)s, %(input)s, %(cached)s, %(written)s, %(output)s,
        %(model)s, %(role)s, %(skill)s, %(note)s, %(now)s
    from paid, told
)
select count(*) from told
"""


@dataclass(frozen=True, kw_only=True)
class ReportedCall:
    """A call, or the total of some, as an agent told it; `id` is the same when it is told again."""

    id: uuid.UUID
    model: str
    usage: Usage
    micros: int | None
    at: datetime
    caller: Caller = NOBODY
    attribution: Attribution = UNKNOWN


def book_report(call: ReportedCall, periods: list[int]) -> bool:
    """Book CALL, and charge it to PERIODS; whether it was not booked before."""
    values: dict[str, str | int | uuid.UUID | datetime | list[int] | None] = {
        "id": call.id,
        "periods": sorted(periods),
        "account": call.caller.account_id,
        "team": call.caller.team_id,
        "token": call.caller.token_id,
        "agent": call.caller.agent,
        "session": call.caller.session,
        "request": call.attribution.request_id,
        "skill": call.attribution.skill_id,
        "version": call.attribution.version_id,
        "model": call.model,
        "role": CallRole.TOLD.value,
        "state": HoldState.REPORTED.value,
        "kind": EntryKind.SETTLE.value,
        "note": "Told by the agent's telemetry.",
        "used": call.usage.total,
        "cost": call.micros,
        "input": call.usage.input,
        "cached": call.usage.cached,
        "written": call.usage.written,
        "output": call.usage.output,
        "now": now(),
        "at": call.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, values)
        return bool(cursor.fetchone()[0])
