"""What a budget says: how much for how long. Pure; the bounds of a period are computed here."""

import zoneinfo
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from skills.lib.errors import Problem, Refused

MOST = 10**15  # tokens or micros; sums of thousands of them still fit a bigint of 2**63
WHOLE = 100  # per cent
MOST_MARKS = 10
_WINDOWS = ("day", "week", "month", "none")
_LAST_START = {"week": 7, "month": 28}  # every month has 28 days
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)  # when what lasts for ever has begun


def default_marks() -> list[int]:
    return [50, 80, 100]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Limits for each period; None is no limit. `marks` are the percentages that people are told at.

    Of a budget that is not `hard` the limits only warn.
    """

    window: str = "month"
    time_zone: str = "UTC"
    starts_on: int = 1
    limit_tokens: int | None = None
    limit_micros: int | None = None
    marks: tuple[int, ...] = (50, 80, 100)
    hard: bool = True

    def check(self) -> None:
        """Raises Refused with everything that is wrong."""
        if problems := list(self._problems()):
            raise Refused(problems)

    def _problems(self) -> list[Problem]:
        texts: list[tuple[str, str]] = []
        if self.window not in _WINDOWS:
            texts.append((f"There is no period {self.window!r}.", "Use day, week, month or none."))
        if self.time_zone not in time_zones():
            remedy = "Use a name of the IANA list, as UTC or Europe/Zurich."
            texts.append((f"There is no time zone {self.time_zone!r}.", remedy))
        last = _LAST_START.get(self.window, 1)
        if not 1 <= self.starts_on <= last:
            text = f"The first day of a period lies between 1 and {last}."
            texts.append((text, "1 is Monday for weeks, and the first for months."))
        if any(
            limit is not None and not 0 <= limit <= MOST for limit in (self.limit_tokens, self.limit_micros)
        ):
            texts.append((f"A limit lies between 0 and {MOST:,}.", "Leave it empty for no limit."))
        if not all(1 <= mark <= WHOLE for mark in self.marks) or len(self.marks) > MOST_MARKS:
            remedy = f"Give at most {MOST_MARKS} of them."
            texts.append(("Each mark for a notice lies between 1 and 100 per cent.", remedy))
        return [Problem("bad_budget", text, remedy) for text, remedy in texts]

    @property
    def schedule(self) -> tuple[str, str, int]:
        """When periods begin and end."""
        return self.window, self.time_zone, self.starts_on

    def as_columns(self) -> dict[str, object]:
        """The values for the columns of the same names."""
        return asdict(self) | {"marks": sorted(set(self.marks))}


@cache
def time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def bounds(terms: Terms, at: datetime) -> tuple[datetime, datetime | None]:
    """The day, week or month around AT, by the clock of the time zone; NONE has begun and never ends."""
    zone = zoneinfo.ZoneInfo(terms.time_zone)
    day = at.astimezone(zone).date()
    match terms.window:
        case "day":
            first, after = day, day + timedelta(days=1)
        case "week":
            first = day - timedelta(days=(day.isoweekday() - terms.starts_on) % 7)
            after = first + timedelta(days=7)
        case "month":
            first = day.replace(day=terms.starts_on)
            if first > day:
                first = (first.replace(day=1) - timedelta(days=1)).replace(day=terms.starts_on)
            after = (first.replace(day=1) + timedelta(days=32)).replace(day=terms.starts_on)
        case _:
            return _FIRST, None
    return _midnight(first, zone), _midnight(after, zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """The moment DAY begins in ZONE; where the clock jumps over midnight, the one it jumps to."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
