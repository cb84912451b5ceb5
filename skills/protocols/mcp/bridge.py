"""Runs the official SDK's ASGI application inside our WSGI process: one event loop in a thread of its own.

The loop starts with the first request, so pages pay nothing for it. Stateless JSON mode: a POST is one
message and one answer; nothing is kept between two.
"""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from skills.people.actor import Actor

ACTOR = "skillhub.actor"  # where the scope carries who asks
_SECONDS = 30.0


@dataclass
class Answered:
    """What the application sent."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


class Bridge:
    """`answer` may be called from any thread."""

    def __init__(self) -> None:
        from skills.protocols.mcp.server import application

        self.app = application()
        self.loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        threading.Thread(target=self._run, name="mcp", daemon=True).start()
        self._ready.wait(_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._live())

    async def _live(self) -> None:
        async with self.app.router.lifespan_context(self.app):
            self._ready.set()
            await asyncio.Event().wait()

    def answer(self, actor: Actor, headers: Mapping[str, str], body: bytes) -> Answered:
        """Hand one POST to the application; raises TimeoutError after _SECONDS."""
        call = asyncio.run_coroutine_threadsafe(self._call(actor, headers, body), self.loop)
        return call.result(_SECONDS)

    async def _call(self, actor: Actor, headers: Mapping[str, str], body: bytes) -> Answered:
        raw = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/mcp",
            "raw_path": b"/mcp",
            "root_path": "",
            "query_string": b"",
            "headers": raw,
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 80),
            "state": {},
            ACTOR: actor,
        }
        answered = Answered()
        sent = False

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if sent:  # the client stays until it has its answer
                await asyncio.Event().wait()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answered.status = message["status"]
                answered.headers = [(k.decode(), v.decode("latin-1")) for k, v in message["headers"]]
            else:
                answered.body += message.get("body", b"")

        await self.app(scope, receive, send)
        return answered


_lock = threading.Lock()
_bridges: list[Bridge] = []


def bridge() -> Bridge:
    """The one bridge of this process."""
    with _lock:
        if not _bridges:
            _bridges.append(Bridge())
    return _bridges[0]
