"""How many people use a skill at work, how often and at what cost: searches and cards know it at once."""

from datetime import timedelta

from django.db.models import Count

from skills.budgets.call_roles import IN_THE_FIELD
from skills.budgets.field_cost import CostPerUse, uses_by_skill
from skills.budgets.spending_models import Grain, Spending
from skills.catalog.models import Skill
from skills.lib.clock import now

_DAYS = 30


def count_people() -> int:
    """Write how many used each skill lately; returns for how many skills that has changed.

    People decide between results and not calls: one person's agent that runs all night says nothing.
    """
    since = now().date() - timedelta(days=_DAYS)
    rows = Spending.objects.filter(
        skill_id__isnull=False, grain=Grain.DAY, day__gte=since, role__in=IN_THE_FIELD, calls__gt=0
    )
    people = dict(rows.values_list("skill_id").annotate(Count("account_id", distinct=True)))
    uses = uses_by_skill(_DAYS)
    used = Skill.objects.exclude(field_people=0, field_uses=0)
    known = {row["pk"]: row for row in used.values("pk", "field_people", "field_uses", "field_micros")}
    seen = {pk: _columns(pk, people, uses) for pk in people.keys() | uses.keys() | known.keys()}
    changed = {pk: columns for pk, columns in seen.items() if {"pk": pk, **columns} != known.get(pk)}
    for pk, columns in changed.items():  # one by one: who locks two skills must not wait for us
        Skill.objects.filter(pk=pk).update(**columns)
    return len(changed)


def _columns(
    pk: int, people: dict[int, int], uses: dict[int, tuple[int, CostPerUse]]
) -> dict[str, int | None]:
    count, cost = uses.get(pk, (0, CostPerUse(0, None)))
    return {
        "field_people": people.get(pk, 0),
        "field_uses": count,
        "field_micros": None if cost.micros is None else round(cost.micros),
    }
