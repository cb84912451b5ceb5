"""Compares every period's counters with the ledger and the open holds, and the sums of reports with holds."""

from dataclasses import dataclass

from django.db import connection

_DIFFERENCES = """
with used as (
    select period_id, sum(tokens) as tokens, sum(coalesce(micros, 0)) as micros
    from skills_ledgerentry where kind <> 'grant' group by period_id
), open as (
    select period_id, sum(tokens) as tokens, sum(coalesce(micros, 0)) as micros
    from skills_hold, unnest(periods) as period_id where state = 'held' group by period_id
)
select p.id, p.spent_tokens, coalesce(used.tokens, 0), p.held_tokens, coalesce(open.tokens, 0),
    p.spent_micros, coalesce(used.micros, 0), p.held_micros, coalesce(open.micros, 0)
from skills_period p left join used on used.period_id = p.id left join open on open.period_id = p.id
where p.spent_tokens <> coalesce(used.tokens, 0) or p.held_tokens <> coalesce(open.tokens, 0)
    or p.spent_micros <> coalesce(used.micros, 0) or p.held_micros <> coalesce(open.micros, 0)
order by p.id
"""
_KEY = "account_id, team_id, token_id, skill_id, version_id, agent, role"
_SUMS = "calls, lost, unpriced, tokens, micros, input_tokens, cached_tokens, written_tokens, output_tokens"
_TAKEN_OFF = ", ".join(f"-{name}" for name in _SUMS.split(", "))
_CALLS = f"""
    select account_id, team_id, token_id, skill_id, version_id, agent, role, model, run_id, session, ended_at,
        1 as calls, (state = 'lost')::int as lost, (used_micros is null)::int as unpriced,
        coalesce(used_tokens, 0) as tokens, coalesce(used_micros, 0) as micros, input_tokens, cached_tokens,
        written_tokens, output_tokens
    from skills_hold where state in ('settled', 'lost', 'reported') and ended_at is not null
    union all
    select account_id, team_id, token_id, skill_id, version_id, agent, role, model, run_id, session, ended_at,
        {_TAKEN_OFF} from skills_spendingchange
"""  # noqa: S608 - names of columns
# What the holds say, less what waits to be rolled up, less what is rolled up: nothing may be left.
_OFF = ", ".join(f"sum({name}) as {name}" for name in _SUMS.split(", "))
_SUM_DIFFERENCES = f"""
with calls as materialized ({_CALLS}), offs as (
    select 'day ' || day as place, {_OFF} from (
        select (ended_at at time zone 'UTC')::date as day, model, {_KEY}, {_SUMS} from calls
        union all select day, model, {_KEY}, {_TAKEN_OFF} from skills_spending where grain = 'day'
    ) as rows group by day, model, {_KEY}
    union all
    select 'month ' || day, {_OFF} from (
        select day, model, {_KEY}, {_SUMS} from skills_spending where grain = 'month'
        union all select date_trunc('month', day)::date, model, {_KEY}, {_TAKEN_OFF}
        from skills_spending where grain = 'day'
    ) as rows group by day, model, {_KEY}
    union all
    select case when run_id is not null then 'run ' || run_id else 'session ' || session end, {_OFF} from (
        select run_id, session, {_KEY}, {_SUMS} from calls
        union all select run_id, session, {_KEY}, {_TAKEN_OFF} from skills_callgroup
    ) as rows group by run_id, session, {_KEY}
)
select place, sum(calls), sum(tokens), sum(micros) from offs
where ({_SUMS}) <> (0, 0, 0, 0, 0, 0, 0, 0, 0)
group by place order by place limit 1000
"""  # noqa: S608 - names of columns


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A period whose counters are not what its rows say: (counter, rows) for each."""

    period_id: int
    spent_tokens: tuple[int, int]
    held_tokens: tuple[int, int]
    spent_micros: tuple[int, int]
    held_micros: tuple[int, int]

    def __str__(self) -> str:
        return (
            f"period {self.period_id}: spent {self.spent_tokens[0]} tokens, the ledger says "
            f"{self.spent_tokens[1]}; held {self.held_tokens[0]}, open holds say {self.held_tokens[1]}; "
            f"spent {self.spent_micros[0]} micros, the ledger says {self.spent_micros[1]}"
        )


def differences() -> list[Difference]:
    """Periods that do not add up, in one consistent reading; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES)
        rows = [tuple(int(value) for value in row) for row in cursor.fetchall()]
    return [
        Difference(
            period_id=row[0],
            spent_tokens=(row[1], row[2]),
            held_tokens=(row[3], row[4]),
            spent_micros=(row[5], row[6]),
            held_micros=(row[7], row[8]),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class SumDifference:
    """A sum of the reports that is not what its calls say, and by how much the calls say more.

    All of these can be 0: then something is booked to the wrong one.
    """

    place: str
    calls: int
    tokens: int
    micros: int

    def __str__(self) -> str:
        return (
            f"reports, {self.place}: the calls say {self.calls:+} calls, {self.tokens:+} tokens and "
            f"{self.micros:+} micros more"
        )


def sum_differences() -> list[SumDifference]:
    """The first 1,000 sums that do not add up, in one consistent reading; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(_SUM_DIFFERENCES)
        rows = cursor.fetchall()
    return [
        SumDifference(place, int(calls), int(tokens), int(micros)) for place, calls, tokens, micros in rows
    ]
