"""The JSON of a team with its policy."""

from rest_framework import serializers as s

from skills.api.v1.schemas import Json, Shape, TeamShape, team
from skills.people.models import Team
from skills.reviews.rules import sentences

_RULES = (
    "approvals_needed",
    "self_approval",
    "scan_gate",
    "evals_required",
    "no_regression",
    "minimum_lift",
    "discerning_cases",
    "standard_cases",
    "standard_repeats",
    "standard_models",
    "inferiority_margin",
    "approve_synced",
)


class PolicyShape(Shape):
    approvals_needed = s.IntegerField()
    self_approval = s.BooleanField()
    scan_gate = s.BooleanField()
    evals_required = s.BooleanField()
    no_regression = s.BooleanField()
    minimum_lift = s.IntegerField(allow_null=True, help_text="points, at the lower end of the interval")
    discerning_cases = s.BooleanField(help_text="every case has an assertion that the bare model fails")
    standard_cases = s.IntegerField()
    standard_repeats = s.IntegerField()
    standard_models = s.ListField(child=s.CharField(), help_text="empty: every model of the team")
    inferiority_margin = s.IntegerField(help_text="points by which a model may be worse and still as good")
    approve_synced = s.BooleanField()
    sentences = s.ListField(child=s.CharField())


class TeamDetail(TeamShape):
    policy = PolicyShape()


def team_detail(row: Team) -> Json:
    rules = {name: getattr(row.policy, name) for name in _RULES}
    return {**team(row), "policy": rules | {"sentences": sentences(row.policy)}}
