"""What is only saved work: a cache that is away is a cache that has forgotten."""

from collections.abc import Sequence

from django.core.cache import cache

from skills.lib import counters


def get(key: str) -> str | None:
    """The text kept under KEY, or None."""
    try:
        value: str | None = cache.get(key)
    except counters.away():
        return None
    return value


def get_many(keys: Sequence[str]) -> dict[str, str]:
    """The texts kept under KEYS, in one round trip; what is not kept is left out."""
    try:
        return cache.get_many(keys)
    except counters.away():
        return {}


def put(key: str, text: str, seconds: int | None) -> None:
    """Keep TEXT for SECONDS, or for good."""
    try:
        cache.set(key, text, seconds)
    except counters.away():
        return
