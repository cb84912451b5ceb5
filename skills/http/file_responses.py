"""Answers with approved bytes: strong ETag, immutable caching, 304 before anything is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from skills.catalog.models import State
from skills.delivery import fetch
from skills.delivery.content import zip_of
from skills.delivery.count import counted
from skills.http.conditional import immutable, not_modified
from skills.http.header_values import attachment, etag, line
from skills.http.headers import FILE_POLICY
from skills.people.actor import Actor


def bytes_answer(
    request: HttpRequest, version: fetch.Fetched, digest: str, kind: str, read: Callable[[], bytes]
) -> HttpResponse:
    """The bytes READ gives, or 304 before anything is read."""
    tag = etag(digest)
    response = not_modified(request, tag) or HttpResponse(read(), content_type=kind)
    immutable(response, version.visibility, tag)
    response.headers["X-Content-SHA256"] = line(digest.removeprefix("sha256:"))
    response.headers["X-Skill-Version"] = line(version.number)
    response.headers["X-Skill-Digest"] = line(version.digest)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    if version.state == State.YANKED:
        response.headers["X-Skill-Warning"] = line(f"yanked: {version.reason}")
    return response


def zip_answer(request: HttpRequest, actor: Actor, version: fetch.Fetched, client: str) -> HttpResponse:
    """The whole bundle as the one zip that was reviewed; CLIENT is what the fetch is counted under."""

    def read() -> bytes:
        counted(version.version_id, client, actor)
        return zip_of(version)

    response = bytes_answer(request, version, version.digest, "application/zip", read)
    response.headers["Content-Disposition"] = attachment(f"{version.name}-{version.number}.zip")
    return response
