"""The one place that reads the time, so that tests can hold it still."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
