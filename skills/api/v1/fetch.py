"""Approved bytes: the zip and single files. Answered without DRF's request, which costs more
than the rest; the classes stay APIViews so that the OpenAPI document describes them."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from skills.api.v1.base import HubView
from skills.api.v1.docs import BYTES, GONE, PROBLEMS
from skills.catalog.models import State
from skills.delivery import fetch
from skills.delivery.content import file_bytes, zip_of
from skills.delivery.count import counted
from skills.http.conditional import etag, immutable, not_modified
from skills.http.headers import FILE_POLICY
from skills.http.problems import refused_response
from skills.http.throttling import throttle
from skills.http.token_auth import actor_of
from skills.lib.errors import Problem, Refused
from skills.people.actor import Actor

SKILL_MD = "SKILL.md"


class OnlyGet(Refused):
    status = 405
    title = "This address is read with GET"


class BytesView(HubView):
    """Finds who asks, counts the request, answers; every refusal is a problem document."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        headers: dict[str, str] = {}
        try:
            if request.method not in ("GET", "HEAD"):
                raise OnlyGet(Problem("method_not_allowed", "Only GET is answered here."))
            actor = actor_of(request)
            headers = throttle(request, actor, self.rate)
            response = self.answer(request, actor, **kwargs)
        except Refused as refused:
            response = refused_response(refused)
            response.headers["Cache-Control"] = "private, no-cache"
        for name, value in headers.items():
            response.headers[name] = value
        response.headers["Vary"] = "Authorization, Cookie"
        return response

    @abstractmethod
    def answer(self, request: HttpRequest, actor: Actor, **kwargs: Any) -> HttpResponse: ...


def bytes_answer(
    request: HttpRequest, version: fetch.Fetched, digest: str, kind: str, read: Callable[[], bytes]
) -> HttpResponse:
    """The bytes READ gives, or 304 before anything is read."""
    tag = etag(digest)
    response = not_modified(request, tag) or HttpResponse(read(), content_type=kind)
    immutable(response, version.visibility, tag)
    response.headers["X-Content-SHA256"] = digest.removeprefix("sha256:")
    response.headers["X-Skill-Version"] = version.number
    response.headers["X-Skill-Digest"] = version.digest
    response.headers["Content-Security-Policy"] = FILE_POLICY
    if version.state == State.YANKED:
        warning = f"yanked: {version.reason}"
        response.headers["X-Skill-Warning"] = warning.encode("ascii", "replace").decode()
    return response


class VersionZip(BytesView):
    @extend_schema(responses={(200, "application/zip"): BYTES, 304: None, **PROBLEMS, **GONE})
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """The whole bundle as the one zip that was reviewed."""
        return self.dispatch(request._request, **kwargs)

    def answer(self, request: HttpRequest, actor: Actor, **kwargs: Any) -> HttpResponse:
        version = fetch.find(actor, kwargs["team"], kwargs["name"], kwargs["number"])

        def read() -> bytes:
            counted(version.version_id)
            return zip_of(version)

        response = bytes_answer(request, version, version.digest, "application/zip", read)
        name = f"{version.name}-{version.number}.zip"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class VersionFile(BytesView):
    @extend_schema(responses={(200, "text/plain"): BYTES, 304: None, **PROBLEMS, **GONE})
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """One file by its path, e.g. SKILL.md."""
        return self.dispatch(request._request, **kwargs)

    def answer(self, request: HttpRequest, actor: Actor, **kwargs: Any) -> HttpResponse:
        version = fetch.find(actor, kwargs["team"], kwargs["name"], kwargs["number"])
        file = fetch.find_file(version, kwargs["path"])

        def read() -> bytes:
            if kwargs["path"] == SKILL_MD:
                counted(version.version_id)
            return file_bytes(version, file)

        return bytes_answer(request, version, f"sha256:{file.sha256}", "text/plain; charset=utf-8", read)
