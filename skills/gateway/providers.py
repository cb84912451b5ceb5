"""Reaches a model's provider: its address, its key, and the headers that pass in each direction."""

import errno
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import AddrInfoType

from skills.lib import outgoing
from skills.portfolio.kinds import KINDS
from skills.portfolio.model_plan import ModelPlan

CONNECT_SECONDS = 10
# Nothing else of a client's reaches a provider: above all neither its key nor a cookie.
_TO_PROVIDER = frozenset(
    {
        "accept",
        "anthropic-beta",
        "anthropic-version",
        "conversation_id",
        "idempotency-key",
        "openai-beta",
        "originator",
        "session-id",
        "session_id",
        "user-agent",
        "version",
        "x-client-request-id",
        "x-goog-api-client",
    }
)
_TO_CLIENT = frozenset(
    {
        "cache-control",
        "content-encoding",
        "content-length",
        "content-type",
        "openai-model",
        "openai-processing-ms",
        "openai-version",
        "request-id",
        "retry-after",
        "retry-after-ms",
        "x-request-id",
        "x-should-retry",
    }
)
# How much the provider's account has left by its own limits, which clients pace themselves by.
_RATES = ("anthropic-ratelimit-", "x-ratelimit-")
_REQUEST_ID = ("request-id", "x-request-id", "apim-request-id")


@dataclass(frozen=True, kw_only=True)
class Onward:
    """Where one call goes, by which proxy, with the key in its headers."""

    url: str
    proxy: str | None = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def place(plan: ModelPlan, path: str, query: Iterable[tuple[str, str]], headers: Mapping[str, str]) -> Onward:
    """Where PLAN's provider takes a call that came with QUERY and HEADERS."""
    way = KINDS[plan.kind].passed_through
    assert way is not None
    address = plan.base_url.rstrip("/") + way.path if plan.base_url else way.address
    # The one thing that a query may say: Gemini's clients ask for events by it. The key stays here.
    said = [(name, value) for name, value in query if name in ("alt", "beta")]
    sent = {name: value for name, value in headers.items() if name in _TO_PROVIDER}
    sent |= {"content-type": "application/json", "accept-encoding": "identity"}
    if plan.secret:
        sent[way.key_header] = way.key_prefix + plan.secret
    url = address + path + (f"?{urlencode(said)}" if said else "")
    return Onward(url=url, proxy=_proxy_to(address), headers=sent)


@cache
def _proxy_to(address: str) -> str | None:
    """The operator's proxy for ADDRESS. aiohttp would read the environment, and ~/.netrc, for each call."""
    parts = urlsplit(address)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


def socket_to(found: AddrInfoType) -> socket.socket:
    """A socket for the way to a provider; raises OSError for an address at which none is asked.

    Here and not before: what a name stands for may change between a look and the connection.
    """
    family, kind, protocol, _, place = found
    try:
        outgoing.check_server_address(str(place[0]))
    except outgoing.NotAllowed as refusal:
        raise OSError(errno.EACCES, str(refusal)) from None
    return socket.socket(family, kind, protocol)


def for_client(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """What of the provider's HEADERS the client is told."""
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in headers
        if name.lower() in _TO_CLIENT or name.lower().startswith(_RATES)
    ]


def request_id_of(headers: Mapping[str, Any]) -> str:
    """The provider's own name of the call."""
    return next((str(headers[name])[:120] for name in _REQUEST_ID if name in headers), "")
