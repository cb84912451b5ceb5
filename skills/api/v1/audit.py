"""The audit log, for staff, auditors and, team by team, admins."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS
from skills.api.v1.endpoint import HubView, listed
from skills.http.audit_log import events_for


class AuditList(HubView):
    @extend_schema(
        parameters=[*PAGING, OpenApiParameter("team"), OpenApiParameter("act")],
        responses={200: schemas.EventPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Events, newest first. Admins of a team name it with `team`."""
        rows = events_for(self.actor, request.query_params.get("team", ""))
        if act := request.query_params.get("act"):
            rows = rows.filter(act=act)
        return listed(request, rows, "-at", schemas.event)
