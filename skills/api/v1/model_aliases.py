"""A team's own names for models, by which its agents call them through the gateway."""

from collections.abc import Collection

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import TeamAdminView, listed
from skills.lib.errors import refuse
from skills.portfolio import aliases
from skills.portfolio.models import ModelAlias, PortfolioModel


class ModelAliasIn(schemas.Shape):
    models = s.ListField(
        child=s.CharField(max_length=60),
        help_text="Labels of one to three models: the first answers, the next where it is away.",
    )


class ModelAliasShape(ModelAliasIn):
    name = s.CharField()


def _shape(alias: ModelAlias, offered: Collection[PortfolioModel]) -> dict[str, object]:
    return {"name": alias.name, "models": aliases.labels_of(alias, offered)}


class ModelAliases(TeamAdminView):
    @extend_schema(parameters=PAGING, responses={200: page_of(ModelAliasShape), **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """The names of a team for models, for its admins."""
        team = self.administered(kwargs["team"])
        offered = aliases.nameable(team)
        rows = ModelAlias.objects.filter(team=team)
        return listed(request, rows, "-pk", lambda alias: _shape(alias, offered))


class ModelAliasView(TeamAdminView):
    @extend_schema(request=ModelAliasIn, responses={200: ModelAliasShape, **WRITE_PROBLEMS})
    def put(self, request: Request, **kwargs: str) -> Response:
        """Let a name stand for models from now on."""
        team = self.administered(kwargs["team"])
        body = ModelAliasIn(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data["models"]
        offered = {model.label: model for model in aliases.nameable(team)}
        for label in wanted:
            if label not in offered:
                raise refuse("bad_alias", f"Agents of {team.handle} can call no model {label}.")
        models = [offered[label] for label in wanted]
        alias = aliases.set_alias(actor=self.actor, team=team, name=kwargs["name"], models=models)
        return Response(_shape(alias, models))

    @extend_schema(responses={204: None, **WRITE_PROBLEMS})
    def delete(self, request: Request, **kwargs: str) -> Response:
        """From now on the name is no model."""
        aliases.remove_alias(actor=self.actor, team=self.administered(kwargs["team"]), name=kwargs["name"])
        return Response(status=204)
