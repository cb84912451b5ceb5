"""The sources of a team, for its admins; and the address that webhooks deliver to."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import source_schemas as schemas
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, listed, plain
from skills.catalog.selectors import find_team
from skills.lib.addresses import public_address
from skills.lib.errors import missing
from skills.people import rules
from skills.people.models import Team
from skills.sources import ask, configure, selectors
from skills.sources.configure import SourceFacts
from skills.sources.models import Source

_FACTS = tuple(SourceFacts.__dataclass_fields__)


class SourcesView(HubView):
    """Addresses below the sources of a team."""

    def team(self, handle: str) -> Team:
        """The team, for its admins and staff; members are told that they are not, others nothing."""
        team = find_team(self.actor, handle)
        if not self.actor.reads_team(team.pk) and not (self.actor.is_staff and self.actor.reads):
            raise missing()
        rules.team_admin(self.actor, team)
        return team

    def source(self, handle: str, pk: int) -> Source:
        return selectors.find_source(self.team(handle), pk)


class SourceList(SourcesView):
    @extend_schema(parameters=PAGING, responses={200: page_of(schemas.SourceShape), **PROBLEMS})
    def get(self, request: Request, team: str) -> Response:
        """The sources of a team."""
        return listed(request, selectors.sources_of(self.team(team)), "pk", schemas.source)

    @extend_schema(request=schemas.SourceIn, responses={201: schemas.SourceShape, **WRITE_PROBLEMS})
    def post(self, request: Request, team: str) -> Response:
        """Add a source; it is read at once where it has a schedule."""
        owner = self.team(team)
        body = schemas.SourceIn(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        token = wanted.pop("token", "")
        added = configure.add_source(actor=self.actor, team=owner, facts=SourceFacts(**wanted), token=token)
        return Response(schemas.source(added), status=201)


class SourceView(SourcesView):
    @extend_schema(responses={200: schemas.SourceShape, **PROBLEMS})
    def get(self, request: Request, team: str, pk: int) -> Response:
        """One source."""
        return Response(schemas.source(self.source(team, pk)))

    @extend_schema(request=schemas.SourceChange, responses={200: schemas.SourceShape, **WRITE_PROBLEMS})
    def patch(self, request: Request, team: str, pk: int) -> Response:
        """Change a source; what is not sent stays, the token as well."""
        row = self.source(team, pk)
        body = schemas.SourceChange(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        token = wanted.pop("token", None)
        facts = SourceFacts(**({name: getattr(row, name) for name in _FACTS} | wanted))
        changed = configure.change_source(actor=self.actor, source=row, facts=facts, token=token)
        return Response(schemas.source(changed))

    @extend_schema(responses={204: None, **WRITE_PROBLEMS})
    def delete(self, request: Request, team: str, pk: int) -> Response:
        """Remove a source; its skills stay."""
        configure.remove_source(actor=self.actor, source=self.source(team, pk))
        return Response(status=204)


class SourceSync(SourcesView):
    @extend_schema(request=None, responses={202: schemas.SyncShape, **WRITE_PROBLEMS})
    def post(self, request: Request, team: str, pk: int) -> Response:
        """Sync now. Where one is under way it is answered, and another follows it."""
        sync = ask.ask_for_sync(actor=self.actor, source=self.source(team, pk))
        return Response(schemas.sync(sync), status=202)


class SourcePlan(SourcesView):
    @extend_schema(request=None, responses={202: schemas.SyncShape, **WRITE_PROBLEMS})
    def post(self, request: Request, team: str, pk: int) -> Response:
        """Read the source to say what a sync would change; the answer is among its syncs."""
        plan = ask.ask_for_sync(actor=self.actor, source=self.source(team, pk), is_plan=True)
        return Response(schemas.sync(plan), status=202)

    @extend_schema(responses={200: schemas.SyncDetail, **PROBLEMS})
    def get(self, request: Request, team: str, pk: int) -> Response:
        """The newest plan."""
        plan = selectors.newest_plan(self.source(team, pk))
        if plan is None:
            raise missing()
        return Response(schemas.sync_detail(plan))


class SyncList(SourcesView):
    @extend_schema(parameters=PAGING, responses={200: page_of(schemas.SyncShape), **PROBLEMS})
    def get(self, request: Request, team: str, pk: int) -> Response:
        """The syncs and plans of a source, the newest first."""
        return listed(request, selectors.syncs_of(self.source(team, pk)), "-pk", schemas.sync)


class SyncView(SourcesView):
    @extend_schema(responses={200: schemas.SyncDetail, **PROBLEMS})
    def get(self, request: Request, team: str, pk: int, sync: int) -> Response:
        """One sync with a line for each skill."""
        return Response(schemas.sync_detail(selectors.find_sync(self.source(team, pk), sync)))


class SourceWebhook(SourcesView):
    @extend_schema(request=None, responses={201: schemas.HookMade, **WRITE_PROBLEMS})
    def post(self, request: Request, team: str, pk: int) -> Response:
        """A new secret for the webhook; the one before counts no more."""
        row = self.source(team, pk)
        secret = configure.renew_webhook_secret(actor=self.actor, source=row)
        url = public_address(reverse("api-source-hook", args=[row.pk]))
        return Response({"url": url, "secret": secret}, status=201)

    @extend_schema(responses={204: None, **WRITE_PROBLEMS})
    def delete(self, request: Request, team: str, pk: int) -> Response:
        """Switch the webhook off."""
        configure.forget_webhook(actor=self.actor, source=self.source(team, pk))
        return Response(status=204)


class SourceHook(HubView):
    # A sender has no token, and its signature is all that counts.
    authentication_classes = ()

    @extend_schema(request=None, responses={202: None, **WRITE_PROBLEMS})
    def post(self, request: Request, pk: int) -> Response:
        """A signed delivery of GitHub, GitLab, Gitea or a script: the source is read soon."""
        under = plain(request)
        ask.deliver(source_id=pk, headers=under.headers, body=under.body)
        return Response(status=202)
