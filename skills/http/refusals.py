"""The HTTP status of each kind of refusal, and the kinds that only HTTP knows."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from skills.lib.errors import (
    Conflict,
    Forbidden,
    Gone,
    Missing,
    Problem,
    Refused,
    Stale,
    TooCostly,
    Unauthenticated,
    Unavailable,
)


class HttpRefusal(Refused):
    """A refusal that only means something over HTTP, and so says its status itself."""

    status: ClassVar[int]

    def __init__(
        self, problem: Problem | Sequence[Problem], headers: Mapping[str, str] | None = None
    ) -> None:
        """HEADERS go into the answer: they say when to try again, or how."""
        super().__init__(problem)
        self.headers = headers or {}


class WrongMethod(HttpRefusal):
    status = 405
    title = "This address does not take this method"


class TooMany(HttpRefusal):
    status = 429
    title = "Too many requests"


def wrong_method(method: str, allowed: str) -> WrongMethod:
    """The refusal of METHOD at an address that takes ALLOWED, a value of the header Allow."""
    text = f"{method} is not answered at this address."
    return WrongMethod(Problem("method_not_allowed", text, f"It takes {allowed}."), {"Allow": allowed})


# Here and not on the classes: the acts that raise them know nothing of HTTP.
_STATUSES: dict[type[Refused], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    Missing: 404,
    Conflict: 409,
    Gone: 410,
    Stale: 412,
    TooCostly: 422,
    Unavailable: 503,
}
BAD_REQUEST = 400  # of every other refusal: something is wrong with what was sent


def status_of(refused: Refused) -> int:
    """The status of REFUSED, by its class or the nearest one that it is derived from."""
    if isinstance(refused, HttpRefusal):
        return refused.status
    return next((_STATUSES[kind] for kind in type(refused).__mro__ if kind in _STATUSES), BAD_REQUEST)
