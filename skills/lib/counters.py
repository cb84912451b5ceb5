"""Counters shared by all processes, kept in Valkey beside the cache."""

from functools import cache
from typing import Any

from django.conf import settings


@cache
def client() -> Any:
    """The connection pool of this process."""
    import redis

    return redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=2)


def away() -> type[Exception]:
    """What is raised when Valkey does not answer."""
    import redis

    error: type[Exception] = redis.RedisError
    return error


def hit(key: str, seconds: int) -> tuple[int, int]:
    """Count one hit in a window of SECONDS; returns the count and the seconds left."""
    pipe = client().pipeline(transaction=False)
    pipe.incr(key)
    pipe.expire(key, seconds, nx=True)
    pipe.ttl(key)
    count, _, left = pipe.execute()
    return int(count), max(int(left), 1)


def add(name: str, field: str) -> None:
    """Add one to FIELD of the counter table NAME."""
    client().hincrby(name, field, 1)


def take(name: str) -> dict[str, int]:
    """Set the table NAME aside and return it; `done` drops what has been dealt with."""
    import redis

    aside = f"{name}:aside"
    if not client().exists(aside):
        try:
            client().rename(name, aside)
        except redis.ResponseError:  # nothing was counted
            return {}
    return {key.decode(): int(value) for key, value in client().hgetall(aside).items()}


def done(name: str, field: str) -> None:
    client().hdel(f"{name}:aside", field)
