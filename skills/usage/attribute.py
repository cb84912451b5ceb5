"""Says which skill a call to a model works with: the newest loaded one that the caller may read.

A text that is like that of an approved version and differs from it is of the skill, and of none of its
versions. A skill that nobody reviewed takes no call away from one that is approved: it is counted beside.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from skills.budgets.settle import UNKNOWN, Attribution
from skills.catalog.models import FETCHABLE, Skill, Version
from skills.catalog.visibility import readable, readable_versions
from skills.lib.json_values import JsonObject
from skills.lib.remembered import Remembered
from skills.people.actor import Actor
from skills.usage.keep import fingerprints_after
from skills.usage.known_texts import KnownTexts, TextLikeness
from skills.usage.recognise import Recogniser, Seen, SeenText

_FRESH_SECONDS = 15.0  # until it is asked again which versions were approved
# Until it is asked again who may read what; many calls of a session say the same.
_RIGHTS_SECONDS = 60.0
_MOST_CONCLUSIONS = 5_000


@dataclass(frozen=True, kw_only=True)
class UnreviewedText:
    """The text of a skill that is no approved version's; `near_id`: the skill it was changed from."""

    name: str
    digest: str
    near_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What a conversation says about the skills at work in it."""

    attribution: Attribution = UNKNOWN
    unreviewed: tuple[UnreviewedText, ...] = ()


class Attributor:
    """One for each process: it holds the fingerprints of all versions, and what it found lately."""

    def __init__(self) -> None:
        self._fingerprints, self._last = fingerprints_after(0)
        self._recogniser = Recogniser(KnownTexts(self._fingerprints))
        self._looked = time.monotonic()
        self._loading = threading.Lock()
        self._conclusions: Remembered[Conclusion] = Remembered(_MOST_CONCLUSIONS, _RIGHTS_SECONDS)

    def conclude(self, request: JsonObject, actor: Actor) -> Conclusion:
        """What the conversation of REQUEST says to ACTOR, who makes the call."""
        self._refresh()
        seen = self._recogniser.seen_in(request)
        if not seen:
            return Conclusion()
        key = (_rights(actor), tuple(seen))
        return self._conclusions.get(key, lambda: conclude(seen, actor))

    def _refresh(self) -> None:
        if time.monotonic() - self._looked < _FRESH_SECONDS or not self._loading.acquire(blocking=False):
            return
        try:
            newer, self._last = fingerprints_after(self._last)
            if newer:
                self._fingerprints |= newer
                self._recogniser = Recogniser(KnownTexts(self._fingerprints))
            self._looked = time.monotonic()
        finally:
            self._loading.release()


@cache
def attributor() -> Attributor:
    """That of this process."""
    return Attributor()


def _rights(actor: Actor) -> tuple[object, ...]:
    """What decides which skills ACTOR reads."""
    account = actor.account.pk if actor.account else None
    return account, actor.scopes, tuple(actor.team_ids), actor.is_whole


def conclude(seen: list[Seen], actor: Actor) -> Conclusion:
    """What SEEN, in the order of the conversation, says to ACTOR."""
    versions = _readable(seen, actor)
    unreviewed = {
        one.name.lower(): _unreviewed(one, versions)
        for one in seen
        if isinstance(one, SeenText) and one.name and not _is_reviewed(one, versions)
    }
    attribution = UNKNOWN
    for one in reversed(seen):
        if isinstance(one, SeenText):
            attribution = _of_text(one, versions)
        # Who loads a skill by its name and gets another text works with that text.
        elif _last_name(one.name).lower() not in unreviewed:
            attribution = skill_called(one.name, actor, one.version)
        if attribution != UNKNOWN:
            break
    return Conclusion(attribution=attribution, unreviewed=tuple(unreviewed.values()))


def _readable(seen: Iterable[Seen], actor: Actor) -> dict[int, Version]:
    """The versions that SEEN may show, as far as ACTOR may read them."""
    asked = {
        candidate.version_id for one in seen if isinstance(one, SeenText) for candidate in one.candidates
    }
    if not asked:
        return {}
    rows = Version.objects.filter(readable_versions(actor), pk__in=asked, state__in=FETCHABLE)
    return {row.pk: row for row in rows.only("pk", "skill_id")}


def _is_reviewed(one: SeenText, versions: Mapping[int, Version]) -> bool:
    return any(
        candidate.likeness > TextLikeness.ALTERED and candidate.version_id in versions
        for candidate in one.candidates
    )


def _unreviewed(one: SeenText, versions: Mapping[int, Version]) -> UnreviewedText:
    near = next((versions[each.version_id] for each in one.candidates if each.version_id in versions), None)
    return UnreviewedText(name=one.name, digest=one.digest, near_id=near.skill_id if near else None)


def _of_text(one: SeenText, versions: Mapping[int, Version]) -> Attribution:
    for candidate in one.candidates:
        if version := versions.get(candidate.version_id):
            is_same = candidate.likeness > TextLikeness.ALTERED
            return Attribution(skill_id=version.skill_id, version_id=version.pk if is_same else None)
    return UNKNOWN


def skill_called(name: str, actor: Actor, number: str = "") -> Attribution:
    """The skill that ACTOR's agent means by NAME, where it can mean one alone; its version by NUMBER."""
    team, _, rest = name.replace(":", "/").rpartition("/")
    named = Skill.objects.filter(readable(actor), name=rest, shown__isnull=False)
    # Before a name may stand our team, or a plugin as the agent's owner calls it.
    skills = list(named.filter(team__handle=team)[:2] if team else []) or list(named[:50])
    if len(skills) > 1:
        skills = [skill for skill in skills if skill.team_id in actor.roles]
    if len(skills) != 1:
        return UNKNOWN
    approved = Version.objects.filter(readable_versions(actor), skill=skills[0], state__in=FETCHABLE)
    if number:
        approved = approved.filter(number=number)
    only = list(approved.values_list("pk", flat=True)[:2])
    return Attribution(skill_id=skills[0].pk, version_id=only[0] if len(only) == 1 else None)


def _last_name(name: str) -> str:
    return name.replace(":", "/").rpartition("/")[2]
