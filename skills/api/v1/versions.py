"""Versions: list, detail, one file, the zip, and what admins do to them."""

from collections.abc import Mapping

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, paged, whole_number
from skills.api.v1.provenance import VersionWithProvenance, provenance
from skills.api.v1.skills import load_skill
from skills.catalog.models import Version
from skills.catalog.selectors import find_version, page_of_versions
from skills.evals.selectors import verdicts_of
from skills.flows import access, release
from skills.lib.errors import missing, refuse
from skills.lib.pages import MOST
from skills.people import rules


class VersionActIn(schemas.ReasonIn):
    deny_files = s.BooleanField(
        required=False, help_text="With `remove`, for malware: refuse each file in any other bundle too."
    )


def load_version(view: HubView, kwargs: Mapping[str, str]) -> Version:
    """The version of the address: its last attempt that the actor may read."""
    return find_version(view.actor, load_skill(view, kwargs), kwargs["number"])


class VersionView(HubView):
    @extend_schema(responses={200: VersionWithProvenance, **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """One version: state, digest, files with their sha256, tools."""
        version = load_version(self, kwargs)
        # An address inside of the house is for those who work in it.
        more = {"provenance": provenance(version)} if self.actor.account else {}
        verdict = verdicts_of([version]).get(version.pk, "")
        return Response(schemas.version_detail(version) | {"verdict": verdict} | more)


class VersionList(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(schemas.ListedVersion), **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """The versions you can read, highest first."""
        skill = load_skill(self, kwargs)
        size = whole_number(request, "limit", MOST)
        listed = page_of_versions(self.actor, skill, request.query_params.get("cursor", ""), size)
        verdicts = verdicts_of(listed.rows)
        shown = [schemas.version(row) | {"verdict": verdicts.get(row.pk, "")} for row in listed.rows]
        return paged(shown, listed.next)


class VersionAct(HubView):
    """Yank, unyank, withdraw, remove: `POST …/versions/1.2.0/yank` with a reason."""

    parser_classes = [JSONParser]

    @extend_schema(request=VersionActIn, responses={200: schemas.VersionShape, **WRITE_PROBLEMS})
    def post(self, request: Request, **kwargs: str) -> Response:
        """Change what readers see of a version."""
        rules.signed_in(self.actor)
        version = load_version(self, kwargs)
        body = VersionActIn(data=request.data)
        body.is_valid(raise_exception=True)
        reason = body.validated_data.get("reason", "")
        deny_files = body.validated_data.get("deny_files", False)
        if deny_files and kwargs["act"] != "remove":
            raise refuse("bad_field", "`deny_files` goes with `remove` only.", "Leave it out.")
        match kwargs["act"]:
            case "withdraw":
                changed = release.withdraw(actor=self.actor, version_id=version.pk)
            case "yank":
                changed = access.yank(actor=self.actor, version_id=version.pk, reason=reason)
            case "unyank":
                changed = access.unyank(actor=self.actor, version_id=version.pk, reason=reason)
            case "remove":
                changed = access.remove(
                    actor=self.actor, version_id=version.pk, reason=reason, deny_files=deny_files
                )
            case _:
                raise missing()
        return Response(schemas.version(changed))
