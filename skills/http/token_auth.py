"""API authentication: a bearer token; a browser's session may read but never write."""

from typing import cast

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from skills.http.actors import HubRequest, session_actor
from skills.lib.errors import Forbidden, Unauthenticated, missing, refuse
from skills.people.actor import Actor, actor_for_token
from skills.people.models import Account
from skills.people.tokens import find_token

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class ActorAuthentication(BaseAuthentication):
    """Sets `request.actor` on the Django request as the pages know it."""

    def authenticate(self, request: Request) -> tuple[Account | None, None]:
        django_request = cast("HubRequest", request._request)
        django_request.actor = actor_of(django_request)
        return django_request.actor.account, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="skillhub"'


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, by token or by session; a session that wants to write is refused."""
    header = request.headers.get("Authorization", "")
    if header:
        return _by_token(header)
    actor = session_actor(request)
    # A browser sends the cookie from any page, and the API has no CSRF token that tells a forged request.
    if actor.account and request.method not in SAFE_METHODS:
        text = "The API is written to with a token, not with a browser's session."
        raise refuse("token_needed", text, "Make one under Account › Tokens.", kind=Forbidden)
    return actor


def actor_of_prefix(secret: str) -> Actor:
    """Who an install prefix stands for; only tokens made for addresses are taken there."""
    token = find_token(secret)
    # Addresses end up in logs and histories, so a token made for headers must not work in one.
    if token is None or not token.in_address:
        raise missing()
    return actor_for_token(token)


def _by_token(header: str) -> Actor:
    kind, _, secret = header.partition(" ")
    token = find_token(secret.strip()) if kind.lower() in ("bearer", "token") else None
    if token is None:
        text = "The token is unknown, expired or revoked."
        raise refuse("bad_token", text, "Make a new one under Account › Tokens.", kind=Unauthenticated)
    return actor_for_token(token)
