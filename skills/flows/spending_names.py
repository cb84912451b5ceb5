"""What the ids of a report are called, as far as whoever asks may know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skills.budgets.call_roles import CallRole
from skills.budgets.models import Hold
from skills.budgets.spending import NOBODY, NOTHING, Dimension
from skills.catalog.models import Version
from skills.catalog.selectors import skills_for
from skills.people.actor import Actor
from skills.people.models import Account, Team, Token

Key = int | str | None

_NONE = {
    Dimension.TEAM: "no team",
    Dimension.PERSON: "nobody",
    Dimension.SKILL: "no skill",
    Dimension.VERSION: "no skill",
    Dimension.AGENT: "not known",
    Dimension.TOKEN: "no token",
}
_PURPOSES = {
    CallRole.CANDIDATE: "evaluation",
    CallRole.JUDGE: "judge",
    CallRole.DRAFTER: "drafting cases",
    CallRole.TEST: "test of a provider",
    CallRole.WORK: "work",
    CallRole.TOLD: "work, as agents told",
}
UNSEEN = "a skill that is gone or not for you to see"


def names_of(actor: Actor, dimension: Dimension, keys: Iterable[int | str | None]) -> dict[Key, str]:
    """A name for each of KEYS; one query for all of them."""
    known = [key for key in set(keys) if key is not None and key not in ("", NOBODY, NOTHING)]
    found = _looked_up(actor, dimension, known)
    none = _NONE.get(dimension, "not known")
    return {**dict.fromkeys((None, "", NOBODY, NOTHING), none), **found}


@dataclass(frozen=True, kw_only=True)
class NamedCall:
    """A call with what its ids are called; `skill` with its number where the version is known."""

    call: Hold
    team: str
    person: str
    token: str
    skill: str
    purpose: str


def named_calls(actor: Actor, calls: Sequence[Hold]) -> list[NamedCall]:
    """CALLS with their names, looked up together."""

    def names(dimension: Dimension) -> dict[Key, str]:
        return names_of(actor, dimension, [getattr(call, dimension.column) for call in calls])

    teams, people, tokens = names(Dimension.TEAM), names(Dimension.PERSON), names(Dimension.TOKEN)
    skills, versions, purposes = names(Dimension.SKILL), names(Dimension.VERSION), names(Dimension.PURPOSE)
    return [
        NamedCall(
            call=call,
            team=teams[call.team_id],
            person=people[call.account_id],
            token=tokens[call.token_id],
            skill=versions[call.version_id] if call.version_id else skills[call.skill_id],
            purpose=purposes[call.role],
        )
        for call in calls
    ]


def _looked_up(actor: Actor, dimension: Dimension, keys: list[int | str]) -> dict[Key, str]:
    if dimension in (Dimension.MODEL, Dimension.AGENT):
        return {key: str(key) for key in keys}
    if dimension == Dimension.PURPOSE:
        return {key: _PURPOSES.get(key, str(key)) for key in keys}  # type: ignore[call-overload]
    names = {
        key: UNSEEN if dimension in (Dimension.SKILL, Dimension.VERSION) else f"{dimension} {key}"
        for key in keys
    }
    return names | dict(_rows(actor, dimension, keys))


def _rows(actor: Actor, dimension: Dimension, keys: list[int | str]) -> Iterable[tuple[Key, str]]:
    if dimension == Dimension.TEAM:
        return Team.objects.filter(pk__in=keys).values_list("pk", "handle")
    if dimension == Dimension.PERSON:
        return Account.objects.filter(pk__in=keys).values_list("pk", "username")
    if dimension == Dimension.TOKEN:
        return Token.objects.filter(pk__in=keys).values_list("pk", "name")
    if dimension == Dimension.SKILL:
        skills = skills_for(actor).filter(pk__in=keys).values_list("pk", "team__handle", "name")
        return [(pk, f"{team}/{name}") for pk, team, name in skills]
    versions = Version.objects.filter(pk__in=keys, skill__in=skills_for(actor).values("pk"))
    rows = versions.values_list("pk", "skill__team__handle", "skill__name", "number")
    return [(pk, f"{team}/{name}@{number}") for pk, team, name, number in rows]
