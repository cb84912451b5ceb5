"""Trusted publishing: a run of CI shows its provider's token and gets one that publishes for ten minutes."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, TeamAdminView, listed
from skills.lib.errors import missing
from skills.people.models import Team
from skills.publishers import configure, id_tokens
from skills.publishers.exchange import MINUTES, exchange
from skills.publishers.models import IssuerKind, TrustedPublisher


class AudienceShape(schemas.Shape):
    audience = s.CharField(help_text="What the CI provider's token has to name.")
    minutes = s.IntegerField(help_text="How long the token lives that is given for it.")


class ExchangeIn(schemas.Shape):
    team = s.CharField(max_length=40)
    token = s.CharField(max_length=id_tokens.LONGEST, help_text="The OpenID Connect token of the run.")


class ExchangeShape(schemas.Shape):
    token = s.CharField(help_text="Shown this once.")
    expires_at = s.DateTimeField()
    scopes = s.ListField(child=s.CharField())
    team = s.CharField()
    skills = s.ListField(child=s.CharField(), help_text="Names; empty for every skill of the team.")


class PublisherIn(schemas.Shape):
    kind = s.ChoiceField(choices=IssuerKind.choices)
    issuer = s.CharField(max_length=300, required=False, allow_blank=True)
    repository = s.CharField(max_length=300)
    workflow = s.CharField(max_length=200, required=False, allow_blank=True)
    environment = s.CharField(max_length=200, required=False, allow_blank=True)
    ref = s.CharField(max_length=200, required=False, allow_blank=True)
    claims = s.DictField(child=s.CharField(max_length=300), required=False)
    skills = s.ListField(child=s.CharField(max_length=64), required=False)
    checks_pull_requests = s.BooleanField(required=False)


class PublisherShape(PublisherIn):
    id = s.IntegerField()
    added_by = s.CharField()
    account = s.CharField()
    last_used_at = s.DateTimeField(allow_null=True)


def _publisher(row: TrustedPublisher) -> dict[str, object]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "issuer": row.issuer,
        "repository": row.repository,
        "workflow": row.workflow,
        "environment": row.environment,
        "ref": row.ref,
        "claims": row.claims,
        "skills": row.skills,
        "checks_pull_requests": row.checks_pull_requests,
        "added_by": row.added_by.username,
        "account": row.account.username,
        "last_used_at": row.last_used_at,
    }


class TrustedPublishing(HubView):
    @extend_schema(responses={200: AudienceShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """The audience to ask the CI provider for."""
        return Response({"audience": id_tokens.audience(), "minutes": MINUTES})

    @extend_schema(request=ExchangeIn, responses={201: ExchangeShape, **WRITE_PROBLEMS}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange the CI provider's token of a run that an admin wrote down for one that publishes.

        It lives ten minutes and publishes the skills of its trusted publisher; of a pull request it
        checks bundles and does nothing else. Each token of a provider is taken once.
        """
        body = ExchangeIn(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        done = exchange(team=wanted["team"], id_token=wanted["token"])
        answer = {
            "token": done.secret,
            "expires_at": done.token.expires_at,
            "scopes": done.token.scopes,
            "team": wanted["team"],
            "skills": done.token.skills,
        }
        response = Response(answer, status=201)
        response.headers["Cache-Control"] = "no-store"
        return response


def _rows(team: Team) -> QuerySet[TrustedPublisher]:
    return TrustedPublisher.objects.filter(team=team).select_related("team", "account", "added_by")


class TeamPublishers(TeamAdminView):
    @extend_schema(parameters=PAGING, responses={200: page_of(PublisherShape), **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """The trusted publishers of a team, for its admins."""
        return listed(request, _rows(self.administered(kwargs["team"])), "-created_at", _publisher)

    @extend_schema(request=PublisherIn, responses={201: PublisherShape, **WRITE_PROBLEMS})
    def post(self, request: Request, **kwargs: str) -> Response:
        """Trust the runs of a workflow to publish for the team."""
        team = self.administered(kwargs["team"])
        body = PublisherIn(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = configure.Wanted(**body.validated_data)
        publisher = configure.add(actor=self.actor, team=team, wanted=wanted)
        return Response(_publisher(publisher), status=201)


class TeamPublisher(TeamAdminView):
    @extend_schema(responses={204: None, **WRITE_PROBLEMS})
    def delete(self, request: Request, **kwargs: str) -> Response:
        """Trust it no more."""
        publisher = _rows(self.administered(kwargs["team"])).filter(pk=kwargs["pk"]).first()
        if publisher is None:
            raise missing()
        configure.remove(actor=self.actor, publisher=publisher)
        return Response(status=204)
