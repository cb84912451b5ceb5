"""The card of a skill in a list."""

import time
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from skills.catalog.models import Skill
from skills.catalog.public_columns import LISTED_COLUMNS

register = template.Library()


@dataclass(frozen=True, kw_only=True)
class Card:
    """Everything that a card may show; `number` is "" before the first approval.

    `columns` are those of the skill that a list reads, as (name, value); the template has them as `skill`.
    """

    columns: tuple[tuple[str, Hashable], ...]
    team: str
    number: str
    snippet: str
    reason: str


@register.simple_tag
def skill_card(skill: Skill, snippet: str = "", reason: str = "") -> SafeString:
    """One skill in a list; SNIPPET and REASON say why a search found it."""
    card = Card(
        columns=tuple((name, _hashable(getattr(skill, name))) for name in LISTED_COLUMNS),
        team=skill.team.handle,
        number=skill.shown.number if skill.shown else "",
        snippet=snippet,
        reason=reason,
    )
    return _rendered(card, minute=int(time.time() / 60))


def _hashable(value: object) -> Hashable:
    """A column's value as part of a key: an array comes as a list."""
    return tuple(value) if isinstance(value, list) else value


# A list page is one statement, so half of its time would go into twenty of these templates: 4 ms of the
# processor, against 0.2 ms. The card is its own key: nothing that it shows can be stale. The minute is
# part of the key because a card says how long ago the skill changed.
@lru_cache(maxsize=4096)
def _rendered(card: Card, minute: int) -> SafeString:
    return render_to_string("components/skill_card.html", {"card": card, "skill": dict(card.columns)})
