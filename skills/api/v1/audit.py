"""The audit log, for staff, auditors and, team by team, admins."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, listed
from skills.audit.models import Event
from skills.catalog.selectors import find_team
from skills.people import rules
from skills.people.audit_log import readable_events


class EventShape(schemas.Shape):
    id = s.IntegerField()
    at = s.DateTimeField()
    actor = s.CharField()
    act = s.CharField()
    target = s.CharField()
    detail = s.DictField()
    seq = s.IntegerField(allow_null=True)
    seal = s.CharField(allow_blank=True)


def event(row: Event) -> schemas.Json:
    return {
        "id": row.pk,
        "at": row.at,
        "actor": row.actor_name,
        "act": row.act,
        "target": row.target,
        "detail": row.detail,
        "seq": row.seq,
        "seal": row.seal,
    }


class AuditList(HubView):
    @extend_schema(
        parameters=[*PAGING, OpenApiParameter("team"), OpenApiParameter("act")],
        responses={200: page_of(EventShape), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Events, newest first. Admins of a team name it with `team`."""
        rules.signed_in(self.actor)
        handle = request.query_params.get("team", "")
        rows = readable_events(self.actor, find_team(self.actor, handle) if handle else None)
        if act := request.query_params.get("act"):
            rows = rows.filter(act=act)
        return listed(request, rows, "-at", event)
