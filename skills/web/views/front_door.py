"""What browsers and crawlers ask of every host before they know anything of it."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from skills.http.actors import HubRequest
from skills.lib.addresses import here

# Nothing there is for readers of a search engine: answers for programs, pages of people, endless lists.
_NOT_CRAWLED = (
    *("/account/", "/api/", "/audit/", "/budgets/", "/bytes/", "/cli/", "/clawhub/", "/invitations/", "/k/"),
    *("/mcp", "/metrics", "/models/", "/names/", "/notices/", "/people/", "/publish/", "/reports/"),
    *("/reviews/", "/runs/", "/searches/", "/setup/", "/uploads/", "/@*/compare/", "/@*/report/"),
    *("/*?*cursor=", "/*?*q=", "/*?*raw="),
)


@require_GET
@cache_control(public=True, max_age=3600)
def robots(request: HubRequest) -> HttpResponse:
    """What may be crawled (RFC 9309): what visitors read, and nothing where they read nothing."""
    closed = [here(path) for path in _NOT_CRAWLED] if settings.ANONYMOUS_READ else [here("/")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_GET
@cache_control(public=True, max_age=86_400)
def favicon(request: HubRequest) -> HttpResponse:
    return _icon("favicon.ico", "image/x-icon")


@require_GET
@cache_control(public=True, max_age=86_400)
def touch_icon(request: HubRequest) -> HttpResponse:
    return _icon("apple-touch-icon.png", "image/png")


def _icon(name: str, kind: str) -> HttpResponse:
    # Browsers ask for these at fixed addresses, whatever a page says of its icons.
    return HttpResponse((settings.BASE_DIR / "static" / "icons" / name).read_bytes(), content_type=kind)
