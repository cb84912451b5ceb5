"""A database that is away is a 503 with Retry-After, never a 500."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from skills.delivery.outage import AWAY
from skills.http.problems import problem_response
from skills.lib.errors import Problem

log = logging.getLogger(__name__)
_RETRY_SECONDS = "5"  # a restart of PostgreSQL takes about as long


class DatabaseFaultMiddleware:
    """Turns a database that does not answer into a 503.

    It stands outside the session and the views. `__call__` sees what other middleware raises,
    `process_exception` what a view raises: Django turns that into a response before it gets here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except AWAY as error:
            return away(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return away(request, error) if isinstance(error, AWAY) else None


def away(request: HttpRequest, error: Exception) -> HttpResponse:
    """The 503: a problem document for the API, a page for everybody else."""
    log.error("database away", extra={"error": str(error).splitlines()[0] if str(error) else ""})
    if request.path.startswith("/api/"):
        text = "The database does not answer."
        problem = Problem("database_away", text, "Try again in a few seconds.")
        response = problem_response(503, "Not available at the moment", [problem])
    else:
        # Without the request: context processors would ask the database who is looking.
        response = HttpResponse(render_to_string("errors/503.html"), status=503)
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response
