"""Who you are, your teams and your tokens."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, listed
from skills.api.v1.policy_schemas import TeamDetail, team_detail
from skills.catalog.selectors import find_team
from skills.lib.errors import missing
from skills.people import rules
from skills.people.models import Scope, Team
from skills.people.tokens import create_token, revoke_token, tokens_of


class MeView(HubView):
    @extend_schema(responses={200: schemas.Me, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """The account, scopes and roles of this token."""
        actor = self.actor
        handles = dict(Team.objects.filter(pk__in=actor.roles).values_list("pk", "handle"))
        roles = {handles[pk]: role for pk, role in actor.roles.items()}
        body = {"account": actor.name or None, "scopes": sorted(actor.scopes), "teams": roles}
        return Response(body)


class TeamList(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(schemas.TeamShape), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """The teams you are in."""
        rules.scope(self.actor, Scope.READ)
        return listed(request, Team.objects.filter(pk__in=self.actor.roles), "handle", schemas.team)


class TeamView(HubView):
    @extend_schema(responses={200: TeamDetail, **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """One team with its policy."""
        return Response(team_detail(find_team(self.actor, kwargs["team"])))


class TokenList(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(schemas.TokenShape), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Your tokens, without their secrets."""
        return listed(request, tokens_of(self.actor), "-created_at", schemas.token)

    @extend_schema(request=schemas.TokenIn, responses={201: schemas.TokenMade, **WRITE_PROBLEMS})
    def post(self, request: Request) -> Response:
        """Make a token; its secret is in this answer and nowhere else."""
        account = rules.scope(self.actor, "admin")
        body = schemas.TokenIn(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        teams = [find_team(self.actor, handle) for handle in wanted.get("teams", [])]
        token, secret = create_token(
            actor=self.actor,
            owner=account,
            name=wanted["name"],
            scopes=wanted["scopes"],
            teams=teams,
            days=wanted.get("days"),
        )
        return Response({**schemas.token(token), "secret": secret}, status=201)


class TokenView(HubView):
    @extend_schema(responses={204: None, **WRITE_PROBLEMS})
    def delete(self, request: Request, pk: int) -> Response:
        """Revoke a token."""
        token = tokens_of(self.actor).select_related("account__service_of").filter(pk=pk).first()
        if token is None:
            raise missing()
        revoke_token(actor=self.actor, token=token)
        return Response(status=204)
