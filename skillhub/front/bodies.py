"""Reads a request's body within a size and a time, before any thread is taken for it."""

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from skillhub.front.environ import Environ

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

GRACE_SECONDS = 10.0  # for any body; a form is there at once
SLOWEST = 16_384  # bytes a second after that, on average: slower than an old mobile connection
LINGER_SECONDS = 2.0
_IN_MEMORY = 262_144  # bytes; what is larger waits in a file without a name


class BodyRefused(Exception):
    """The body is not taken; the connection is of no more use, because the rest of it may still come."""


class TooLarge(BodyRefused):
    """It is larger than this address takes."""


class TooSlow(BodyRefused):
    """It does not come as fast as it must."""


class Gone(BodyRefused):
    """The client went away; nobody hears an answer."""


@dataclass(frozen=True)
class Body:
    """A whole body, at its beginning."""

    file: IO[bytes]
    length: int


def announced_length(environ: Environ) -> int | None:
    """The Content-Length: 0 where there is no body, None where it comes in chunks of unknown number."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    # The server has refused what is no number.
    return int(environ.get("CONTENT_LENGTH") or 0)


async def read_body(receive: Receive, *, announced: int | None, most: int) -> Body:
    """The body of at most MOST bytes; raises BodyRefused as soon as it is clear that it cannot be had."""
    if announced is not None and announced > most:
        raise TooLarge
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the request closes it
    try:
        length = await _fill(file, receive, most)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Body(file, length)


async def _fill(file: IO[bytes], receive: Receive, most: int) -> int:
    started = asyncio.get_running_loop().time()
    length = 0
    try:
        async with asyncio.timeout(GRACE_SECONDS) as limit:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Gone
                length += len(message["body"])
                if length > most:
                    raise TooLarge
                file.write(message["body"])
                if not message["more_body"]:
                    return length
                limit.reschedule(started + GRACE_SECONDS + length / SLOWEST)
    except TimeoutError:
        raise TooSlow from None


async def linger(receive: Receive) -> None:
    """Throw away what still comes, for a moment.

    A connection that is closed while bytes arrive is reset, and many clients then never read the answer.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive()).get("more_body"):
                pass
