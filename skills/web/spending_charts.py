"""Spending as drawings: bars of days or months, and the way of a period to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from skills.budgets.forecast import Forecast

_WIDE = 100.0  # both drawings are as wide and as high as this, and stretched by CSS
_HEADROOM = 1.05
_GAP = 0.2  # of a bar's width


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One day or month; places and sizes in units of the drawing."""

    day: date
    value: int
    x: float
    y: float
    width: float
    height: float


def bar_chart(steps: Sequence[tuple[date, int]]) -> list[Bar]:
    most = max((value for _, value in steps), default=0) or 1
    width = _WIDE / max(1, len(steps))
    bars = []
    for place, (day, value) in enumerate(steps):
        height = round(_WIDE * value / most, 2)
        bar = Bar(
            day=day,
            value=value,
            x=round(width * (place + _GAP / 2), 3),
            y=round(_WIDE - height, 2),
            width=round(width * (1 - _GAP), 3),
            height=height,
        )
        bars.append(bar)
    return bars


@dataclass(frozen=True, kw_only=True)
class BurnUp:
    """What a period has spent, day by day, its limit, and the fan of its forecast.

    `line`, `likely` and `fan` are points of SVG; `limit_y` is None without a limit, `now_x` is today.
    """

    line: str
    likely: str
    fan: str
    limit_y: float | None
    now_x: float


def burn_up(
    spent_by_day: Mapping[date, int],
    *,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
    spent: int,
    limit: int | None,
    forecast: Forecast | None,
) -> BurnUp:
    """The sums of SPENT_BY_DAY until AT, where SPENT is what the period itself counts."""
    top = _HEADROOM * max(spent, limit or 0, forecast.high if forecast else 0, 1)
    length = (ends_at - starts_at).total_seconds()

    def point(moment: datetime, value: float) -> str:
        return f"{_across(moment):.2f},{_WIDE - _WIDE * value / top:.2f}"

    def _across(moment: datetime) -> float:
        return _WIDE * (moment - starts_at).total_seconds() / length

    points, so_far = [point(starts_at, 0)], 0
    end_of_day = starts_at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while end_of_day < at:
        so_far += spent_by_day.get((end_of_day - timedelta(days=1)).date(), 0)
        points.append(point(end_of_day, min(so_far, spent)))
        end_of_day += timedelta(days=1)
    here = point(at, spent)
    fan, likely = "", ""
    if forecast:
        fan = f"{here} {point(ends_at, forecast.high)} {point(ends_at, forecast.low)}"
        likely = f"{here} {point(ends_at, forecast.likely)}"
    return BurnUp(
        line=" ".join([*points, here]),
        likely=likely,
        fan=fan,
        limit_y=None if limit is None else round(_WIDE - _WIDE * limit / top, 2),
        now_x=round(_across(at), 2),
    )
