"""Approved bytes: the zip and single files.

Answered without REST framework's request, which costs more than the rest; the classes stay APIViews
so that the OpenAPI document describes them.
"""

from abc import abstractmethod

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from skills.api.v1.docs import BYTES, GONE, PROBLEMS
from skills.api.v1.endpoint import HubView
from skills.bundles.frontmatter import FILE
from skills.delivery import fetch
from skills.delivery.content import file_bytes
from skills.delivery.count import counted
from skills.http.file_responses import bytes_answer, zip_answer
from skills.http.problems import refused_response
from skills.http.refusals import wrong_method
from skills.http.throttling import throttle
from skills.http.token_auth import actor_of
from skills.lib.errors import Refused
from skills.people.actor import Actor


class BytesView(HubView):
    """Finds who asks, counts the request, answers; every refusal is a problem document.

    `get` is called with Django's request and the actor.
    """

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: str) -> HttpResponse:
        headers: dict[str, str] = {}
        try:
            if request.method != "GET":
                raise wrong_method(str(request.method), "GET, HEAD, OPTIONS")
            actor = actor_of(request)
            headers = throttle(request, actor, self.rate)
            response = self.get(request, actor, **kwargs)
        except Refused as refused:
            response = refused_response(refused)
            response.headers["Cache-Control"] = "private, no-cache"
        for name, value in headers.items():
            response.headers[name] = value
        response.headers["Vary"] = "Authorization, Cookie"
        return response

    @abstractmethod
    def get(self, request: HttpRequest, actor: Actor, **kwargs: str) -> HttpResponse: ...


class VersionZip(BytesView):
    @extend_schema(responses={(200, "application/zip"): BYTES, 304: None, **PROBLEMS, **GONE})
    def get(self, request: HttpRequest, actor: Actor, **kwargs: str) -> HttpResponse:
        """The whole bundle as the one zip that was reviewed."""
        version = fetch.find(actor, kwargs["team"], kwargs["name"], kwargs["number"])
        return zip_answer(request, actor, version, "api")


class VersionFile(BytesView):
    @extend_schema(responses={(200, "text/plain"): BYTES, 304: None, **PROBLEMS, **GONE})
    def get(self, request: HttpRequest, actor: Actor, **kwargs: str) -> HttpResponse:
        """One file by its path, e.g. SKILL.md."""
        version, file = fetch.find_file(
            actor, kwargs["team"], kwargs["name"], kwargs["number"], kwargs["path"]
        )

        def read() -> bytes:
            if kwargs["path"] == FILE:
                counted(version.version_id, "api", actor)
            return file_bytes(version, file)

        return bytes_answer(request, version, f"sha256:{file.sha256}", "text/plain; charset=utf-8", read)
