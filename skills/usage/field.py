"""How a skill is used in the field: by version and agent, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from skills.budgets.call_roles import IN_THE_FIELD
from skills.budgets.field_cost import CostPerUse, FieldUse, cost_per_use, field_uses
from skills.budgets.spending_models import CallGroup
from skills.catalog.models import Skill
from skills.catalog.selectors import versions_of
from skills.lib.clock import now
from skills.people.actor import Actor
from skills.people.models import Membership

DAYS = 30


@dataclass(frozen=True, kw_only=True)
class FieldLine:
    """The uses of one version by one agent; `number` is "" where the text was none of an approved version."""

    number: str
    is_newest: bool
    use: FieldUse


@dataclass(frozen=True, kw_only=True)
class FieldReport:
    """The last thirty days; `of_team` is the share of uses by members of the skill's team.

    `told_tokens` are those that agents told of, the rest was metered by the gateway.
    """

    lines: tuple[FieldLine, ...] = ()
    uses: int = 0
    tokens: int = 0
    told_tokens: int = 0
    of_team: float = 0.0
    older: tuple[str, ...] = ()
    per_use: CostPerUse | None = None

    @property
    def metered_tokens(self) -> int:
        return self.tokens - self.told_tokens


def field_report(actor: Actor, skill: Skill) -> FieldReport:
    """What agents did with SKILL; no version is named that ACTOR may not read."""
    uses = field_uses(skill.pk, DAYS)
    if not uses:
        return FieldReport()
    versions = versions_of(actor, skill).filter(pk__in={use.version_id for use in uses})
    numbers = dict(versions.values_list("pk", "number"))
    lines = tuple(_line(use, skill, numbers) for use in uses)
    older = {line.number for line in lines if line.number and not line.is_newest}
    return FieldReport(
        lines=lines,
        uses=sum(use.uses for use in uses),
        tokens=sum(use.tokens for use in uses),
        told_tokens=sum(use.told_tokens for use in uses),
        of_team=_share_of_team(skill),
        older=tuple(sorted(older)),
        per_use=cost_per_use(uses),
    )


def _line(use: FieldUse, skill: Skill, numbers: Mapping[int, str]) -> FieldLine:
    number = numbers.get(use.version_id, "") if use.version_id else ""
    return FieldLine(number=number, is_newest=bool(number) and use.version_id == skill.shown_id, use=use)


def _share_of_team(skill: Skill) -> float:
    """The share of sessions (of calls without one: of their days) that members of the team had."""
    since = now() - timedelta(days=DAYS)
    groups = CallGroup.objects.filter(
        skill_id=skill.pk, role__in=IN_THE_FIELD, calls__gt=0, last_at__gte=since
    )
    counts = dict(groups.values_list("account_id").annotate(Count("pk")))
    members = Membership.objects.filter(team_id=skill.team_id, account__in=counts)
    ours = set(members.values_list("account_id", flat=True))
    by_team: int = sum(count for account, count in counts.items() if account in ours)
    everybody: int = sum(counts.values())
    return by_team / everybody
