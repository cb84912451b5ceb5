"""Names that ask for staff: near to a team's or a skill's, so that somebody may take one for the other."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from skills.audit.record import record
from skills.catalog.models import Skill
from skills.catalog.visibility import open_to
from skills.lib.clock import now
from skills.lib.errors import Conflict, missing, refuse
from skills.lib.near_names import NameIndex
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, NameRequest, Team
from skills.people.names import listed, teams_near
from skills.reviews.rules import Gate


def names_of_others(actor: Actor, team: Team) -> NameIndex:
    """Names of other teams' skills that all like ACTOR may read; private ones are given away to nobody."""
    rows = Skill.objects.filter(published=True, visibility__in=open_to(actor)).exclude(team=team)
    return NameIndex(rows.order_by("name").values_list("name", flat=True).distinct())


def hold_near_name(skill: Skill, by: Account, others: NameIndex) -> list[str]:
    """Ask staff about the name of a new SKILL where it is near to one of OTHERS; those that it is near to."""
    found = others.near(skill.name)
    if found:
        _ask(by=by, name=str(skill), others=found, team_id=skill.team_id)
    return found


def take_along(skill: Skill, before: str) -> None:
    """What was asked about the name BEFORE goes on for SKILL, which has moved to another team."""
    NameRequest.objects.filter(name=before).update(name=str(skill))


def check_skill_name(actor: Actor, skill: Skill, name: str) -> None:
    """A new NAME for SKILL is shown at once, without a review: only staff give a near one."""
    found = [] if actor.is_staff else names_of_others(actor, skill.team).near(name)
    if found:
        text = f"{name!r} may be taken for the skill {listed(found)} of another team."
        raise refuse("near_name", text, "Choose another name, or ask staff to rename it.")


def name_gate(skill: Skill) -> list[Gate]:
    """The gate of a skill whose name was near to another's when it was made; no gate for any other."""
    request = NameRequest.objects.filter(name=str(skill)).order_by("pk").first()
    if request is None:
        return []
    if request.decided_at is None:
        text = f"The name is near to {request.near}; staff have to allow it."
    elif request.allowed:
        text = f"Staff have allowed the name, which is near to {request.near}."
    else:
        text = f"Staff have refused the name, which is near to {request.near}. Publish it under another."
    return [Gate("name", request.allowed, text)]


@transaction.atomic
def ask_for_team(*, actor: Actor, handle: str, name: str) -> NameRequest:
    """Ask staff for the handle of a team that may be taken for another."""
    by = rules.person(actor)
    rules.scope(actor, "admin")
    return _ask(by=by, name=handle, others=teams_near(handle, name))


def _ask(*, by: Account, name: str, others: Sequence[str], team_id: int | None = None) -> NameRequest:
    """Ask staff to allow NAME, a handle or team/name; asking again changes nothing."""
    request, is_new = NameRequest.objects.get_or_create(
        name=name, asked_by=by, defaults={"near": listed(others)[:300]}
    )
    if is_new:
        record("name.ask", by=by, target=name, team_id=team_id, near=list(others))
        text = f"{by.username} asks for the name {name}, which is near to {request.near}"
        tell(Account.objects.filter(is_staff=True), Kind.NAME, text, reverse("names"))
    return request


@transaction.atomic
def decide(*, actor: Actor, request_id: int, allowed: bool) -> NameRequest:
    """Staff allow a name, or refuse it; whoever asked is told."""
    by = rules.staff(actor)
    request = NameRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise missing()
    if request.decided_at is not None:
        raise refuse("name_decided", "This name has been decided about.", "Reload the page.", kind=Conflict)
    request.decided_by, request.decided_at, request.allowed = by, now(), allowed
    request.save(update_fields=["decided_by", "decided_at", "allowed"])
    record("name.allow" if allowed else "name.refuse", by=by, target=request.name, near=request.near)
    verdict = "allowed" if allowed else "refused"
    tell([request.asked_by], Kind.NAME, f"Staff {verdict} the name {request.name}", reverse("teams"))
    return request
