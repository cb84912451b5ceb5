"""How many people use a skill at work, which searches know of it before any question."""

from datetime import timedelta

from django.db.models import Count

from skills.budgets.call_roles import IN_THE_FIELD
from skills.budgets.spending_models import Grain, Spending
from skills.catalog.models import Skill
from skills.lib.clock import now

_DAYS = 30


def count_people() -> int:
    """Write how many used each skill lately; returns for how many skills that has changed.

    People and not calls: one person's agent that runs all night says nothing of a skill.
    """
    since = now().date() - timedelta(days=_DAYS)
    rows = Spending.objects.filter(
        skill_id__isnull=False, grain=Grain.DAY, day__gte=since, role__in=IN_THE_FIELD, calls__gt=0
    )
    people = dict(rows.values_list("skill_id").annotate(Count("account_id", distinct=True)))
    known = dict(Skill.objects.exclude(field_people=0).values_list("pk", "field_people"))
    changed = {pk: people.get(pk, 0) for pk in people.keys() | known.keys()}
    changed = {pk: count for pk, count in changed.items() if count != known.get(pk, 0)}
    for pk, count in changed.items():  # one by one: who locks two skills must not wait for us
        Skill.objects.filter(pk=pk).update(field_people=count)
    return len(changed)
