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
        seconds = time.perf_counter() - started
        match = request.resolver_match
        # By route, never by path: each label is a time series, and paths are endless.
        route = (match.view_name or match.route) if match else "none"
        REQUESTS.labels(route, response.status_code).inc()
        SECONDS.labels(route).observe(seconds)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        if route not in _QUIET:
            # The path only: a query string may hold what somebody searched for.
            log.info(
                "request",
                extra={
                    "request_id": request.request_id,  # type: ignore[attr-defined]
                    "client": client_address(request),
                    "method": request.method,
                    "path": quiet_path(request.path),
                    "route": route,
                    "status": response.status_code,
                    "milliseconds": round(1000 * seconds, 1),
                },
            )
        return response


def quiet_path(path: str) -> str:
    """The path without the secret that some addresses contain."""
    for prefix in _SECRET_PREFIXES:
        if path.startswith(prefix):
            return f"{prefix}…"
    return path
