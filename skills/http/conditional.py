"""Conditional requests and caching: strong ETags, 304 before any file is opened."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from skills.catalog.models import Visibility

_FOR_EVER = "max-age=31536000, immutable"  # one year, the longest that RFC 9111 caches honour


def not_modified(request: HttpRequest, tag: str) -> HttpResponse | None:
    """A 304 when If-None-Match names TAG, else None."""
    # If-Match is for writes. Its 412 would get the headers of the bytes and rest in shared caches.
    if "If-None-Match" not in request.headers or "If-Match" in request.headers:
        return None
    response: HttpResponse | None = get_conditional_response(request, etag=tag)
    if response is not None:
        response.headers["ETag"] = tag
    return response


def immutable(response: HttpResponse, visibility: str, tag: str) -> HttpResponse:
    """Headers of bytes that never change; only public ones may rest in shared caches."""
    scope = "public" if visibility == Visibility.PUBLIC else "private"
    response.headers["Cache-Control"] = f"{scope}, {_FOR_EVER}"
    response.headers["ETag"] = tag
    return response


def private(response: HttpResponse, tag: str = "") -> HttpResponse:
    """Headers of an answer that depends on who asks and may change."""
    response.headers["Cache-Control"] = "private, no-cache"
    # Caches may keep one answer for each caller, never one for all.
    response.headers["Vary"] = "Authorization, Cookie"
    if tag:
        response.headers["ETag"] = tag
    return response
