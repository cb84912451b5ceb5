"""What people have added to a skill: its labels, and whether somebody stars or follows it."""

from django.db.models import OuterRef, QuerySet

from skills.catalog.models import Skill
from skills.curation.models import Follow, SkillLabel, Star
from skills.people.models import Account


def labels_of(skill: Skill | OuterRef) -> QuerySet[SkillLabel, str]:
    """The words the team has put on SKILL, in the order of the alphabet."""
    labels = SkillLabel.objects.filter(skill=skill).order_by("label__name")
    return labels.values_list("label__name", flat=True)


def has_starred(account: Account | None, skill: Skill) -> bool:
    """Whether ACCOUNT stars SKILL; visitors star nothing."""
    return account is not None and Star.objects.filter(account=account, skill=skill).exists()


def follows(account: Account | None, skill: Skill) -> bool:
    """Whether ACCOUNT follows SKILL itself, not only its team; visitors follow nothing."""
    return account is not None and Follow.objects.filter(account=account, skill=skill).exists()
