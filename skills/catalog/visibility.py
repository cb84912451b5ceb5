"""Who may read what: one predicate for pages, API, search, counts, files and every protocol."""

from django.conf import settings
from django.db.models import Q

from skills.catalog.models import Skill, Version, Visibility
from skills.people.actor import Actor

_ORDER = [Visibility.TEAM, Visibility.INTERNAL, Visibility.PUBLIC]


def open_to(actor: Actor) -> list[str]:
    """The visibilities this actor reads without being a member.

    A token without the scope read reads what visitors read; so does one that is limited to teams, beside
    what these have.
    """
    if actor.reads_internal:
        return [Visibility.PUBLIC, Visibility.INTERNAL]
    # An instance without visitors shows public skills to those who sign in.
    return [Visibility.PUBLIC] if settings.ANONYMOUS_READ else []


def readable(actor: Actor, at: str = "") -> Q:
    """The skills ACTOR may read, as a condition on the relation path AT (e.g. "skill__")."""
    if actor.reads_everything:
        return Q()
    condition = Q(**{f"{at}published": True, f"{at}visibility__in": open_to(actor)})
    if actor.read_team_ids:
        condition |= Q(**{f"{at}team_id__in": actor.read_team_ids})
    return condition


def readable_versions(actor: Actor, at: str = "") -> Q:
    """The same for versions: what was never approved is for the team and those who read all.

    So is whatever is known of such a version: that it exists, how it was evaluated, what was said of it.
    """
    if actor.reads_everything:
        return Q()
    # Drafts, and why they were turned down, are between author and team (decision 0014).
    condition = Q(**{f"{at}approved_at__isnull": False}) & readable(actor, f"{at}skill__")
    if actor.read_team_ids:
        condition |= Q(**{f"{at}skill__team_id__in": actor.read_team_ids})
    return condition


def may_read(actor: Actor, *, team_id: int, published: bool, visibility: str) -> bool:
    """`readable` for the facts of one skill."""
    if actor.reads_everything or actor.reads_team(team_id):
        return True
    return published and visibility in open_to(actor)


def can_read_skill(actor: Actor, skill: Skill) -> bool:
    return may_read(actor, team_id=skill.team_id, published=skill.published, visibility=skill.visibility)


def can_read_version(actor: Actor, version: Version) -> bool:
    """`readable_versions` for one row at hand."""
    if not can_read_skill(actor, version.skill):
        return False
    return version.was_approved or reads_drafts(actor, version.skill.team_id)


def reads_drafts(actor: Actor, team_id: int) -> bool:
    """Whether ACTOR reads what was never approved of the skills of a team."""
    return actor.reads_everything or actor.reads_team(team_id)


def is_wider(new: str, old: str) -> bool:
    return _ORDER.index(Visibility(new)) > _ORDER.index(Visibility(old))
