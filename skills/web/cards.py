"""The card of a skill in a list."""

import time
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from skills.catalog.models import Skill
from skills.catalog.public_columns import LISTED_COLUMNS
from skills.people.actor import VISITOR, Actor
from skills.search.query import Hit

register = template.Library()
_listed = attrgetter(*LISTED_COLUMNS)


@dataclass(frozen=True, kw_only=True)
class Card:
    """Everything that a card may show; `number` is "" before the first approval.

    `columns` are the values of LISTED_COLUMNS; the template has them by name as `skill`. `of_house` says
    whether the reader signs in: what agents do at work is for nobody else.
    """

    columns: tuple[Hashable, ...]
    team: str
    number: str
    snippet: str
    reason: str
    of_house: bool


@register.simple_tag
def hit_cards(hits: Iterable[Hit], actor: Actor = VISITOR) -> SafeString:
    """What a search found for ACTOR, and why."""
    return _joined(_card(hit.skill, actor, hit.snippet, hit.reason) for hit in hits)


@register.simple_tag
def skill_card(skill: Skill, actor: Actor = VISITOR) -> SafeString:
    """One skill, beside others that are no list."""
    return skill_cards([skill], actor)


@register.simple_tag
def skill_cards(skills: Iterable[Skill], actor: Actor = VISITOR) -> SafeString:
    """Skills in a list."""
    return _joined(_card(skill, actor) for skill in skills)


def _joined(cards: Iterable[Card]) -> SafeString:
    minute = int(time.time() / 60)
    return mark_safe("".join(_rendered(card, minute) for card in cards))  # noqa: S308 - each was rendered


def _card(skill: Skill, actor: Actor, snippet: str = "", reason: str = "") -> Card:
    # An array comes as a list, which is no part of a key.
    values = _listed(skill)
    return Card(
        columns=tuple([tuple(value) if isinstance(value, list) else value for value in values]),
        team=skill.team.handle,
        number=skill.shown.number if skill.shown else "",
        snippet=snippet,
        reason=reason,
        of_house=actor.account is not None,
    )


# A list page is one statement, so half of its time would go into twenty of these templates: 4 ms of the
# processor, against 0.2 ms. The card is its own key: nothing that it shows can be stale. The minute is
# part of the key because a card says how long ago the skill changed.
@lru_cache(maxsize=4096)
def _rendered(card: Card, minute: int) -> SafeString:
    skill = dict(zip(LISTED_COLUMNS, card.columns, strict=True))
    return render_to_string("components/skill_card.html", {"card": card, "skill": skill})
