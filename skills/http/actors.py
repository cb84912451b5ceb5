"""Who asks: the account of the session on pages and of the token on the API, and the caller's address."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from skills.people.actor import VISITOR, Actor, actor_for_session
from skills.people.models import Account

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


def session_actor(request: HttpRequest) -> Actor:
    """The actor of the browser's session; a visitor where nobody is signed in."""
    user = request.user
    if isinstance(user, Account) and user.is_active:
        return actor_for_session(user)
    return VISITOR


def address(request: HttpRequest, proxies: int) -> str:
    """The caller's address: what the last of our PROXIES saw, never what the caller claims."""
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part]
    # From the right: each of our proxies appends what it saw, and everything further left came with the
    # request.
    if proxies and len(chain) >= proxies:
        return chain[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
