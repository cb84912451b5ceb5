"""Publishing: check a bundle, or submit it as a version, in one call."""

import hashlib
from collections.abc import Mapping
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.utils.datastructures import MultiValueDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import WRITE_PROBLEMS
from skills.api.v1.endpoint import HubView
from skills.bundles.validate import Validation
from skills.catalog import uploads
from skills.catalog.models import Upload
from skills.catalog.selectors import find_team
from skills.flows import release
from skills.flows.numbering import number_for
from skills.http.idempotency import once
from skills.http.refusals import HttpRefusal
from skills.lib.errors import Problem, Refused, missing, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team

PATH = OpenApiParameter("path", description="Which skill is meant, where there are several: its folder.")


class TooLarge(HttpRefusal):
    status = 413
    title = "This is too large"


class ArchiveParser(BaseParser):
    """The body is the archive itself: `curl --data-binary @skill.zip`."""

    media_type = "application/zip"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, object] | None = None,
    ) -> dict[str, bytes]:
        limit = uploads.limits().archive
        # One byte more than the limit tells a body that is too long from one that just fits.
        data = stream.read(limit + 1)
        if len(data) > limit:
            problem = Problem("too_large", f"At most {limit} bytes are accepted.")
            raise TooLarge(problem)
        return {"bundle": data}


class GzipParser(ArchiveParser):
    media_type = "application/gzip"


class ZstdParser(ArchiveParser):
    media_type = "application/zstd"


class Checked(schemas.Shape):
    accepted = s.BooleanField()
    digest = s.CharField(allow_null=True)
    name = s.CharField(allow_null=True)
    front_matter = s.DictField(allow_null=True, help_text="As a reader of YAML 1.2 has it.")
    problems = schemas.ProblemItem(many=True)
    paths = s.ListField(child=s.CharField(), help_text="The folder of each skill in it; several: a pack.")


class BundleIn(schemas.Shape):
    """`bundle` is a zip, tar.gz or tar.zst; or `files` several times, each named by its path."""

    bundle = s.FileField(required=False)
    files = s.ListField(child=s.FileField(), required=False)


class Submitted(schemas.VersionShape):
    problems = schemas.ProblemItem(many=True, help_text="Notes: what was left out, renamed, or is unusual.")


class BundleView(HubView):
    """An endpoint that takes a bundle, as the body or as a form."""

    write_rate = "publish"
    parser_classes = [ArchiveParser, GzipParser, ZstdParser, MultiPartParser]

    def content(self, request: Request) -> bytes | dict[str, bytes]:
        data = request.data
        assert isinstance(data, dict)  # of `ArchiveParser`, or the form
        bundle = data.get("bundle")
        if isinstance(bundle, bytes):
            return bundle
        if isinstance(bundle, UploadedFile):
            return bytes(bundle.read())
        files = data.getlist("files") if isinstance(data, MultiValueDict) else []
        paths = data.getlist("paths") if isinstance(data, MultiValueDict) else []
        if not files or not all(isinstance(file, UploadedFile) for file in files):
            raise refuse("no_bundle", "There is no bundle.", "Send a zip as `bundle` or as the body.")
        names = paths if len(paths) == len(files) else [file.name or "" for file in files]
        if len(set(names)) != len(names):
            raise refuse("duplicate_file", "Two files have the same path.")
        return {name: bytes(file.read()) for name, file in zip(names, files, strict=True)}


class Check(BundleView):
    @extend_schema(
        request={"application/zip": bytes, "multipart/form-data": BundleIn},
        parameters=[PATH],
        responses={200: Checked, **WRITE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Say everything that is wrong with a bundle, and keep nothing.

        Where it holds several skills, `paths` names them and `path` chooses one.
        """
        rules.checks(self.actor)
        report = uploads.check(self.content(request), path=request.query_params.get("path", ""))
        bundle = report.bundle
        return Response(
            {
                "accepted": bundle is not None,
                "digest": f"sha256:{bundle.archive.digest}" if bundle else None,
                "name": bundle.manifest.name if bundle else None,
                "front_matter": bundle.manifest.fields if bundle else None,
                "problems": [problem.as_dict() for problem in report.problems],
                "paths": report.paths,
            }
        )


class Publish(BundleView):
    @extend_schema(
        parameters=[
            OpenApiParameter("version", description="As 1.2.0; by default what SKILL.md says, or the next."),
            OpenApiParameter("visibility", enum=["team", "internal", "public"]),
            OpenApiParameter("changelog"),
            PATH,
            OpenApiParameter("Idempotency-Key", location=OpenApiParameter.HEADER),
        ],
        request={"application/zip": bytes, "multipart/form-data": BundleIn},
        responses={200: Submitted, 201: Submitted, **WRITE_PROBLEMS},
    )
    def post(self, request: Request, **kwargs: str) -> HttpResponse:
        """Submit a bundle to TEAM for review. The skill's name is the one in SKILL.md.

        201 for a new version; 200 when exactly these bytes are there already; 409 when other
        bytes have this number. Without `version` it is the one in SKILL.md, or the next patch.
        """
        account = rules.scope(self.actor, "publish")
        team = find_team(self.actor, kwargs["team"])
        if team.pk not in self.actor.roles:
            raise missing()
        content = self.content(request)
        query = request.query_params

        def submit() -> HttpResponse:
            return submit_staged(
                self.actor,
                team,
                release.stage(actor=self.actor, content=content, path=query.get("path", "")),
                number=query.get("version"),
                wanted=query.get("visibility", "team"),
                changelog=query.get("changelog", ""),
            )

        same = f"{kwargs['team']}?{query.urlencode()}\n".encode() + identity(content)
        return once(request.headers.get("Idempotency-Key", ""), account.pk, same, submit)


def submit_staged(
    actor: Actor,
    team: Team,
    staged: tuple[Validation, Upload | None],
    *,
    number: str | None,
    wanted: str,
    changelog: str,
) -> HttpResponse:
    """The version that a STAGED upload makes, without a NUMBER the next; nothing stays staged.

    Raises Refused with what is wrong with it.
    """
    report, upload = staged
    if upload is None:
        raise Refused(report.errors)
    try:
        version, is_new = release.submit(
            actor=actor,
            team=team,
            upload=upload,
            number=number_for(team, upload) if number is None else number,
            wanted=wanted,
            changelog=changelog,
        )
    finally:
        type(upload).objects.filter(pk=upload.pk).delete()
    notes = [problem.as_dict() for problem in report.problems]
    body = Submitted({**schemas.version(version), "problems": notes}).data
    return JsonResponse(dict(body), status=201 if is_new else 200)


def identity(content: bytes | dict[str, bytes]) -> bytes:
    """The same for the same bytes under the same names: what makes two requests one."""
    if isinstance(content, bytes):
        return content
    files = sorted(content.items())
    return b"".join(hashlib.sha256(name.encode() + b"\0" + data).digest() for name, data in files)
