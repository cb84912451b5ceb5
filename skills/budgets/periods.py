"""The period of a budget that runs: made on its first use, and kept when the budget's schedule changes.

A budget is locked before its periods, and of several the lower id first, as in reserve.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum

from skills.budgets.models import SPENDING, Budget, EntryKind, Grant, LedgerEntry, Period
from skills.budgets.terms import Terms, bounds
from skills.lib.bigints import bigint
from skills.lib.clock import now

_BATCH = 500  # rows that one statement changes


def current(budget: Budget, subject: str = "") -> Period:
    """The period of this moment; SUBJECT is the session or run, of a budget of each of them."""
    period = _running(budget, subject, now())
    return period or _begin(budget.pk, subject)


def _running(budget: Budget, subject: str, at: datetime) -> Period | None:
    # By its end, not its start: a period that was changed keeps its start.
    _, ends_at = bounds(budget.terms, at)
    rows = Period.objects.filter(budget=budget, subject=subject, starts_at__lte=at, ends_at=ends_at)
    return rows.order_by("-starts_at").first()


def _begin(budget_id: int, subject: str) -> Period:
    """Make the period, by the terms of this moment: whoever changes them waits for us, or we for them."""
    with transaction.atomic():
        budget = Budget.objects.select_for_update(of=("self",)).get(pk=budget_id)
        at = now()
        if period := _running(budget, subject, at):  # somebody else's call was first
            return period
        period = fresh(budget)
        period.subject = subject
        period.save()
        return period


def running_of(budgets: Sequence[Budget]) -> dict[int, Period]:
    """The period that runs of each of BUDGETS, by their ids; none is made."""
    at = now()
    ends = {budget.pk: bounds(budget.terms, at)[1] for budget in budgets}
    rows = Period.objects.filter(is_open(), budget__in=ends, subject="", starts_at__lte=at)
    return {row.budget_id: row for row in rows.order_by("starts_at") if row.ends_at == ends[row.budget_id]}


def fresh(budget: Budget) -> Period:
    """A period of this moment in which nothing is spent; not written."""
    starts_at, ends_at = bounds(budget.terms, now())
    return Period(
        budget=budget,
        starts_at=starts_at,
        ends_at=ends_at,
        limit_tokens=budget.limit_tokens,
        limit_micros=budget.limit_micros,
    )


def is_open() -> Q:
    """Periods that have not ended."""
    return Q(ends_at=None) | Q(ends_at__gt=now())


def change(budgets: Sequence[Budget], terms: Terms, **columns: object) -> None:
    """Give locked budgets new TERMS and COLUMNS; what runs follows at once, and what is spent stays spent.

    A period stays the same row: calls under way hold in it, and those that wait for room know its id.
    """
    kept = _kept([budget for budget in budgets if not budget.each])
    granted = _granted(kept)
    for budget in budgets:
        for name, value in (terms.as_columns() | columns).items():
            setattr(budget, name, value)
    ids = [budget.pk for budget in budgets]
    Budget.objects.filter(pk__in=ids).update(**terms.as_columns(), **columns)
    starts_at, ends_at = bounds(terms, now())
    for period in kept:
        if period.ends_at != ends_at or period.starts_at > starts_at:
            _carry(period, since=starts_at)
        more = granted.get(period.pk, _Amount(tokens=0, micros=0))
        period.ends_at = ends_at
        period.limit_tokens = None if terms.limit_tokens is None else terms.limit_tokens + more["tokens"]
        period.limit_micros = None if terms.limit_micros is None else terms.limit_micros + more["micros"]
        forget_marks(period)
    changed = ["ends_at", "limit_tokens", "limit_micros", "told_marks", "refused_at"]
    Period.objects.bulk_update(kept, changed, batch_size=_BATCH)
    # Of each session or run: as many as there are, and none of them ends.
    each = Period.objects.filter(budget__in=ids).exclude(budget__each="")
    each.update(limit_tokens=terms.limit_tokens, limit_micros=terms.limit_micros)


def _kept(budgets: Sequence[Budget]) -> list[Period]:
    """The period that runs of each of the BUDGETS, locked; made where there is none."""
    found = running_of(budgets)
    Period.objects.bulk_create(fresh(budget) for budget in budgets if budget.pk not in found)
    ids = [period.pk for period in running_of(budgets).values()]
    rows = Period.objects.filter(pk__in=ids)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


class _Amount(TypedDict):
    tokens: int
    micros: int


def _granted(kept: Sequence[Period]) -> dict[int, _Amount]:
    """What open grants add, by period."""
    rows = Grant.objects.filter(period__in=kept, ended_at=None).values("period")
    sums = rows.annotate(all_tokens=Sum("tokens"), all_micros=Sum("micros"))
    return {
        row["period"]: _Amount(tokens=int(row["all_tokens"]), micros=int(row["all_micros"])) for row in sums
    }


def _carry(period: Period, *, since: datetime) -> None:
    """Book what earlier periods of the budget have spent SINCE the beginning of a longer one.

    Without that a month made of days would begin at nothing. What is spent in the period itself stays,
    also where a shorter one would have begun later.
    """
    others = LedgerEntry.objects.filter(
        period__budget=period.budget_id, kind__in=SPENDING, at__gte=since
    ).exclude(period=period)
    spent = _sums(others)
    carried = _sums(LedgerEntry.objects.filter(period=period, kind=EntryKind.CARRY))
    tokens = max(0, spent["tokens"] - carried["tokens"])
    micros = max(0, spent["micros"] - carried["micros"])
    if not tokens and not micros:
        return
    LedgerEntry.objects.create(
        period=period,
        kind=EntryKind.CARRY,
        tokens=tokens,
        micros=micros,
        note=f"Spent since {since:%Y-%m-%d %H:%M} UTC",
    )
    Period.objects.filter(pk=period.pk).update(
        spent_tokens=F("spent_tokens") + bigint(tokens), spent_micros=F("spent_micros") + bigint(micros)
    )
    period.spent_tokens += tokens
    period.spent_micros += micros


def _sums(entries: QuerySet[LedgerEntry]) -> _Amount:
    sums = entries.aggregate(tokens=Sum("tokens", default=0), micros=Sum("micros", default=0))
    return _Amount(tokens=int(sums["tokens"]), micros=int(sums["micros"]))


def forget_marks(period: Period) -> None:
    """After a change of limits, in memory: marks that are not reached any more may be told again."""
    period.told_marks = [mark for mark in period.told_marks if mark <= (period.percent or 0)]
    period.refused_at = None
