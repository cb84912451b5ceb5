"""How much of the memory each account may have for its requests under way."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator

from skills.gateway import refusals

Take = Callable[[int], None]

_LARGEST_REQUESTS = 4  # that an account may have under way; of usual ones many hundreds
_SECONDS = 5  # before one more is worth a try


class BodyShares:
    """Counts the bytes of requests by account, until their calls end."""

    def __init__(self, largest: int) -> None:
        self._most = _LARGEST_REQUESTS * largest
        self._held: Counter[int] = Counter()

    @contextlib.contextmanager
    def of(self, account_id: int) -> Iterator[Take]:
        """What is told of bytes before they are kept, and raises Refusal where they are too many."""
        taken = 0

        def take(count: int) -> None:
            nonlocal taken
            if self._held[account_id] + count > self._most:
                raise refusals.too_much_under_way(_SECONDS)
            taken += count
            self._held[account_id] += count

        try:
            yield take
        finally:
            self._held[account_id] -= taken
            if not self._held[account_id]:
                del self._held[account_id]
