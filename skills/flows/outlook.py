"""How the current period of whose spending is looked at will end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from skills.budgets.allowances import budget_of
from skills.budgets.forecast import KNOWN_DAYS, LEAST_DAYS, Forecast, forecast
from skills.budgets.models import Budget, Period
from skills.budgets.periods import current
from skills.budgets.spending import Measure, Reach, Span, day_totals
from skills.lib.clock import now


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A period that ends, what it spent by day, and its forecast, None with too few days to tell."""

    budget: Budget
    period: Period
    ends_at: datetime
    at: datetime
    measure: Measure
    by_day: Mapping[date, int]
    spent: int
    limit: int | None
    forecast: Forecast | None
    least_days: int = LEAST_DAYS


def outlook_of(reach: Reach, wanted: Measure | None) -> Outlook | None:
    """None for a budget whose period has no end. Unless WANTED says, it counts what is limited, or money."""
    budget = budget_of(team=reach.team, account=reach.account)
    period = current(budget)
    if period.ends_at is None:
        return None
    measure = wanted or _limited(period)
    at = now()
    first = min(period.starts_at.date(), at.date() - timedelta(days=KNOWN_DAYS))
    totals = day_totals(reach, Span(first, at.date()))
    is_money = measure == Measure.MONEY
    by_day = {day: amount.micros if is_money else amount.tokens for day, amount in totals.items()}
    spent = period.spent_micros if is_money else period.spent_tokens
    limit = period.limit_micros if is_money else period.limit_tokens
    return Outlook(
        budget=budget,
        period=period,
        ends_at=period.ends_at,
        at=at,
        measure=measure,
        by_day=by_day,
        spent=spent,
        limit=limit,
        forecast=forecast(by_day, spent=spent, limit=limit, at=at, ends_at=period.ends_at),
    )


def _limited(period: Period) -> Measure:
    only_tokens = period.limit_micros is None and period.limit_tokens is not None
    return Measure.TOKENS if only_tokens else Measure.MONEY
