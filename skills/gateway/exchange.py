"""One HTTP exchange with a client: its body within bounds, its going away, and what it is sent."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from skills.gateway import refusals
from skills.gateway.body_shares import Take
from skills.gateway.refusals import Refusal, RefusalAnswer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_BODY_SECONDS, _BYTES_A_SECOND = 10.0, 16_384  # as the web front asks for (decision 0026)
_MOST_IN_QUERY = 20
_MOST_COPIED = 2_000_000  # bytes, and the chunk that passes them
STALL_SECONDS = 60.0  # a client that takes nothing for so long is gone


class ClientGone(Exception):
    """The client went away before its request was whole."""


class Cut(Exception):
    """An answer that has begun cannot be ended as if it were whole: the connection is broken off."""


class Exchange:
    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self.headers: Mapping[str, str] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self._query_string: str = scope["query_string"].decode("latin-1")
        self.gone = asyncio.Event()
        self.has_begun = False
        self._watch: asyncio.Task[None] | None = None
        self.copy: bytearray | None = None  # of what the client is given, where that shall be kept

    @property
    def query(self) -> list[tuple[str, str]]:
        """Names and values behind the question mark; raises Refusal where they are too many."""
        try:
            return parse_qsl(self._query_string, max_num_fields=_MOST_IN_QUERY)
        except ValueError:
            raise refusals.bad_request(f"An address says at most {_MOST_IN_QUERY} things.") from None

    async def body(self, most: int, take: Take) -> bytes:
        """The whole body, of whose parts TAKE is told; raises Refusal where it is too large or too slow."""
        announced = self.headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > most:
            raise refusals.too_large(most)
        parts = bytearray()
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(_BODY_SECONDS) as limit:
                while True:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise ClientGone
                    part = message.get("body", b"")
                    if len(parts) + len(part) > most:
                        raise refusals.too_large(most)
                    take(len(part))
                    parts += part
                    if not message.get("more_body"):
                        return bytes(parts)
                    limit.reschedule(started + _BODY_SECONDS + len(parts) / _BYTES_A_SECOND)
        except TimeoutError:
            raise refusals.too_slow() from None

    def watch(self) -> None:
        """Notice from now on when the client goes away."""
        self._watch = asyncio.create_task(self._wait_for_end())

    async def _wait_for_end(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.gone.set()
                return

    async def close(self) -> None:
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.has_begun = True
        await self._give({"type": "http.response.start", "status": status, "headers": headers})

    async def give(self, chunk: bytes) -> None:
        """Send CHUNK at the client's speed; nothing where it is gone."""
        if chunk:
            if self.copy is not None and len(self.copy) < _MOST_COPIED:
                self.copy += chunk
            await self._give({"type": "http.response.body", "body": chunk, "more_body": True})

    async def end(self) -> None:
        await self._give({"type": "http.response.body", "body": b"", "more_body": False})

    async def whole(self, status: int, document: bytes, headers: Mapping[str, str] | None = None) -> None:
        told = {"content-type": "application/json", "content-length": str(len(document)), **(headers or {})}
        await self.begin(status, [(name.encode(), value.encode()) for name, value in told.items()])
        await self.give(document)
        await self.end()

    async def refuse(self, refusal: Refusal, answer: RefusalAnswer) -> None:
        headers = {"x-skillhub-refusal": refusal.code, **answer.headers}
        if refusal.retry_after is not None:
            headers["retry-after"] = str(refusal.retry_after)
        if refusal.lasts:
            # The word by which the clients of Anthropic and OpenAI know that trying again is of no use.
            headers["x-should-retry"] = "false"
        await self.whole(int(refusal.status), answer.document, headers)

    async def _give(self, message: dict[str, Any]) -> None:
        if self.gone.is_set():
            return
        try:
            async with asyncio.timeout(STALL_SECONDS):
                await self._send(message)
        except (TimeoutError, OSError):
            self.gone.set()
