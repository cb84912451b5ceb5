"""Rate limits counted in Valkey, so that all processes share them, told in honest headers.

Where Valkey is away, reads go on and writes are refused with 503.
"""

from django.conf import settings
from django.http import HttpRequest

from skills.http.actors import client_address
from skills.http.refusals import TooMany
from skills.lib import counters
from skills.lib.errors import Problem, Unavailable, refuse
from skills.people.actor import Actor

WINDOW = 60  # seconds
_SHARES = 100  # a process reserves one hundredth of a limit at a time (decision 0003)


class LimiterAway(Unavailable):
    title = "Not available at the moment"


def throttle(request: HttpRequest, actor: Actor, rate: str) -> dict[str, str]:
    """Count this request of ACTOR (visitors by address) against RATE, a name in settings.RATES.

    Returns the headers to send; raises TooMany past the limit, LimiterAway for writes without Valkey.
    """
    limit = settings.RATES[rate]
    if not limit:
        return {}
    # By account, not by token: a second token must not be a second allowance.
    who = f"a{actor.account.pk}" if actor.account else f"ip{client_address(request)}"
    try:
        count, left = counters.hit(f"rate:{rate}:{who}", WINDOW, share=max(limit // _SHARES, 1))
    except counters.away():
        # Reading without a limit harms less than not reading; writing without one does not.
        if rate in ("read", "search"):
            return {}
        raise refuse("limiter_away", "The rate limiter is away.", "Try again.", kind=LimiterAway) from None
    headers = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(max(limit - count, 0)),
        "RateLimit-Reset": str(left),
    }
    if count > limit:
        text = f"More than {limit} requests of this kind in a minute."
        problem = Problem("too_many_requests", text, f"Wait {left} seconds.")
        raise TooMany(problem, {**headers, "Retry-After": str(left)})
    return headers
