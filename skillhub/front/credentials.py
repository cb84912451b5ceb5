"""Whether a request comes from somebody we know, before a large body of it is read."""

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections

from skillhub.front.environ import Environ
from skills.http.token_auth import actor_of
from skills.lib.errors import Refused


def claims_to_be_known(environ: Environ) -> bool:
    """Whether a token or a session is sent along; nobody has looked whether it is valid."""
    return "HTTP_AUTHORIZATION" in environ or settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")


def is_known(environ: Environ) -> bool:
    """Whether the token is live, or the session is somebody's."""
    request = WSGIRequest(environ)
    if "HTTP_AUTHORIZATION" in environ:
        try:
            actor_of(request)
        except Refused:
            return False
        return True
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return get_user(request).is_authenticated


def is_known_in_thread(environ: Environ) -> bool:
    """The same outside of a request, where nobody else gives the connection back to the pool."""
    try:
        return is_known(environ)
    finally:
        connections.close_all()
