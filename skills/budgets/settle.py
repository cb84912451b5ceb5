"""Ends a hold: the truth is booked, or nothing was billed, or nobody knows and all of it is charged."""

import uuid
from dataclasses import KW_ONLY, dataclass

from django.db import connection

from skills.budgets.models import EntryKind, Hold, HoldState
from skills.budgets.reserve import Value
from skills.lib.clock import now

# Once only: the hold's state decides. The periods are locked in the order of their ids, as reserve.py does,
# so that no two calls wait for each other. The gateway runs it on connections of its own.
STATEMENT = """
with done as (
    update skills_hold set state = %(state)s, used_tokens = coalesce(%(used)s::bigint, tokens),
        used_micros = coalesce(%(cost)s::bigint, micros), sent_tokens = %(sent)s, ended_at = %(now)s,
        input_tokens = %(input)s, cached_tokens = %(cached)s, written_tokens = %(written)s,
        output_tokens = %(output)s, request_id = %(request)s,
        skill_id = coalesce(%(skill)s::bigint, skill_id),
        version_id = coalesce(%(version)s::bigint, version_id)
    where id = %(hold)s and state = 'held'
    returning id, periods, tokens, micros, price_id, model, role, run_id, skill_id
), mine as (
    select p.id, done.tokens, coalesce(done.micros, 0) as micros
    from skills_period p join done on p.id = any(done.periods) order by p.id for update of p
), paid as (
    update skills_period p set
        held_tokens = p.held_tokens - mine.tokens, held_micros = p.held_micros - mine.micros,
        spent_tokens = p.spent_tokens + coalesce(%(used)s::bigint, mine.tokens),
        spent_micros = p.spent_micros + coalesce(%(cost)s::bigint, mine.micros)
    from mine where p.id = mine.id returning p.id
)
insert into skills_ledgerentry
    (period_id, hold_id, kind, tokens, micros, input_tokens, cached_tokens, written_tokens, output_tokens,
     price_id, model, role, run_id, skill_id, note, at)
select paid.id, done.id, %(kind)s::varchar, coalesce(%(used)s::bigint, done.tokens),
    coalesce(%(cost)s::bigint, done.micros),
    %(input)s, %(cached)s, %(written)s, %(output)s, done.price_id, done.model, done.role, done.run_id,
    done.skill_id, %(note)s, %(now)s
from paid, done where %(kind)s::varchar <> 'none'
"""


@dataclass(frozen=True)
class Usage:
    """Tokens of one call as the provider reports them; `input` without what a cache has to do with.

    `cached` was read from the provider's cache, `written` was put there, `hour` of it to stay for an hour.
    """

    input: int = 0
    cached: int = 0
    output: int = 0
    written: int = 0
    _: KW_ONLY
    hour: int = 0

    @property
    def sent(self) -> int:
        """The whole input."""
        return self.input + self.cached + self.written

    @property
    def total(self) -> int:
        return self.sent + self.output


NOTHING = Usage()


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """What only the call itself showed: the skill at work, and the provider's own name of the request."""

    skill_id: int | None = None
    version_id: int | None = None
    request_id: str = ""


UNKNOWN = Attribution()
# Each hold is a statement with locks of its own; those that are left wait for the next minute's call.
_BATCH = 500
_NOTE_LENGTH = 300  # characters, as the column


@dataclass(frozen=True, kw_only=True)
class End:
    """How a hold ends; without `tokens` or `micros` what was held is charged. No `kind` writes no entry."""

    state: HoldState
    kind: EntryKind | None
    usage: Usage = NOTHING
    tokens: int | None = None
    micros: int | None = None
    attribution: Attribution = UNKNOWN
    note: str = ""


def settled(usage: Usage, micros: int | None, attribution: Attribution = UNKNOWN) -> End:
    """What was used is booked instead of what was held, also where that is more."""
    return End(
        state=HoldState.SETTLED,
        kind=EntryKind.SETTLE,
        usage=usage,
        tokens=usage.total,
        micros=micros,
        attribution=attribution,
    )


RELEASED = End(state=HoldState.RELEASED, kind=None, tokens=0, micros=0)


def lost(why: str, attribution: Attribution = UNKNOWN) -> End:
    """All that was held is charged. An audited correction can mend that."""
    return End(state=HoldState.LOST, kind=EntryKind.LOST, attribution=attribution, note=why)


def settle(hold: uuid.UUID, usage: Usage, micros: int | None, attribution: Attribution = UNKNOWN) -> None:
    """Book what was used; a second time changes nothing."""
    _carry_out(hold, settled(usage, micros, attribution))


def release(hold: uuid.UUID) -> None:
    """The provider refused before billing: nothing was used."""
    _carry_out(hold, RELEASED)


def lose(hold: uuid.UUID, why: str, attribution: Attribution = UNKNOWN) -> None:
    """Nobody knows what was billed."""
    _carry_out(hold, lost(why, attribution))


def _carry_out(hold: uuid.UUID, end: End) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values_of(hold, end))


def values_of(hold: uuid.UUID, end: End) -> dict[str, Value]:
    """What STATEMENT is run with to end HOLD; of a hold that has ended already it changes nothing."""
    return {
        "hold": hold,
        "state": end.state.value,
        "kind": end.kind.value if end.kind else "none",
        "used": end.tokens,
        "cost": end.micros,
        "sent": end.usage.sent or None,
        "input": end.usage.input,
        "cached": end.usage.cached,
        "written": end.usage.written,
        "output": end.usage.output,
        "skill": end.attribution.skill_id,
        "version": end.attribution.version_id,
        "request": end.attribution.request_id,
        "note": end.note[:_NOTE_LENGTH],
        "now": now(),
    }


def charge_expired_holds() -> int:
    """Charge in full the holds whose time is over, 500 at a time; returns how many."""
    open_ = Hold.objects.filter(state=HoldState.HELD, expires_at__lt=now())
    expired = list(open_.order_by("expires_at").values_list("pk", flat=True)[:_BATCH])
    for hold in expired:
        lose(hold, "The call never reported its end.")
    return len(expired)
