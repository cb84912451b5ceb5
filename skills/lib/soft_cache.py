"""What is only saved work: a cache that is away is a cache that has forgotten."""

from django.core.cache import cache

from skills.lib import counters


def get(key: str) -> str | None:
    """The text kept under KEY, or None."""
    try:
        value: str | None = cache.get(key)
    except counters.away():
        return None
    return value


def put(key: str, text: str, seconds: int | None) -> None:
    """Keep TEXT for SECONDS, or for good."""
    try:
        cache.set(key, text, seconds)
    except counters.away():
        return
