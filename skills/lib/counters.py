"""Counters shared by all processes, kept in Valkey beside the cache."""

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.conf import settings

from skills.lib.sealed_cache import seal, unseal
from skills.lib.valkey_patience import SECONDS, Patience

if TYPE_CHECKING:
    from redis import Redis

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_clients: "dict[str, Redis]" = {}
_MOST_SHARES = 10_000  # counters one process holds shares of before it drops those whose window ended


def client() -> "Redis":
    """The one connection pool of this process."""
    url = str(settings.CACHES["default"]["LOCATION"])
    pool = _clients.get(url)
    if pool is None:
        with _lock:
            pool = _clients.get(url)  # another thread may have been faster
            if pool is None:
                import redis

                pool = _clients[url] = redis.Redis.from_url(
                    url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Patience()
                )
    return pool


def away() -> type[Exception]:
    """What is raised when Valkey does not answer."""
    import redis

    error: type[Exception] = redis.RedisError
    return error


@dataclass
class _Share:
    """Hits this process has reserved.

    `count` is the counter after reserving, `left` how many hits are not used yet, `until` the moment of
    `time.monotonic()` when the window ends and they are void.
    """

    count: int
    left: int
    until: float


_shares: dict[str, _Share] = {}


def hit(key: str, seconds: int, *, share: int = 1) -> tuple[int, int]:
    """Count one hit in a window of SECONDS; returns the count and the seconds left.

    A process reserves SHARE hits at a time, so that most hits cost no round trip. What it
    reserves is counted at once: a limit is never passed, at most left unused by one share.
    """
    moment = time.monotonic()
    with _lock:
        reserved = _shares.get(key)
        # Of a window that has ended nothing may be used: the counter began anew.
        if reserved is not None and reserved.left and reserved.until > moment:
            reserved.left -= 1
            return reserved.count - reserved.left, max(int(reserved.until - moment), 1)
    pipe = client().pipeline(transaction=False)
    pipe.incrby(key, share)
    # NX: the window ends as long after its first hit, however many follow.
    pipe.expire(key, seconds, nx=True)
    pipe.ttl(key)
    count, _, left = pipe.execute()
    seconds_left = max(int(left), 1)
    with _lock:
        if len(_shares) > _MOST_SHARES:
            for ended in [name for name, reserved in _shares.items() if reserved.until <= moment]:
                del _shares[ended]
        _shares[key] = _Share(int(count), share - 1, moment + seconds_left)
    return int(count) - share + 1, seconds_left


def add(name: str, field: str) -> None:
    """Add one to FIELD of the counter table NAME."""
    client().hincrby(name, field, 1)


def take(name: str) -> dict[str, int]:
    """Set the table NAME aside and return it; `done` drops what has been dealt with."""
    import redis

    aside = f"{name}:aside"
    # What a killed caller left aside is finished first; renaming over it would lose it.
    if not client().exists(aside):
        try:
            # Renaming is atomic: hits that arrive meanwhile begin a new table, and none is counted twice or
            # lost.
            client().rename(name, aside)
        except redis.ResponseError:  # nothing was counted
            return {}
    # Nothing is decoded by the client, whose types leave that open.
    counts = cast("dict[bytes, bytes]", client().hgetall(aside))
    return {key.decode(): int(value) for key, value in counts.items()}


def done(name: str, field: str) -> None:
    """Drop FIELD from what `take` set aside: it has been dealt with, a killed caller takes the rest again."""
    client().hdel(f"{name}:aside", field)


def push(name: str, line: str) -> None:
    """Append LINE to the list NAME."""
    client().rpush(name, seal(line.encode()))


def pop(name: str, most: int) -> list[bytes]:
    """Take up to MOST lines from the head of the list NAME, without those under another SECRET_KEY."""
    lines = cast("list[bytes] | None", client().lpop(name, most)) or []
    opened = [line for sealed in lines if (line := unseal(sealed)) is not None]
    if len(opened) < len(lines):
        _log.warning("%s of %s lines of %s cannot be opened", len(lines) - len(opened), len(lines), name)
    return opened
