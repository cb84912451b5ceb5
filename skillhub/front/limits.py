"""How large a body an address takes, and who must have sent it."""

from enum import StrEnum

from django.conf import settings
from django.urls import Resolver404, resolve

# Names of the routes that take a bundle or a file of one; every other address takes forms and messages.
UPLOADS = frozenset(
    {
        *("publish", "api-check", "api-publish", "api-packs", "api-bundle-runs"),
        *("clawhub-skills", "clawhub-upload"),
    }
)
# Webhooks: their senders have a signature and no account, and describe every commit of a push.
DELIVERIES = frozenset({"api-source-hook"})
# Asked by whoever watches us: they get a thread of their own, because they must be answered above all when
# every other thread is taken.
VITAL = frozenset({"/healthz", "/readyz", "/metrics"})


class Lane(StrEnum):
    """Which threads a request waits for: no kind of request can take those of another."""

    VITAL = "vital"
    UPLOAD = "upload"
    ORDINARY = "ordinary"


def lane_of(path: str, *, has_body: bool) -> Lane:
    """The lane of a request for PATH."""
    if path in VITAL:
        return Lane.VITAL
    return Lane.UPLOAD if has_body and _route(path) in UPLOADS else Lane.ORDINARY


def is_delivery(path: str) -> bool:
    """Whether a request for PATH is signed over its whole body."""
    return _route(path) in DELIVERIES


def _route(path: str) -> str | None:
    try:
        return resolve(path).url_name
    except Resolver404:
        return None


def most_bytes(lane: Lane, *, is_known: bool) -> int:
    """The largest body in LANE; IS_KNOWN says whether a valid token or session came with it."""
    if not is_known:
        return int(settings.LIMIT_ANONYMOUS)
    if lane is Lane.UPLOAD:
        # A folder comes as its files, with the heads of their parts beside them.
        return int(settings.LIMIT_UNPACKED + settings.LIMIT_FORM)
    return int(settings.LIMIT_FORM)
