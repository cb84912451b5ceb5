"""Names near to one that is there: staff allow them, and nobody else gets one by a slip of the eye."""

from collections.abc import Sequence

from skills.lib.errors import refuse
from skills.lib.near_names import looks_like, near
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, NameRequest, Team

_NAMED = 5  # names that a sentence lists


def teams_near(handle: str, name: str = "", *, but: int | None = None) -> list[str]:
    """Handles of shared teams that a team with HANDLE and the display name NAME may be taken for.

    Handles are compared by look and by slips; display names, which are free text, by look alone.
    """
    shared = Team.objects.filter(personal_of=None)
    others = shared if but is None else shared.exclude(pk=but)
    names = dict(others.values_list("handle", "name"))
    found = set(near(handle, names)) if handle else set()
    for other, display in names.items():
        if name and looks_like(name, (display, other)):
            found.add(other)
    return sorted(found)


def check_team_name(actor: Actor, handle: str, name: str) -> list[str]:
    """What a new team may be taken for, where staff make it or have allowed it; raises Refused else."""
    others = teams_near(handle, name)
    if others and not actor.is_staff and not _is_allowed(handle, rules.signed_in(actor)):
        text = f"{handle!r} ({name}) may be taken for the team {listed(others)}."
        raise refuse("near_name", text, "Choose another name, or ask staff to allow this one.")
    return others


def check_display_name(actor: Actor, team: Team, name: str) -> None:
    """Refuse a display name by which TEAM may be taken for another one; staff may give it."""
    others = [] if actor.is_staff else teams_near("", name, but=team.pk)
    if others:
        text = f"A team called {name!r} may be taken for the team {listed(others)}."
        raise refuse("near_name", text, "Choose another name, or ask staff to set this one.")


def check_personal_handle(handle: str) -> None:
    """Refuse a new person's handle that looks like that of a shared team."""
    shared = Team.objects.filter(personal_of=None).values_list("handle", flat=True)
    others = looks_like(handle, shared)
    if others:
        text = f"The handle {handle!r} looks like the team {listed(others)}."
        raise refuse("near_name", text, "Choose another.")


def listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _is_allowed(name: str, account: Account) -> bool:
    return NameRequest.objects.filter(name=name, asked_by=account, allowed=True).exists()
