"""The deny list of removed bytes, for staff."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, listed
from skills.catalog import denials
from skills.catalog.denial_models import Denial
from skills.people import rules
from skills.people.models import Scope


class DenialShape(schemas.Shape):
    id = s.IntegerField()
    skill = s.CharField()
    version = s.CharField()
    digest = s.CharField()
    files = s.IntegerField(help_text="How many files are refused by themselves too.")
    reason = s.CharField()
    denied_by = s.CharField(allow_null=True)
    denied_at = s.DateTimeField()
    lifted_by = s.CharField(allow_null=True)
    lifted_at = s.DateTimeField(allow_null=True)
    lift_reason = s.CharField(allow_blank=True)


def _denial(row: Denial) -> schemas.Json:
    return {
        "id": row.pk,
        "skill": str(row.version.skill),
        "version": row.version.number,
        "digest": row.version.digest,
        "files": row.files,
        "reason": row.version.reason,
        "denied_by": row.denied_by.username if row.denied_by else None,
        "denied_at": row.denied_at,
        "lifted_by": row.lifted_by.username if row.lifted_by else None,
        "lifted_at": row.lifted_at,
        "lift_reason": row.lift_reason,
    }


_ROWS = Denial.objects.select_related("version__skill__team", "denied_by", "lifted_by")


class DenialList(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(DenialShape), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Bytes that staff removed, the newest first; those that were lifted too."""
        rules.scope(self.actor, Scope.READ)
        rules.staff(self.actor)
        return listed(request, _ROWS.all(), "-denied_at", _denial)


class DenialLift(HubView):
    parser_classes = [JSONParser]

    @extend_schema(request=schemas.ReasonIn, responses={200: DenialShape, **WRITE_PROBLEMS})
    def post(self, request: Request, pk: int) -> Response:
        """Let the bytes be published again, as a new version."""
        rules.scope(self.actor, Scope.READ)
        rules.staff(self.actor)
        body = schemas.ReasonIn(data=request.data)
        body.is_valid(raise_exception=True)
        denial = get_object_or_404(Denial, pk=pk)
        denials.lift(actor=self.actor, denial_id=denial.pk, reason=body.validated_data.get("reason", ""))
        return Response(_denial(_ROWS.get(pk=pk)))
