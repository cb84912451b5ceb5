"""What stands around the gateway: an endpoint that counts what it bills, and a bare pass-through to compare.

`python -m bench.passing endpoint PORT` and `python -m bench.passing bare PORT ADDRESS`, each under the same
Uvicorn as the gateway's.
"""

import asyncio
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import psutil
import uvicorn

SENT, WRITTEN = 50, 5  # tokens of every call
_SESSION = re.compile(rb"session_([0-9a-f]+)")
_PART = b"x" * 960  # with what stands around it an event of about 1 KB
_HEAD = [(b"content-type", b"text/event-stream")]
_SLOW_SECONDS = 0.25  # between the events of a slow model
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def _event(kind: str, **more: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n".encode()


_START = _event("message_start", message={"usage": {"input_tokens": SENT, "output_tokens": 1}})
_WORD = _event("content_block_delta", delta={"text": "Hello"})
_LONG = _event("content_block_delta", delta={"text": _PART.decode()})
_END = _event("message_delta", usage={"output_tokens": WRITTEN}) + _event("message_stop")
# Events by the model's name.
_ANSWERS = {
    "short": [_WORD] * 6,
    "long": [_LONG] * 1_024,
    "slow": [_WORD] * 20,
    "unsteady": [_WORD] * 6,
}


class Endpoint:
    """Speaks Anthropic's Messages as events; one call of a hundred to `unsteady` breaks off in the middle."""

    def __init__(self) -> None:
        self.billed: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = await _body(receive)
        await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
        if scope["path"] == "/billed":
            await send({"type": "http.response.body", "body": json.dumps(self.billed).encode()})
            return
        if session := _SESSION.search(body):
            self.billed[session[1].decode()] += SENT + WRITTEN
        async for chunk in self._events(json.loads(body)["model"]):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _events(self, model: str) -> AsyncIterator[bytes]:
        yield _START
        for event in _ANSWERS[model]:
            if model == "slow":
                await asyncio.sleep(_SLOW_SECONDS)
            yield event
        if model == "unsteady" and random.random() < 0.01:
            raise ConnectionError("this call is cut")
        yield _END


class Bare:
    """The least that passes a call through: one client of httpx, nothing read and nothing written down."""

    def __init__(self, address: str) -> None:
        self._address = address
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self._http = httpx.AsyncClient(limits=limits, timeout=60)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = await _body(receive)
        url = self._address + scope["path"]
        async with self._http.stream("POST", url, content=body) as answer:
            head = [(b"content-type", answer.headers["content-type"].encode())]
            await send({"type": "http.response.start", "status": answer.status_code, "headers": head})
            async for chunk in answer.aiter_raw():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _body(receive: Receive) -> bytes:
    parts = bytearray()
    while True:
        message = await receive()
        parts += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(parts)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A command that listens on a port of its own until it is stopped."""

    def __init__(self, *command: str, port: int = 0, **environment: str) -> None:
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, *(part.replace("PORT", str(self.port)) for part in command)]
        self._environment = {**os.environ, "GATEWAY_PORT": str(self.port), **environment}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, env=self._environment)

    @property
    def listens(self) -> bool:
        return any(
            connection.status == psutil.CONN_LISTEN
            for connection in psutil.Process(self.process.pid).net_connections("tcp")
        )

    def wait(self, seconds: float = 60) -> None:
        """Until this process listens: others may share its port and answer already."""
        until = time.monotonic() + seconds
        while not self.listens:
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self._command} does not listen")
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def endpoint() -> Process:
    """The endpoint; like the others it listens after `wait`."""
    return Process("-m", "bench.passing", "endpoint", "PORT")


def bare(address: str) -> Process:
    return Process("-m", "bench.passing", "bare", "PORT", address)


def gateway(*, port: int = 0, **environment: str) -> Process:
    return Process("manage.py", "gateway", port=port, **environment)


if __name__ == "__main__":
    kind, port, *rest = sys.argv[1:]
    config = uvicorn.Config(
        Endpoint() if kind == "endpoint" else Bare(*rest),
        port=int(port),
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="critical",
        backlog=2048,
    )
    uvicorn.Server(config).run()
