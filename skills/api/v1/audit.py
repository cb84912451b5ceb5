"""The audit log, for staff, auditors and, team by team, admins."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS
from skills.api.v1.endpoint import HubView, listed
from skills.catalog.selectors import find_team
from skills.people import rules
from skills.people.audit_log import readable_events


class AuditList(HubView):
    @extend_schema(
        parameters=[*PAGING, OpenApiParameter("team"), OpenApiParameter("act")],
        responses={200: schemas.EventPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Events, newest first. Admins of a team name it with `team`."""
        rules.signed_in(self.actor)
        handle = request.query_params.get("team", "")
        rows = readable_events(self.actor, find_team(self.actor, handle) if handle else None)
        if act := request.query_params.get("act"):
            rows = rows.filter(act=act)
        return listed(request, rows, "-at", schemas.event)
