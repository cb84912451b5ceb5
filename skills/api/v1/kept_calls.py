"""Prompts and answers that a team keeps for some days, where it wishes so."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, TeamAdminView, listed
from skills.catalog.selectors import find_team
from skills.people.models import Team
from skills.usage import keeping
from skills.usage.kept_models import KeptCall


class CallKeepingIn(schemas.Shape):
    days = s.IntegerField(min_value=0, max_value=keeping.MOST_DAYS, help_text="0 keeps nothing.")


class CallKeepingShape(CallKeepingIn):
    next_days = s.IntegerField(help_text="What counts from `begins_at` on; people are told a day before.")
    begins_at = s.DateTimeField(allow_null=True)


class KeptCallShape(schemas.Shape):
    id = s.UUIDField()
    at = s.DateTimeField()
    account = s.CharField()
    agent = s.CharField()
    model = s.CharField()
    delete_at = s.DateTimeField()


class KeptTextShape(KeptCallShape):
    asked = s.CharField(help_text="The body of the request.")
    answered = s.CharField(help_text="The answer as the agent got it.")


def _shape(call: KeptCall) -> dict[str, object]:
    names = {"account": call.account.username, "agent": call.agent, "model": call.model}
    return {"id": call.pk, "at": call.at, **names, "delete_at": call.delete_at}


def _setting(team: Team) -> dict[str, object]:
    found = keeping.keeper(team)
    return {"days": found.days, "next_days": found.next_days, "begins_at": found.begins_at}


class CallKeepingView(TeamAdminView):
    @extend_schema(responses={200: CallKeepingShape, **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """For how many days the team keeps prompts and answers; 0 unless it wishes so."""
        return Response(_setting(self.administered(kwargs["team"])))

    @extend_schema(request=CallKeepingIn, responses={200: CallKeepingShape, **WRITE_PROBLEMS})
    def put(self, request: Request, **kwargs: str) -> Response:
        """Keep them for longer from tomorrow on, or for shorter at once; people of the team are told."""
        team = self.administered(kwargs["team"])
        body = CallKeepingIn(data=request.data)
        body.is_valid(raise_exception=True)
        keeping.keep_calls(actor=self.actor, team=team, days=body.validated_data["days"])
        return Response(_setting(team))


class KeptCalls(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(KeptCallShape), **PROBLEMS})
    def get(self, request: Request, team: str) -> Response:
        """The calls that the team keeps, without their texts; for its own admins."""
        return listed(request, keeping.kept_of_team(self.actor, find_team(self.actor, team)), "-at", _shape)


class KeptCallView(HubView):
    @extend_schema(responses={200: KeptTextShape, **PROBLEMS})
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """One call with its texts, for its person and admins of its team, whose readings are recorded."""
        call, text = keeping.read_kept(self.actor, pk)
        return Response({**_shape(call), "asked": text.asked, "answered": text.answered})
