"""Runs the WSGI application in a thread; what it answers goes to the event loop."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from wsgiref.types import WSGIApplication

from skillhub.front import refusals
from skillhub.front.answers import INLINE, Answer, Headers, Outbox
from skillhub.front.environ import Environ

log = logging.getLogger(__name__)
QUEUE_SECONDS = 20.0  # most clients have given up after that long; doing their work would only delay others


@dataclass
class _Head:
    """The `start_response` of WSGI: keeps what it is told."""

    status: int = 0
    headers: Headers = field(default_factory=list)
    length: int | None = None

    def __call__(
        self, status: str, headers: list[tuple[str, str]], _error: object = None, /
    ) -> Callable[[bytes], object]:
        self.status = int(status.partition(" ")[0])
        self.headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        lengths = [int(value) for name, value in self.headers if name == b"content-length"]
        self.length = lengths[0] if lengths else None
        return _no_write


def _no_write(_data: bytes) -> object:
    # PEP 3333 keeps it for old frameworks, and Django does not call it.
    raise TypeError("An application returns its body here; there is no write().")


@dataclass(kw_only=True)
class Work:
    """One request whose body is there. `answer` is done when the head of the answer is known."""

    environ: Environ
    loop: asyncio.AbstractEventLoop
    is_json: bool
    answer: asyncio.Future[Answer] = field(init=False)
    queued_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.answer = self.loop.create_future()
        self.queued_at = time.monotonic()

    def do(self, application: WSGIApplication) -> None:
        """Answer the request; called in a thread."""
        try:
            if time.monotonic() - self.queued_at > QUEUE_SECONDS:
                self._deliver(refusals.answer(refusals.busy(), is_json=self.is_json))
            else:
                self._run(application)
        except Exception:
            log.exception("a request was not answered")
            self._deliver(refusals.answer(refusals.broken(), is_json=self.is_json))
        finally:
            self.environ["wsgi.input"].close()

    def _run(self, application: WSGIApplication) -> None:
        head = _Head()
        chunks = application(self.environ, head)
        try:
            if self.environ["REQUEST_METHOD"] == "HEAD":
                self._deliver(Answer(head.status, head.headers, b""))
            elif head.length is not None and head.length <= INLINE:
                self._deliver(Answer(head.status, head.headers, b"".join(chunks)))
            else:
                self._pass_on(head, chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()

    def _pass_on(self, head: _Head, chunks: Iterable[bytes]) -> None:
        outbox = Outbox(self.loop)
        self._deliver(Answer(head.status, head.headers, outbox))
        try:
            for chunk in chunks:
                if not outbox.write(chunk):
                    break
        finally:
            outbox.finish()

    def _deliver(self, answer: Answer) -> None:
        self.loop.call_soon_threadsafe(self._set, answer)

    def _set(self, answer: Answer) -> None:
        # The client may be gone, or the head was on its way when the rest failed.
        if not self.answer.done():
            self.answer.set_result(answer)
