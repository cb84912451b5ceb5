"""What was looked up a moment ago; many calls that want the same thing wait for one look."""

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from skills.gateway.threads import in_thread

Key = TypeVar("Key")
Found = TypeVar("Found")
_MOST = 10_000  # things that are kept


class Lookups(Generic[Key, Found]):
    def __init__(self, look_up: Callable[[Key], Found], *, seconds: float) -> None:
        self._look_up, self._seconds = look_up, seconds
        self._found: dict[Key, tuple[float, asyncio.Future[Found]]] = {}

    async def get(self, key: Key) -> Found:
        moment = time.monotonic()
        kept = self._found.get(key)
        if kept is None or moment - kept[0] > self._seconds or _failed(kept[1]):
            if len(self._found) >= _MOST:
                self._found.clear()
            look = asyncio.ensure_future(in_thread(lambda: self._look_up(key)))
            kept = self._found[key] = moment, look
        # A client that goes away takes nobody else's answer with it.
        return await asyncio.shield(kept[1])

    def forget(self, key: Key) -> None:
        self._found.pop(key, None)


def _failed(look: "asyncio.Future[Found]") -> bool:
    return look.done() and (look.cancelled() or look.exception() is not None)
