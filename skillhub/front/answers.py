"""What the application answered, on its way to the client: at the client's speed, and in nobody's thread."""

import asyncio
import os
import tempfile
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

INLINE = 262_144  # bytes of an answer that the server gets in one piece; pages are smaller
STALL_SECONDS = 30.0  # a client that takes no piece for so long is gone
_PIECE = 65_536  # bytes


class Outbox:
    """The body of a large answer: a thread writes it as fast as it can, the event loop sends it on.

    It lies in a file without a name, so a client that reads slowly holds neither a thread nor memory.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - the side that ends last closes it
        self._lock = threading.Lock()
        self._grown = asyncio.Event()
        self._written = 0
        self._is_told = False
        self._is_complete = False
        self._is_abandoned = False

    def write(self, chunk: bytes) -> bool:
        """Add CHUNK; false where the client is gone and nothing more is wanted."""
        with self._lock:
            if self._is_abandoned:
                return False
            rest = memoryview(chunk)
            while rest:
                rest = rest[self._file.write(rest) :]
            self._written += len(chunk)
            # Once is enough until it has looked.
            must_tell, self._is_told = not self._is_told, True
        if must_tell:
            self._loop.call_soon_threadsafe(self._grown.set)
        return True

    def finish(self) -> None:
        """Nothing more will be written."""
        with self._lock:
            self._is_complete = True
            if self._is_abandoned:
                self._file.close()
        self._loop.call_soon_threadsafe(self._grown.set)

    async def send(self, send: Send) -> None:
        """Send everything; raises TimeoutError where the client takes nothing for STALL_SECONDS."""
        try:
            await self._pass_on(send)
        finally:
            with self._lock:
                self._is_abandoned = True
                if self._is_complete:
                    self._file.close()

    async def _pass_on(self, send: Send) -> None:
        sent = 0
        while True:
            self._grown.clear()
            with self._lock:
                written, is_complete = self._written, self._is_complete
                self._is_told = False
            while sent < written:
                piece = os.pread(self._file.fileno(), min(_PIECE, written - sent), sent)
                async with asyncio.timeout(STALL_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                sent += len(piece)
            if is_complete:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            await self._grown.wait()


@dataclass(frozen=True)
class Answer:
    """Status, headers and body; a large body is still being written."""

    status: int
    headers: Headers
    body: bytes | Outbox

    async def send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        if isinstance(self.body, Outbox):
            await self.body.send(send)
        else:
            await send({"type": "http.response.body", "body": self.body, "more_body": False})
