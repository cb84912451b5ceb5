"""An engine that is away is a 503 with Retry-After, never a 500: database, cache, store of bundles."""

import errno
import logging
import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from skills.delivery.outage import AWAY
from skills.http.problems import problem_response, speaks_json
from skills.lib import counters
from skills.lib.errors import Problem

log = logging.getLogger(__name__)
_RETRY_SECONDS = "5"  # a restart of PostgreSQL takes about as long
# A disk that is full, over its quota or gone, and a process that may open no more files.
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
_SERVER_FAULT, _UNAVAILABLE = 500, 503

_DATABASE = Problem("database_away", "The database does not answer.", "Try again in a few seconds.")
_CACHE = Problem("cache_away", "The cache does not answer.", "Try again in a few seconds.")
_STORE = Problem("store_away", "The store of bundles does not answer or is full.", "Try again later.")


class OutageMiddleware:
    """Turns an engine that does not answer a view into a 503, and has every 503 say when to try again.

    What another middleware raises never gets here: Django makes a 500 of it at once, and the page of that
    (`web/errors.py: server_error`) looks which engine was away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == _UNAVAILABLE:
            response.headers.setdefault("Retry-After", _RETRY_SECONDS)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = outage(error)
        return away(request, error, problem) if problem else None


def outage(error: BaseException | None) -> Problem | None:
    """Which engine is away, where ERROR comes of that."""
    if isinstance(error, AWAY):
        return _DATABASE
    if isinstance(error, counters.away()):
        return _CACHE
    if isinstance(error, OSError) and error.errno in _DISK:
        return _STORE
    return _STORE if _is_of_bucket(error) else None


def _is_of_bucket(error: BaseException | None) -> bool:
    # Imported only where a bucket is used.
    botocore = sys.modules.get("botocore.exceptions")
    if botocore is None:
        return False
    if isinstance(error, botocore.ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return bool(status >= _SERVER_FAULT)
    return isinstance(error, botocore.BotoCoreError)


def away(request: HttpRequest, error: BaseException | None, problem: Problem = _DATABASE) -> HttpResponse:
    """The 503: a problem document for programs, a page for everybody else."""
    log.error(problem.code, extra={"error": str(error).splitlines()[0] if str(error) else ""})
    if speaks_json(request.path_info):
        response = problem_response(_UNAVAILABLE, "Not available at the moment", [problem])
    else:
        # Without the request: context processors would ask the database who is looking.
        response = HttpResponse(
            render_to_string("errors/503.html", {"problem": problem}), status=_UNAVAILABLE
        )
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response
