"""Short lists that begin a page: what a reader's teams recommend, and what is new of theirs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from skills.catalog.models import Skill
from skills.catalog.selectors import skills_for
from skills.lib.clock import now
from skills.people.actor import Actor

RECOMMENDED = "recommended"  # the label by which a team's admins put a skill there
_SHOWN = 4  # skills of one shelf
_NEW_DAYS = 30


@dataclass(frozen=True)
class Shelf:
    """A title and at least one skill."""

    title: str
    skills: list[Skill]


def shelves_of(actor: Actor, team_ids: Collection[int]) -> list[Shelf]:
    """What TEAM_IDS recommend and have new, as far as ACTOR may read it; no shelf is empty."""
    if not team_ids:
        return []
    approved = skills_for(actor).filter(team_id__in=team_ids, shown__isnull=False, deprecated_at=None)
    labelled = approved.filter(skill_labels__label__name=RECOMMENDED).distinct()
    recent = approved.filter(created_at__gte=now() - timedelta(days=_NEW_DAYS))
    shelves = [
        Shelf("Recommended", list(labelled.order_by("-fetches", "name")[:_SHOWN])),
        Shelf("New", list(recent.order_by("-created_at")[:_SHOWN])),
    ]
    return [shelf for shelf in shelves if shelf.skills]
