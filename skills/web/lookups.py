"""Finds what an address names for those who may work on it: 404 for who may not know of it, else 403."""

from skills.catalog.models import Skill, Version
from skills.catalog.selectors import find_skill, find_team, version_by_id
from skills.lib.errors import Forbidden, missing
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team
from skills.reviews.comment import may_follow


def administered_team(actor: Actor, handle: str) -> Team:
    """A team for its admins and for staff; members get 403, others 404."""
    rules.person(actor)
    team = find_team(actor, handle)
    _only_insiders(actor, team.pk)
    rules.team_admin(actor, team)
    return team


def skill_of_insider(actor: Actor, team: str, name: str) -> Skill:
    """A skill for members of its team and for staff; each act asks for more by itself."""
    skill = find_skill(actor, team, name)
    rules.signed_in(actor)
    _only_insiders(actor, skill.team_id)
    return skill


def administered_skill(actor: Actor, team: str, name: str) -> Skill:
    """A skill for admins of its team and for staff; members get 403, others 404."""
    skill = skill_of_insider(actor, team, name)
    rules.team_admin(actor, skill.team)
    return skill


def version_in_review(actor: Actor, pk: int) -> Version:
    """A version for those who may take part in its review; 404 for everybody else."""
    rules.signed_in(actor)
    version = version_by_id(actor, pk)
    if not actor.reads_everything:
        try:
            may_follow(actor, version)
        except Forbidden:
            # 403 would tell that there is such a version.
            raise missing() from None
    return version


def _only_insiders(actor: Actor, team_id: int) -> None:
    if not actor.is_staff and not actor.reads_team(team_id):
        raise missing()
