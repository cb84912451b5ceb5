"""What a process found a moment ago, so that it need not find it again."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Remembered(Generic[Found]):
    """At most MOST things, each for SECONDS; for good without. Any thread may ask."""

    def __init__(self, most: int, seconds: float = float("inf")) -> None:
        self._most, self._seconds = most, seconds
        self._things: OrderedDict[Hashable, tuple[float, Found]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """What was found for KEY, or what FIND finds; two threads may find the same at once."""
        with self._lock:
            kept = self._things.get(key)
            if kept and time.monotonic() - kept[0] <= self._seconds:
                self._things.move_to_end(key)
                return kept[1]
        found = find()
        with self._lock:
            self._things[key] = time.monotonic(), found
            self._things.move_to_end(key)
            if len(self._things) > self._most:
                self._things.popitem(last=False)
        return found

    def forget(self, key: Hashable) -> None:
        with self._lock:
            self._things.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._things.clear()
