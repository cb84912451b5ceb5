"""uvicorn's connections, with an end for those that never bring a whole head of a request."""

import asyncio
import logging

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0  # as the web server gives


class PatientProtocol(HttpToolsProtocol):
    """Of itself it waits for a head without an end: whoever opens connections would take all there may be."""

    _overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._forget_head()
        super().on_headers_complete()

    def _expect_head(self) -> None:
        self._forget_head()
        self._overdue = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _forget_head(self) -> None:
        if self._overdue:
            self._overdue.cancel()
            self._overdue = None


class BrokenOffQuietly(logging.Filter):
    """An answer that is broken off (exchange.Cut) is no error of ours: providers end in the middle."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("ASGI callable returned without completing response"):
            record.levelno, record.levelname = logging.INFO, "INFO"
        return True
