"""When a source is read again: pure decisions on times."""

from datetime import datetime, timedelta
from typing import Final

# What a team may choose, in minutes; 0 where only a webhook or somebody's word starts a sync.
INTERVALS: Final = {
    0: "Only when asked or called by the webhook",
    60: "Every hour",
    360: "Every six hours",
    1440: "Every day",
    10_080: "Every week",
}
_FIRST_PAUSE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(days=1)
FAILURES_TO_TELL = 3  # in a row; fewer are a place that was away for a moment
# Between two syncs that webhooks start: a delivery that is sent again and again costs one sync a minute.
WEBHOOK_PAUSE = timedelta(minutes=1)


def pause_after(failures: int) -> timedelta:
    """How long a source rests after FAILURES in a row, twice as long each time."""
    # The longest is reached after nine; the power of a large number would be larger than a time can be.
    return min(_FIRST_PAUSE * (1 << min(max(failures, 1) - 1, 10)), _LONGEST_PAUSE)


def next_time(*, minutes: int, failures: int, asked: bool, at: datetime) -> datetime | None:
    """When a source is read again whose sync ended AT; None where nobody has asked and no schedule does."""
    if failures:
        return at + pause_after(failures)
    if asked:
        return at
    return at + timedelta(minutes=minutes) if minutes else None
