"""How long Valkey is waited for: one call waits, and for a moment after it failed nobody does."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Away
from redis.exceptions import TimeoutError as Silent
from redis.retry import Retry

T = TypeVar("T")
SECONDS = 1.0  # Valkey answers in a millisecond; a frozen one must not make pages wait
_PAUSE = 2.0  # seconds
_silent_until = [0.0]  # by the monotonic clock; one for all connections of the process


class Patience(Retry):
    """Tries nothing twice. A frozen Valkey costs one caller SECONDS, and others nothing for _PAUSE."""

    def __init__(self) -> None:
        super().__init__(NoBackoff(), 0)

    def call_with_retry(self, do: Callable[[], T], fail: Callable[..., Any], *args: Any, **options: Any) -> T:
        if time.monotonic() < _silent_until[0]:
            error = Away("Valkey did not answer a moment ago")
            fail(error, 1) if options.get("with_failure_count") else fail(error)
            raise error
        try:
            return super().call_with_retry(do, fail, *args, **options)
        except Silent:
            _silent_until[0] = time.monotonic() + _PAUSE
            raise


def forget() -> None:
    """Ask Valkey again at once."""
    _silent_until[0] = 0.0


def connection_options() -> dict[str, object]:
    """What every client of ours passes to redis."""
    return {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS, "retry": Patience()}
