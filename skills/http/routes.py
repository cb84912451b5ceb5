"""Chooses the addresses a request is matched against: all of them, or those that load fast."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Their own addresses, or links to them on the page, need what `skillhub.page_urls` leaves out.
WHOLE = ("/api/", "/account/", "/docs/reference/")


class RoutesMiddleware:
    """Pages do without the API's addresses, so that a fresh server answers them sooner."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(WHOLE):
            request.urlconf = settings.PAGE_URLCONF  # type: ignore[attr-defined]
        return self.get_response(request)
