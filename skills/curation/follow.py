"""Stars and follows: how people keep skills in sight."""

from django.db import transaction
from django.db.models import F

from skills.audit.record import record
from skills.catalog.models import Skill
from skills.curation.models import Follow, Star
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Team


@transaction.atomic
def star(*, actor: Actor, skill: Skill, on: bool) -> int:
    """Star or unstar; returns the number of stars."""
    by = rules.person_who_writes(actor)
    if on:
        changed = Star.objects.get_or_create(account=by, skill=skill)[1]
    else:
        changed = bool(Star.objects.filter(account=by, skill=skill).delete()[0])
    if changed:
        # By an expression: of two people who star at once neither is lost.
        Skill.objects.filter(pk=skill.pk).update(stars=F("stars") + (1 if on else -1))
        record("skill.star" if on else "skill.unstar", by=by, target=skill, team_id=skill.team_id)
    skill.refresh_from_db(fields=["stars"])
    return skill.stars


@transaction.atomic
def follow(*, actor: Actor, on: bool, skill: Skill | None = None, team: Team | None = None) -> None:
    """Follow, or stop following, exactly one of SKILL and TEAM."""
    by = rules.person_who_writes(actor)
    if on:
        changed = Follow.objects.get_or_create(account=by, skill=skill, team=team)[1]
    else:
        changed = bool(Follow.objects.filter(account=by, skill=skill, team=team).delete()[0])
    if changed:
        team_id = team.pk if team else skill.team_id if skill else None
        record("follow" if on else "unfollow", by=by, target=skill or team, team_id=team_id)


def followers(skill: Skill) -> list[Account]:
    """Who wants to hear of new versions of this skill, directly or through its team."""
    by_skill = Follow.objects.filter(skill=skill)
    by_team = Follow.objects.filter(team_id=skill.team_id)
    return list(Account.objects.filter(follows__in=by_skill | by_team).distinct())
