"""A skill's settings: visibility, names, channels, labels, maintainers, yank and removal."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from skills.catalog.models import Skill, State, Visibility
from skills.catalog.selectors import find_skill, find_team, find_version, versions_of
from skills.flows import access
from skills.http.requests import HubRequest
from skills.lib.errors import missing
from skills.people import rules
from skills.people.models import Account, Role
from skills.web.errors import act
from skills.web.forms.acts import DeprecateForm, NameForm, TransferForm
from skills.web.views.skill import skill_context


def managed(request: HubRequest, team: str, name: str) -> Skill:
    """A skill this person manages; members who do not get 403, others 404."""
    skill = find_skill(request.actor, team, name)
    rules.signed_in(request.actor)
    if not request.actor.is_staff and skill.team_id not in request.actor.roles:
        raise missing()
    rules.team_admin(request.actor, skill.team)
    return skill


@require_GET
def settings_page(request: HubRequest, team: str, name: str) -> HttpResponse:
    skill = managed(request, team, name)
    versions = versions_of(request.actor, skill)
    shown = next((v for v in versions if v.pk == skill.shown_id), versions[0] if versions else None)
    context = skill_context(request, skill, shown, versions) | {
        "visibilities": Visibility.choices,
        "tab": "settings",
        "rename_form": NameForm(initial={"name": skill.name}),
        "transfer_form": TransferForm(),
        "deprecate_form": DeprecateForm(
            initial={"note": skill.deprecation_note, "successor": skill.successor or ""}
        ),
        "approved": [v for v in versions if v.state == State.APPROVED],
        "channels": skill.channels.select_related("version").order_by("name"),
        "members": Account.objects.filter(memberships__team=skill.team).order_by("username"),
    }
    return render(request, "catalog/settings.html", context)


@require_POST
def change(request: HubRequest, team: str, name: str, what: str) -> HttpResponse:
    """One change of the settings page, named in the address."""
    skill = find_skill(request.actor, team, name)
    rules.signed_in(request.actor)
    if not request.actor.is_staff and skill.team_id not in request.actor.roles:
        raise missing()
    work = _CHANGES.get(what)
    if work is None:
        raise missing()
    result: list[Skill] = []

    def run() -> None:
        result.append(work(request, skill) or skill)

    back = f"{skill.get_absolute_url()}settings/"
    if what == "rename":
        response = act(request, run, "Renamed. The old address redirects.", back)
        if result:
            response.headers["Location"] = f"{result[0].get_absolute_url()}settings/"
        return response
    done = {"transfer": f"Moved to {request.POST.get('to', '')}."}.get(what, "Saved.")
    return act(request, run, done, skill.get_absolute_url() if what == "transfer" else back)


def _visibility(request: HubRequest, skill: Skill) -> Skill:
    return access.change_visibility(actor=request.actor, skill=skill, new=request.POST.get("visibility", ""))


def _rename(request: HubRequest, skill: Skill) -> Skill:
    return access.rename(actor=request.actor, skill=skill, name=request.POST.get("name", "").strip())


def _transfer(request: HubRequest, skill: Skill) -> Skill:
    to = find_team(request.actor, request.POST.get("to", "").strip())
    return access.transfer(actor=request.actor, skill=skill, to=to)


def _deprecate(request: HubRequest, skill: Skill) -> Skill:
    wanted = request.POST.get("successor", "").strip()
    successor = find_skill(request.actor, *wanted.split("/", 1)) if "/" in wanted else None
    return access.deprecate(
        actor=request.actor, skill=skill, note=request.POST.get("note", ""), successor=successor
    )


def _undeprecate(request: HubRequest, skill: Skill) -> Skill:
    return access.undeprecate(actor=request.actor, skill=skill)


def _channel(request: HubRequest, skill: Skill) -> None:
    number = request.POST.get("number", "")
    version = find_version(request.actor, skill, number) if number else None
    name = request.POST.get("channel", "").strip().lower()
    access.move_channel(actor=request.actor, skill=skill, name=name, version=version)


def _labels(request: HubRequest, skill: Skill) -> None:
    names = request.POST.get("labels", "").split(",")
    access.set_labels(actor=request.actor, skill=skill, names=names)


def _maintainer(request: HubRequest, skill: Skill) -> None:
    account = Account.objects.filter(username=request.POST.get("account", "")).first()
    if account is None:
        raise missing()
    on = request.POST.get("on") == "1"
    access.set_maintainer(actor=request.actor, skill=skill, account=account, on=on)


_CHANGES: dict[str, Callable[[HubRequest, Skill], Any]] = {
    "visibility": _visibility,
    "rename": _rename,
    "transfer": _transfer,
    "deprecate": _deprecate,
    "undeprecate": _undeprecate,
    "channel": _channel,
    "labels": _labels,
    "maintainer": _maintainer,
}


@require_POST
def change_version(request: HubRequest, team: str, name: str, number: str, what: str) -> HttpResponse:
    """Yank, unyank or remove one version."""
    skill = find_skill(request.actor, team, name)
    rules.signed_in(request.actor)
    if not request.actor.is_staff and not request.actor.has_role(skill.team_id, Role.MEMBER):
        raise missing()
    version = find_version(request.actor, skill, number)
    reason = request.POST.get("reason", "")
    acts: dict[str, Callable[[], Any]] = {
        "yank": lambda: access.yank(actor=request.actor, version_id=version.pk, reason=reason),
        "unyank": lambda: access.unyank(actor=request.actor, version_id=version.pk, reason=reason),
        "remove": lambda: access.remove(actor=request.actor, version_id=version.pk, reason=reason),
    }
    if what not in acts:
        raise missing()
    done = {"yank": "Yanked.", "unyank": "Back in circulation.", "remove": "Removed."}[what]
    return act(request, acts[what], done, f"{skill.get_absolute_url()}versions/")
