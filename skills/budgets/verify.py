"""Compares every period's counters with the ledger and the open holds."""

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
