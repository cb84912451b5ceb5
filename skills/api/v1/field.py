"""Skills in the field: what agents did with one, and what they use that nobody reviewed."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1.docs import PAGING, PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, listed
from skills.catalog.selectors import find_skill, find_team
from skills.people import rules
from skills.usage.field import FieldLine, field_report
from skills.usage.models import UnreviewedSkill
from skills.usage.unreviewed import unreviewed_of


class UnreviewedShape(s.Serializer[object]):
    """A skill that agents of a team use; `near` is the skill whose text it was changed from, or null."""

    id = s.IntegerField()
    name = s.CharField()
    digest = s.CharField(help_text="Of the letters of its body; empty where an agent told the name alone.")
    near = s.CharField(allow_null=True)
    calls = s.IntegerField()
    first_seen_at = s.DateTimeField()
    last_seen_at = s.DateTimeField()


class FieldUseShape(s.Serializer[object]):
    """The uses of one version by one agent; `version` is null where it is not known which one it was."""

    version = s.CharField(allow_null=True)
    newest = s.BooleanField()
    agent = s.CharField()
    uses = s.IntegerField()
    calls = s.IntegerField()
    unpriced_calls = s.IntegerField()
    tokens = s.IntegerField()
    tokens_told = s.IntegerField(help_text="part of tokens: as agents told, not metered by the gateway")
    micros = s.IntegerField()


class FieldShape(s.Serializer[object]):
    """The last thirty days of a skill; `by_team` is the share of uses by members of its team."""

    uses = s.IntegerField()
    tokens = s.IntegerField()
    tokens_told = s.IntegerField(help_text="part of tokens: as agents told, not metered by the gateway")
    by_team = s.FloatField()
    tokens_per_use = s.FloatField(allow_null=True)
    micros_per_use = s.FloatField(allow_null=True)
    lines = FieldUseShape(many=True)


class TeamUnreviewed(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(UnreviewedShape), **PROBLEMS})
    def get(self, request: Request, team: str) -> Response:
        """Skills that agents of the team use and nobody reviewed, the newest first; for its admins."""
        rows = unreviewed_of(self.actor, find_team(self.actor, team))
        return listed(request, rows, "-last_seen_at", _unreviewed)


class SkillField(HubView):
    @extend_schema(responses={200: FieldShape, **PROBLEMS})
    def get(self, request: Request, team: str, name: str) -> Response:
        """What agents did with a skill in the last thirty days; for those who sign in and may read it."""
        skill = find_skill(self.actor, team, name)
        rules.signed_in(self.actor)
        report = field_report(self.actor, skill)
        return Response(
            {
                "uses": report.uses,
                "tokens": report.tokens,
                "tokens_told": report.told_tokens,
                "by_team": report.of_team,
                "tokens_per_use": report.per_use.tokens if report.per_use else None,
                "micros_per_use": report.per_use.micros if report.per_use else None,
                "lines": [_line(line) for line in report.lines],
            }
        )


def _unreviewed(row: UnreviewedSkill) -> dict[str, object]:
    return {
        "id": row.pk,
        "name": row.name,
        "digest": row.digest,
        "near": str(row.near) if row.near else None,
        "calls": row.calls,
        "first_seen_at": row.first_seen_at,
        "last_seen_at": row.last_seen_at,
    }


def _line(line: FieldLine) -> dict[str, object]:
    return {
        "version": line.number or None,
        "newest": line.is_newest,
        "agent": line.use.agent,
        "uses": line.use.uses,
        "calls": line.use.calls,
        "unpriced_calls": line.use.unpriced,
        "tokens": line.use.tokens,
        "tokens_told": line.use.told_tokens,
        "micros": line.use.micros,
    }
