"""Conditional requests and caching: strong ETags, 304 before any file is opened."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from skills.catalog.models import Visibility

_YEAR = "max-age=31536000, immutable"


def etag(digest: str) -> str:
    return f'"{digest}"'


def not_modified(request: HttpRequest, tag: str) -> HttpResponse | None:
    """A 304 when If-None-Match names TAG."""
    wanted = request.META.get("HTTP_IF_NONE_MATCH", "")
    if not wanted:
        return None
    names = {part.strip().removeprefix("W/") for part in wanted.split(",")}
    if tag not in names and "*" not in names:
        return None
    response = HttpResponseNotModified()
    response.headers["ETag"] = tag
    return response


def immutable(response: HttpResponse, visibility: str, tag: str) -> HttpResponse:
    """Headers of bytes that never change; only public ones may rest in shared caches."""
    shared = visibility == Visibility.PUBLIC
    response.headers["Cache-Control"] = f"{'public' if shared else 'private'}, {_YEAR}"
    response.headers["ETag"] = tag
    return response


def private(response: HttpResponse, tag: str = "") -> HttpResponse:
    """Headers of an answer that depends on who asks and may change."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Cookie"
    if tag:
        response.headers["ETag"] = tag
    return response
