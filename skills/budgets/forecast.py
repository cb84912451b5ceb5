"""What a period will have cost at its end, with an interval: from what each of the last days cost.

A bootstrap: 2,000 times the known days are drawn anew from themselves, and each day that is left is drawn
from those, working days from working days and weekends from weekends where there are two weeks of them. The
interval holds the middle nine tenths. It takes days to be independent, so a change of habit is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LEAST_DAYS = 7  # with fewer nothing is said
KNOWN_DAYS = 56  # that are looked at
_WEEKLY_FROM = 14  # days from which weekends are told apart
_DRAWS = 2_000
_LOW, _HIGH = 5, 95  # per cent
_SATURDAY = 5
_DAY_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Spending at the end of a period: the middle of all draws, and where nine tenths of them lie.

    `over` is the share of draws beyond the limit, None without one; it is learnt from `days` days.
    """

    likely: int
    low: int
    high: int
    over: float | None
    days: int


def forecast(
    spent_by_day: Mapping[date, int], *, spent: int, limit: int | None, at: datetime, ends_at: datetime
) -> Forecast | None:
    """What SPENT will have become when the period ends; None with too few days to tell.

    SPENT_BY_DAY holds the days before AT on which anything was spent; those between count as 0.
    """
    import numpy as np  # not with every page

    known = _known_days(spent_by_day, at.date())
    if len(known) < LEAST_DAYS:
        return None
    draw = np.random.default_rng(0)  # the same page says the same twice
    sums = np.full(_DRAWS, float(spent))
    weekly = len(known) >= _WEEKLY_FROM
    for is_weekend in (False, True):
        days = np.array([value for day, value in known if not weekly or _is_weekend(day) == is_weekend])
        left = [share for day, share in _days_left(at, ends_at) if _is_weekend(day) == is_weekend]
        if not left:
            continue
        again = draw.choice(days, size=(_DRAWS, len(days)))
        places = draw.integers(0, len(days), size=(_DRAWS, len(left)))
        sums += np.take_along_axis(again, places, axis=1) @ np.array(left)
    low, likely, high = np.percentile(sums, [_LOW, 50, _HIGH])
    return Forecast(
        likely=round(likely),
        low=round(low),
        high=round(high),
        over=None if limit is None else float((sums > limit).mean()),
        days=len(known),
    )


def _known_days(spent_by_day: Mapping[date, int], today: date) -> list[tuple[date, int]]:
    """Every whole day since the first with spending, of the last KNOWN_DAYS."""
    past = [day for day in spent_by_day if day < today]
    if not past:
        return []
    first = max(min(past), today - timedelta(days=KNOWN_DAYS))
    days = [first + timedelta(days=offset) for offset in range((today - first).days)]
    return [(day, spent_by_day.get(day, 0)) for day in days]


def _days_left(at: datetime, ends_at: datetime) -> list[tuple[date, float]]:
    """The days until ENDS_AT, and how much of each is left: of the first and the last it may be a part."""
    left = []
    begin = at
    while begin < ends_at:
        midnight = (begin + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        end = min(midnight, ends_at)
        left.append((begin.date(), (end - begin).total_seconds() / _DAY_SECONDS))
        begin = end
    return left


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY
