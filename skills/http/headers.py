"""Security headers of every answer; files of skills get an even stricter policy of their own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# No inline script or style is allowed anywhere, so a mistake in escaping cannot run code. What a page shows
# of a skill is markup that nh3 has cleaned.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)
# A file of a skill that a browser opens gets no origin at all: it cannot act as whoever looks at it.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
# A picture of a skill is a document of its own where somebody opens it alone; an SVG brings its style along.
PICTURE_POLICY = f"{FILE_POLICY}; style-src 'unsafe-inline'"
# Passwords, tokens and links that let somebody in stand on these.
_SECRET_PAGES = ("/account/", "/cli/", "/invitations/", "/setup/")


class SecurityHeadersMiddleware:
    """Sets what an answer has not set itself: a file of a skill comes with FILE_POLICY."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if caching := _caching(request, response):
            response.headers.setdefault("Cache-Control", caching)
        return response


def _caching(request: HttpRequest, response: HttpResponse) -> str:
    """Who may keep an answer that does not say so itself; "" where anybody may."""
    if request.path_info.startswith(_SECRET_PAGES):
        return "private, no-store"
    is_of_somebody = settings.SESSION_COOKIE_NAME in request.COOKIES
    # The reader's browser keeps the page for the back button, and asks before it shows it another time.
    return "private, no-cache" if is_of_somebody and "Cookie" in response.headers.get("Vary", "") else ""
