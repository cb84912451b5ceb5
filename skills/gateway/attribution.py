"""Which skill a call is booked to. Whoever knows registers here; nobody does, and no skill is named."""

from collections.abc import Awaitable, Callable

from skills.budgets.reserve import Caller
from skills.budgets.settle import UNKNOWN, Attribution
from skills.gateway.asked import Asked

# Asked once for each call that is billed, while the provider works on it. It has at most `SECONDS`, may look
# things up, and what it raises costs the attribution and nothing else.
Attribute = Callable[[Asked, Caller], Awaitable[Attribution]]
SECONDS = 2.0


async def nobody_knows(asked: Asked, caller: Caller) -> Attribution:
    return UNKNOWN


attribute: Attribute = nobody_knows
