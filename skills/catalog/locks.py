"""Loads rows for change. Whoever locks both locks the skill first: the other order would deadlock."""

from skills.catalog.models import Skill, Version


def lock_skill(skill: Skill) -> Skill:
    """SKILL as it is now, locked until the transaction ends, with its team and shown version."""
    rows = Skill.objects.select_for_update(of=("self",)).select_related("team", "shown")
    return rows.get(pk=skill.pk)


def lock_version(version_id: int) -> Version:
    """A version and its skill, both locked until the transaction ends, with author, team and policy."""
    # The id of the skill first, without a lock, so that the skill can be locked before its version.
    skill_id = Version.objects.values_list("skill_id", flat=True).get(pk=version_id)
    skill = Skill.objects.select_for_update(of=("self",)).select_related("team__policy").get(pk=skill_id)
    version = Version.objects.select_for_update(of=("self",)).select_related("author").get(pk=version_id)
    version.skill = skill
    return version
