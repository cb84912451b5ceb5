"""Lists the ledger of a budget: period by period, and in each by number, so that an index answers."""

from django.db import connection

from skills.budgets.models import Budget, LedgerEntry
from skills.lib.pages import MOST, Page, bad_cursor, decode, encode

_NEWEST = """
select entry.id from skills_period period
cross join lateral (
    select id from skills_ledgerentry
    where period_id = period.id and (period.id <> %(period)s or id < %(entry)s)
    order by id desc limit %(size)s
) as entry
where period.budget_id = %(budget)s and (%(period)s = 0 or (period.starts_at, period.id) <= (
    select starts_at, id from skills_period where id = %(period)s and budget_id = %(budget)s
))
order by period.starts_at desc, period.id desc, entry.id desc limit %(size)s
"""


def page_of_entries(budget: Budget, cursor: str, size: int) -> Page[LedgerEntry]:
    """Entries of the newest period first, and of each the newest first."""
    values = {"budget": budget.pk, "period": 0, "entry": 0, "size": min(size, MOST) + 1}
    if cursor:
        period, entry = decode(cursor, 2)
        if not isinstance(period, int) or not isinstance(entry, int) or not min(period, entry) > 0:
            raise bad_cursor()
        if max(period, entry) >= 2**63:
            raise bad_cursor()
        values |= {"period": period, "entry": entry}
    with connection.cursor() as database:
        database.execute(_NEWEST, values)
        ids = [row[0] for row in database.fetchall()]
    found = LedgerEntry.objects.select_related("actor").in_bulk(ids[:size])
    rows = [found[pk] for pk in ids[:size]]
    return Page(rows, encode([rows[-1].period_id, rows[-1].pk]) if len(ids) > size else "")
