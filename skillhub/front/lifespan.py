"""The lifespan protocol of ASGI: what the server tells a process about its beginning and its end."""

import asyncio
from collections.abc import Callable

from skillhub.front.answers import Send
from skillhub.front.bodies import Receive

# The first page after a start, which the supervisor and most people wait for, comes before what it delays.
PAUSE_SECONDS = 1.0


async def live(receive: Receive, send: Send, started: Callable[[], object]) -> None:
    """Call STARTED soon after the start, and stay until the end."""
    await receive()
    soon = asyncio.get_running_loop().call_later(PAUSE_SECONDS, started)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    soon.cancel()
    await send({"type": "lifespan.shutdown.complete"})
