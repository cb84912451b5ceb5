"""A request id, one structured log line and Prometheus figures for every request."""

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from skills.http.actors import client_address

log = logging.getLogger("skillhub.request")
REQUESTS = Counter("skillhub_requests_total", "Requests by route and status.", ["route", "status"])
SECONDS = Histogram("skillhub_request_seconds", "Seconds a request took, by route.", ["route"])
_QUIET = {"healthz", "readyz", "metrics"}  # asked every few seconds; lines about them tell nothing
# Secrets stand in these addresses: of installers, invitations, the first admin, new passwords.
_SECRET_PREFIXES = ("/k/", "/invitations/", "/setup/", "/account/password/reset/key/")


class ObserveMiddleware:
    """The outermost middleware: what it measures includes all the others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        response = self.get_response(request)
        match = request.resolver_match
        # By route, never by path: each label is a time series, and paths are endless.
        route = (match.view_name or match.route) if match else "none"
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        _note(
            request,
            request_id=request.request_id,  # type: ignore[attr-defined]
            route=route,
            status=response.status_code,
            seconds=time.perf_counter() - started,
        )
        return response


def note_not_taken(request: HttpRequest, *, status: int, seconds: float) -> None:
    """A request that was refused before a view could see it (`skillhub/front/`)."""
    _note(request, request_id=secrets.token_hex(8), route="not taken", status=status, seconds=seconds)


def _note(request: HttpRequest, *, request_id: str, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route, status).inc()
    SECONDS.labels(route).observe(seconds)
    if route in _QUIET:
        return
    # The path only: a query string may hold what somebody searched for.
    log.info(
        "request",
        extra={
            "request_id": request_id,
            "client": client_address(request),
            "method": request.method,
            "path": quiet_path(request.path_info),
            "route": route,
            "status": status,
            "milliseconds": round(1000 * seconds, 1),
        },
    )


def quiet_path(path: str) -> str:
    """The path without the secret that some addresses contain."""
    for prefix in _SECRET_PREFIXES:
        if path.startswith(prefix):
            return f"{prefix}…"
    return path
