"""Finds out who asks: by session on pages, by token on the API."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from skills.people.actor import VISITOR, Actor, actor_for_session


class ActorMiddleware:
    """Sets `request.actor`, computed when first looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: session_actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def session_actor(request: Any) -> Actor:
    user = request.user
    return actor_for_session(user) if user.is_authenticated and user.is_active else VISITOR


def address(request: HttpRequest, proxies: int) -> str:
    """The caller's address: what the last of our PROXIES saw, never what the caller claims."""
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part]
    if proxies and len(chain) >= proxies:
        return chain[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
