"""Who asks: the account of the session on pages and of the token on the API, and the caller's address."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from skills.people.actor import VISITOR, Actor, actor_for_session
from skills.people.models import Account

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - of a caller on a socket file; nobody listens there
_WITH_PORT = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}):\d+|\[([0-9A-Fa-f:.]+)\](?::\d+)?")


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


def client_address(request: HttpRequest) -> str:
    """The caller's address, for everybody who counts, compares or records it."""
    return address(request, settings.TRUSTED_PROXIES)


def address(request: HttpRequest, proxies: int) -> str:
    """The caller's address: what the last of our PROXIES saw, never what the caller claims."""
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part]
    connected = _plain(request.META.get("REMOTE_ADDR", "")) or NO_ADDRESS
    # From the right: each of our proxies appends what it saw, and everything further left came with the
    # request.
    if proxies and len(chain) >= proxies:
        return _plain(chain[-proxies]) or connected
    return connected


def _plain(text: str) -> str:
    """An IP address in the one form that can be counted and stored; "" where TEXT is none."""
    # Some proxies add the port: 192.0.2.1:4711 and [2001:db8::1]:4711.
    bare = _WITH_PORT.fullmatch(text)
    try:
        found = ip_address(next(filter(None, bare.groups())) if bare else text)
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)
