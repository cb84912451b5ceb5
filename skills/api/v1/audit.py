"""The audit log, for staff, auditors and, team by team, admins."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import shapes
from skills.api.v1.base import HubView, listed
from skills.api.v1.docs import PAGING, PROBLEMS
from skills.audit.models import Event
from skills.catalog.selectors import find_team
from skills.lib.errors import Forbidden, refuse
from skills.people import rules


class AuditList(HubView):
    @extend_schema(
        parameters=[*PAGING, OpenApiParameter("team"), OpenApiParameter("act")],
        responses={200: shapes.EventPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Events, newest first. Admins of a team name it with `team`."""
        rules.signed_in(self.actor)
        handle = request.query_params.get("team", "")
        team = find_team(self.actor, handle) if handle else None
        if not rules.may_read_audit(self.actor, team):
            text = "The audit log is for staff, auditors and admins of the team."
            raise refuse("audit_closed", text, "Name your team with ?team=", kind=Forbidden)
        rows = Event.objects.filter(team=team) if team else Event.objects.all()
        if act := request.query_params.get("act"):
            rows = rows.filter(act=act)
        return listed(request, rows, "-at", shapes.event)
