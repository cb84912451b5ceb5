"""Who asks: the account of the session on pages and of the token on the API, and the caller's address."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from skills.people.actor import VISITOR, Actor, actor_for_session

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class HubRequest(HttpRequest):
    """For annotations: a request that has passed the middleware of settings.MIDDLEWARE."""

    actor: Actor
    htmx: "HtmxDetails"
    request_id: str


class ActorMiddleware:
    """Sets `request.actor`. It is computed when first looked at: reading the roles costs a query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: session_actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def session_actor(request: Any) -> Actor:
    """The actor of the browser's session; a visitor where nobody is signed in."""
    user = request.user
    return actor_for_session(user) if user.is_authenticated and user.is_active else VISITOR


def address(request: HttpRequest, proxies: int) -> str:
    """The caller's address: what the last of our PROXIES saw, never what the caller claims."""
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part]
    if proxies and len(chain) >= proxies:
        return chain[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
