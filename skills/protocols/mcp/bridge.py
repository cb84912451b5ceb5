"""Runs an ASGI application inside our WSGI process: one event loop in a thread of its own.

Stateless JSON mode: a POST is one message and one answer; nothing is kept between two. Why this is
not a2wsgi: docs/decisions/0009.
"""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from skills.people.actor import Actor

ACTOR = "skillhub.actor"  # the key under which the scope carries who asks
_SECONDS = 30.0  # until the application is started, and until it has answered


@dataclass
class BridgeAnswer:
    """What the application sent."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


class Bridge:
    """Starts APP with its lifespan; `answer` may be called from any thread."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.loop = asyncio.new_event_loop()
        self._started = threading.Event()
        threading.Thread(target=self._run, name="mcp", daemon=True).start()
        if not self._started.wait(_SECONDS):
            raise TimeoutError("The MCP application did not start.")

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._live())

    async def _live(self) -> None:
        # The SDK's session manager serves requests only inside the application's lifespan.
        async with self.app.router.lifespan_context(self.app):
            self._started.set()
            await asyncio.Event().wait()

    def answer(self, actor: Actor, headers: Mapping[str, str], body: bytes) -> BridgeAnswer:
        """Hand one POST to the application; raises TimeoutError after _SECONDS."""
        call = asyncio.run_coroutine_threadsafe(self._call(actor, headers, body), self.loop)
        return call.result(_SECONDS)

    async def _call(self, actor: Actor, headers: Mapping[str, str], body: bytes) -> BridgeAnswer:
        answer = BridgeAnswer()
        is_read = False

        async def receive() -> dict[str, Any]:
            nonlocal is_read
            if is_read:  # the client stays until it has its answer
                await asyncio.Event().wait()
            is_read = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = [
                    (name.decode(), value.decode("latin-1")) for name, value in message["headers"]
                ]
            else:
                answer.body += message.get("body", b"")

        await self.app(_scope(actor, headers), receive, send)
        return answer


def _scope(actor: Actor, headers: Mapping[str, str]) -> dict[str, Any]:
    """An ASGI scope; host and client are made up, because Django has judged the real ones before."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "root_path": "",
        "query_string": b"",
        "headers": [
            (name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers.items()
        ],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
        "state": {},
        ACTOR: actor,
    }
