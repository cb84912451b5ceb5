"""An ASGI application around a WSGI one: a request gets a thread when all of it is there."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

from skillhub.front import refusals
from skillhub.front.answers import Send
from skillhub.front.bodies import (
    Gone,
    Receive,
    TooLarge,
    TooSlow,
    announced_length,
    linger,
    read_body,
)
from skillhub.front.credentials import claims_to_be_known, is_known_in_thread
from skillhub.front.environ import Environ, Scope, environ_of, under_the_path
from skillhub.front.lifespan import live
from skillhub.front.limits import Lane, is_delivery, lane_of, most_bytes
from skillhub.front.work import Work
from skills.delivery.outage import AWAY
from skills.http.problems import speaks_json
from skills.http.request_log import note_not_taken


class Front:
    """Serves APPLICATION with THREADS threads, and a few more for uploads and for whoever watches us.

    STARTED is called once, soon after the server has started.
    """

    def __init__(
        self, application: WSGIApplication, *, threads: int, started: Callable[[], object] = lambda: None
    ) -> None:
        self._application = application
        self._started = started
        self._threads = {
            Lane.ORDINARY: ThreadPoolExecutor(threads, "web"),
            Lane.UPLOAD: ThreadPoolExecutor(max(threads // 2, 1), "upload"),
            Lane.VITAL: ThreadPoolExecutor(1, "vital"),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self._started)
            return
        scope = under_the_path(scope, settings.PUBLIC_PATH)
        environ = environ_of(scope)
        announced = announced_length(environ)
        lane = lane_of(scope["path"], has_body=announced != 0)
        started = time.perf_counter()
        if announced != 0:
            try:
                await self._take_body(environ, receive, lane, announced)
            except Gone:
                return
            except refusals.NotTaken as refused:
                await _refuse(refused, environ, started, receive, send)
                return
        work = Work(
            environ=environ,
            loop=asyncio.get_running_loop(),
            is_json=speaks_json(scope["path"]),
        )
        self._threads[lane].submit(work.do, self._application)
        answer = await work.answer
        # A client that takes nothing any more loses the rest, and its connection.
        with contextlib.suppress(TimeoutError):
            await answer.send(send)

    async def _take_body(self, environ: Environ, receive: Receive, lane: Lane, announced: int | None) -> None:
        has_credential = claims_to_be_known(environ) or is_delivery(environ["PATH_INFO"])
        most = most_bytes(lane, is_known=has_credential)
        expected = most if announced is None else announced
        # Whoever sends a large body must be known; a small one is not worth asking the database.
        if settings.LIMIT_FORM < expected <= most:
            await self._ask_who_it_is(environ)
        try:
            body = await read_body(receive, announced=announced, most=most)
        except TooLarge:
            raise refusals.too_large(most, is_known=has_credential) from None
        except TooSlow:
            raise refusals.too_slow() from None
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = str(body.length)
        environ["wsgi.input"] = body.file

    async def _ask_who_it_is(self, environ: Environ) -> None:
        loop = asyncio.get_running_loop()
        try:
            known = await loop.run_in_executor(self._threads[Lane.ORDINARY], is_known_in_thread, environ)
        except AWAY:
            raise refusals.busy() from None
        if not known:
            raise refusals.unknown()


async def _refuse(
    refused: refusals.NotTaken, environ: Environ, started: float, receive: Receive, send: Send
) -> None:
    answer = refusals.answer(refused, is_json=speaks_json(environ["PATH_INFO"]))
    note_not_taken(WSGIRequest(environ), status=answer.status, seconds=time.perf_counter() - started)
    await answer.send(send)
    await linger(receive)
