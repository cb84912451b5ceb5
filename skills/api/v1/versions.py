"""Versions: list, detail, one file, the zip, and what admins do to them."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import shapes
from skills.api.v1.base import Answer, HubView, paged, plain
from skills.api.v1.docs import BYTES, GONE, PROBLEMS, WRITE_PROBLEMS
from skills.api.v1.skills import load_skill
from skills.catalog.models import Version
from skills.catalog.selectors import file_of, find_version, versions_of
from skills.delivery.content import file_bytes, zip_of
from skills.delivery.count import counted
from skills.delivery.resolve import resolve
from skills.flows import access, release
from skills.http.conditional import etag, immutable, not_modified
from skills.http.headers import FILE_POLICY
from skills.lib.errors import missing
from skills.people import rules


def load_version(view: HubView, kwargs: dict[str, Any]) -> Version:
    """The version of the address: its last attempt that the actor may read."""
    return find_version(view.actor, load_skill(view, kwargs), kwargs["number"])


class VersionView(HubView):
    @extend_schema(responses={200: shapes.VersionDetail, **PROBLEMS})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """One version: state, digest, files with their sha256, tools."""
        return Response(shapes.version_detail(load_version(self, kwargs)))


def fetchable(view: HubView, kwargs: dict[str, Any]) -> Version:
    """A version whose bytes may go out: by number, range or channel; else 404 or 410."""
    return resolve(view.actor, load_skill(view, kwargs), kwargs["number"])


def bytes_response(version: Version, data: bytes, kind: str, digest: str) -> HttpResponse:
    """Approved bytes with their digests, immutable caching and a policy that runs nothing."""
    response = immutable(HttpResponse(data, content_type=kind), version, etag(digest))
    response.headers["X-Content-SHA256"] = digest.removeprefix("sha256:")
    response.headers["X-Skill-Version"] = version.number
    response.headers["X-Skill-Digest"] = version.digest
    response.headers["Content-Security-Policy"] = FILE_POLICY
    if version.state == "yanked":
        response.headers["X-Skill-Warning"] = f"yanked: {version.reason}".encode("ascii", "replace").decode()
    return response


class VersionZip(HubView):
    @extend_schema(responses={(200, "application/zip"): BYTES, 304: None, **PROBLEMS, **GONE})
    def get(self, request: Request, **kwargs: Any) -> Answer:
        """The whole bundle as the one zip that was reviewed."""
        version = fetchable(self, kwargs)
        if unchanged := not_modified(plain(request), etag(version.digest)):
            return immutable(unchanged, version, etag(version.digest))
        counted(version.pk)
        response = bytes_response(version, zip_of(version), "application/zip", version.digest)
        name = f"{version.skill.name}-{version.number}.zip"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class VersionFile(HubView):
    @extend_schema(responses={(200, "text/plain"): BYTES, 304: None, **PROBLEMS, **GONE})
    def get(self, request: Request, **kwargs: Any) -> Answer:
        """One file by its path, e.g. SKILL.md."""
        version = fetchable(self, kwargs)
        file = file_of(version, kwargs["path"])
        tag = etag(f"sha256:{file.sha256}")
        if unchanged := not_modified(plain(request), tag):
            return immutable(unchanged, version, tag)
        if file.path == "SKILL.md":
            counted(version.pk)
        kind = "text/plain; charset=utf-8"
        return bytes_response(version, file_bytes(version, file), kind, f"sha256:{file.sha256}")


class VersionList(HubView):
    @extend_schema(responses={200: shapes.VersionPage, **PROBLEMS})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The versions you can read, highest first."""
        rows = versions_of(self.actor, load_skill(self, kwargs))
        return paged([shapes.version(row) for row in rows], "")


class VersionAct(HubView):
    """Yank, unyank, withdraw, remove: `POST …/versions/1.2.0/yank` with a reason."""

    parser_classes = [JSONParser]

    @extend_schema(request=shapes.ReasonIn, responses={200: shapes.VersionShape, **WRITE_PROBLEMS})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Change what readers see of a version."""
        rules.signed_in(self.actor)
        version = load_version(self, kwargs)
        given = shapes.ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        reason = given.validated_data.get("reason", "")
        match kwargs["act"]:
            case "withdraw":
                done = release.withdraw(actor=self.actor, version_id=version.pk)
            case "yank":
                done = access.yank(actor=self.actor, version_id=version.pk, reason=reason)
            case "unyank":
                done = access.unyank(actor=self.actor, version_id=version.pk, reason=reason)
            case "remove":
                done = access.remove(actor=self.actor, version_id=version.pk, reason=reason)
            case _:
                raise missing()
        return Response(shapes.version(done))
