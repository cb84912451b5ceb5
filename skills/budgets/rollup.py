"""Keeps the sums of spending_models.py true to the holds, and rebuilds them."""

from django.db import connection, transaction

_BATCH = 20_000  # changes that one statement takes up
_MEND_BATCH = 1_000
_LOCK = 7_316_001  # of PostgreSQL's advisory locks: the number of this work, and of no other

_WHO = ("account_id", "team_id", "token_id", "skill_id", "version_id", "agent", "role")
_SUMS = (
    *("calls", "lost", "unpriced", "tokens", "micros"),
    *("input_tokens", "cached_tokens", "written_tokens", "output_tokens"),
)
_DAY = "(ended_at at time zone 'UTC')::date"
# Of calls of neither run nor session.
_LOOSE_DAY = f"case when run_id is null and session = '' then {_DAY} end"
_SPENDING_KEY = ("grain", "day", "model", *_WHO)
_GROUP_KEY = ("run_id", "session", "day", *_WHO)


def _summed() -> str:
    return ", ".join(f"sum({name})" for name in _SUMS)


def _added(table: str) -> str:
    return ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in _SUMS)


# One statement, so one transaction: a kill in the middle takes up nothing and loses nothing.
_ROLL_UP = f"""
with taken as (
    delete from skills_spendingchange
    where id in (select id from skills_spendingchange order by id limit %s) returning *
), spent as (
    insert into skills_spending ({", ".join([*_SPENDING_KEY, *_SUMS])})
    select grains.grain, date_trunc(grains.grain, ended_at at time zone 'UTC')::date as first, model,
        {", ".join(_WHO)}, {_summed()}
    from taken, (values ('day'), ('month')) as grains (grain)
    group by grains.grain, first, model, {", ".join(_WHO)}
    on conflict ({", ".join(_SPENDING_KEY)}) do update set {_added("skills_spending")}
), grouped as (
    insert into skills_callgroup ({", ".join([*_GROUP_KEY, *_SUMS])}, first_at, last_at)
    select run_id, session, {_LOOSE_DAY} as loose_day, {", ".join(_WHO)}, {_summed()},
        min(ended_at), max(ended_at)
    from taken group by run_id, session, loose_day, {", ".join(_WHO)}
    on conflict ({", ".join(_GROUP_KEY)}) do update set {_added("skills_callgroup")},
        first_at = least(skills_callgroup.first_at, excluded.first_at),
        last_at = greatest(skills_callgroup.last_at, excluded.last_at)
)
select count(*) from taken
"""  # noqa: S608 - names of columns
# What code of the release before left out stands in the periods (who) and in any one entry of the call (how
# much). With its end the hold is noticed by the trigger.
_MEND = """
update skills_hold h set
    ended_at = coalesce(charge.at, least(h.expires_at, now())),
    used_micros = coalesce(charge.micros, h.used_micros),
    input_tokens = coalesce(charge.input, h.input_tokens),
    cached_tokens = coalesce(charge.cached, h.cached_tokens),
    written_tokens = coalesce(charge.written, h.written_tokens),
    output_tokens = coalesce(charge.output, h.output_tokens),
    team_id = coalesce(h.team_id, owner.team_id), account_id = coalesce(h.account_id, owner.account_id)
from (
    select id from skills_hold where ended_at is null and state <> 'held'
    order by id limit %s for update skip locked
) as endless
left join lateral (
    select min(at) as at, sum(micros) as micros, sum(input_tokens) as input, sum(cached_tokens) as cached,
        sum(written_tokens) as written, sum(output_tokens) as output
    from skills_ledgerentry where hold_id = endless.id group by period_id limit 1
) as charge on true
left join lateral (
    select max(b.team_id) as team_id, max(b.account_id) as account_id
    from skills_hold mine join skills_period p on p.id = any(mine.periods)
    join skills_budget b on b.id = p.budget_id where mine.id = endless.id
) as owner on true
where h.id = endless.id
"""
# Code of the release before books what agents tell as work; what changes is noticed by the trigger too.
_APART = """
update skills_hold set role = 'told' where id in (
    select id from skills_hold where state = 'reported' and role = 'work' limit %s for update skip locked)
"""
_FORGET = "truncate skills_spending, skills_callgroup, skills_spendingchange"
_NOTE_ALL = """
insert into skills_spendingchange
    (account_id, team_id, token_id, skill_id, version_id, agent, role, model, run_id, session, ended_at,
     calls, lost, unpriced, tokens, micros, input_tokens, cached_tokens, written_tokens, output_tokens)
select account_id, team_id, token_id, skill_id, version_id, agent, role, model, run_id, session, ended_at,
    1, (state = 'lost')::int, (used_micros is null)::int, coalesce(used_tokens, 0), coalesce(used_micros, 0),
    input_tokens, cached_tokens, written_tokens, output_tokens
from skills_hold where state in ('settled', 'lost', 'reported') and ended_at is not null
"""


def roll_up() -> int:
    """Take up what changed since the last time, unless another worker is at it; returns how many changes."""
    _mend()
    total = 0
    while taken := _take_up():
        total += taken
    return total


def rebuild() -> None:
    """Forget all sums and count every hold again, at the next roll-up. Calls that end meanwhile wait."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Before the sums: a call that ends now writes its change behind this transaction or before it.
        cursor.execute("lock table skills_hold in share row exclusive mode")
        cursor.execute(_FORGET)
        cursor.execute(_NOTE_ALL)


def _take_up() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        # Two at once would wait for each other's rows, in orders of their own.
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_ROLL_UP, [_BATCH])
        taken: int = cursor.fetchone()[0]
    return taken


def _mend() -> None:
    with connection.cursor() as cursor:
        for statement in (_MEND, _APART):
            cursor.execute(statement, [_MEND_BATCH])
            while cursor.rowcount == _MEND_BATCH:
                cursor.execute(statement, [_MEND_BATCH])
