"""Lists calls, and the runs and sessions that they were made in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Max, Min, Q, QuerySet, Sum

from skills.budgets.models import Hold
from skills.budgets.spending import Amount, CallFilter, Reach, Span, amount_of, sums
from skills.budgets.spending_models import CallGroup, Grain, Spending, SpendingChange
from skills.lib.json_values import Json
from skills.lib.pages import Page, bad_cursor, decode, encode, page

_ROWS_OF_A_GROUP = 8  # that are looked through for each group of a page: few have more


@dataclass(frozen=True)
class Within:
    """The run or the session whose calls are asked for; of neither, all calls."""

    run_id: int | None = None
    session: str = ""


ANYWHERE = Within()


def calls(reach: Reach, span: Span, wanted: CallFilter, within: Within = ANYWHERE) -> QuerySet[Hold]:
    """The calls that ended within SPAN, those that were refused before billing too."""
    rows = reach.of(Hold.objects.filter(wanted.q, *_ends_within(span, "ended_at")))
    if within.run_id is not None:
        rows = rows.filter(run_id=within.run_id)
    return rows.filter(session=within.session) if within.session else rows


def page_of_calls(
    reach: Reach,
    span: Span,
    wanted: CallFilter,
    within: Within = ANYWHERE,
    *,
    cursor: str = "",
    size: int = 50,
) -> Page[Hold]:
    """The calls, the last first."""
    if wanted.values and within == ANYWHERE:
        narrow = _days_with(reach, span, wanted, cursor=cursor, most=size + 1)
        if narrow is None:
            return Page([])
        span = narrow
    return page(calls(reach, span, wanted, within), "-ended_at", cursor, size)


def _days_with(reach: Reach, span: Span, wanted: CallFilter, *, cursor: str, most: int) -> Span | None:
    """The newest days of SPAN on which MOST calls that are WANTED ended, from the sums; None without any.

    There is no index for each condition, and a rare model would be looked for in all calls of a year. Days on
    which such calls were only refused before billing are not among them.
    """
    until = span.until
    if cursor:
        until = min(until, _moment(decode(cursor, 2)[0]).date())
    sums = reach.of(Spending.objects.filter(wanted.q, grain=Grain.DAY, day__gte=span.since, day__lte=until))
    counts = sums.values("day").annotate(count=Sum("calls")).filter(count__gt=0).order_by("-day")
    found = list(counts.values_list("day", "count"))
    # What is not summed up yet may be of any day.
    if reach.of(SpendingChange.objects.filter(wanted.q)).exists():
        return Span(span.since, until)
    if not found:
        return None
    total = 0
    for day, count in found:
        # Of the cursor's own day all may be behind us.
        total += 0 if cursor and day == until else count
        if total >= most:
            return Span(day, found[0][0])
    return Span(found[-1][0], found[0][0])


def _moment(value: Json) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise bad_cursor() from None
    if moment.tzinfo is None:
        raise bad_cursor()
    return moment.astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class GroupOfCalls:
    """The calls of one run or session; or those of one `day` that name neither."""

    run_id: int | None
    session: str
    day: date | None
    account_id: int | None
    agent: str
    first_at: datetime
    last_at: datetime
    amount: Amount


def groups(
    reach: Reach, span: Span, wanted: CallFilter, *, runs: bool, cursor: str = "", size: int = 50
) -> Page[GroupOfCalls]:
    """Runs, or else sessions, with their last call within SPAN, the newest first.

    Sums know nothing of models: a filter by one is left out.
    """
    rows = CallGroup.objects.filter(
        wanted.without_model.q, *_ends_within(span, "last_at"), run_id__isnull=not runs, calls__gt=0
    )
    rows = reach.of(rows)
    listed = _newest(rows, cursor, size + 1)
    shown = [
        GroupOfCalls(
            run_id=row["run_id"],
            session=row["session"],
            day=row["day"],
            account_id=row["account_id"],
            agent=row["agent"],
            first_at=row["first"],
            last_at=row["last"],
            amount=amount_of(row),
        )
        for row in listed[:size]
    ]
    end = listed[size - 1] if len(listed) > size else None
    return Page(shown, encode([end["last"].isoformat(), end["place"]]) if end else "")


def _newest(rows: QuerySet[CallGroup], cursor: str, most: int) -> list[dict[str, Any]]:
    """The MOST newest groups of ROWS after CURSOR, summed up.

    A group has a row for each skill, purpose and so on in it. The newest rows, of which an index knows, say
    which groups may be among the newest; only where these are too few, all are summed up.
    """
    past = _past(cursor) if cursor else Q()
    recent = rows.filter(last_at__lte=_moment(decode(cursor, 2)[0])) if cursor else rows
    columns = ("run_id", "session", "day", "last_at")
    first = list(recent.order_by("-last_at").values_list(*columns)[: most * _ROWS_OF_A_GROUP])
    if len(first) == most * _ROWS_OF_A_GROUP:
        runs, sessions, days = (set(values) for values in list(zip(*first, strict=True))[:3])
        candidates = rows.filter(
            Q(run_id__in=runs - {None})
            | Q(run_id=None, session__in=sessions - {""})
            | Q(run_id=None, session="", day__in=days - {None})
        )
        listed = _summed(candidates, past, most)
        # What is no candidate ended at the last of these rows or before it.
        if len(listed) == most and listed[-1]["last"] > first[-1][-1]:
            return listed
    return _summed(rows, past, most)


def _summed(rows: QuerySet[CallGroup], past: Q, most: int) -> list[dict[str, Any]]:
    grouped = rows.values("run_id", "session", "day", "account_id", "agent")
    found = grouped.annotate(first=Min("first_at"), last=Max("last_at"), place=Min("id"), **sums())
    return [dict(row) for row in found.filter(past).order_by("-last", "-place")[:most]]


def _past(cursor: str) -> Q:
    last, place = decode(cursor, 2)
    moment = _moment(last)
    if not isinstance(place, int) or not 0 <= place < 2**63:
        raise bad_cursor()
    return Q(last__lt=moment) | Q(last=moment, place__lt=place)


def _ends_within(span: Span, column: str) -> tuple[Q, Q]:
    """Compared as moments: an index by the column answers."""
    since = datetime.combine(span.since, time.min, UTC)
    end = datetime.combine(span.until + timedelta(days=1), time.min, UTC)
    return Q(**{f"{column}__gte": since}), Q(**{f"{column}__lt": end})
