"""A skill's settings: visibility, names, channels, labels, maintainers, yank and removal."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from skills.catalog.models import Skill, State, Version, Visibility
from skills.catalog.number_order import HIGHEST_FIRST
from skills.catalog.selectors import find_skill, find_team, find_version, version_in_view
from skills.flows import access
from skills.http.actors import HubRequest
from skills.lib.errors import Missing, missing, refuse
from skills.people.models import Account
from skills.web.forms.skill_settings import DeprecateForm, NameForm, TransferForm
from skills.web.lookups import administered_skill, skill_of_insider
from skills.web.outcomes import go_back, tell_outcome
from skills.web.skill_context import skill_context

_SUGGESTED = 50  # numbers that the form of a channel offers; any other can be typed


@require_GET
def settings_page(request: HubRequest, team: str, name: str) -> HttpResponse:
    skill = administered_skill(request.actor, team, name)
    approved = skill.versions.filter(state=State.APPROVED)
    context = skill_context(request, skill, version_in_view(request.actor, skill)) | {
        "visibilities": Visibility.choices,
        "tab": "settings",
        "rename_form": NameForm(initial={"name": skill.name}),
        "transfer_form": TransferForm(),
        "deprecate_form": DeprecateForm(
            initial={"note": skill.deprecation_note, "successor": skill.successor or ""}
        ),
        "numbers": list(approved.order_by(*HIGHEST_FIRST).values_list("number", flat=True)[:_SUGGESTED]),
        "channels": skill.channels.select_related("version").order_by("name"),
        "members": Account.objects.filter(memberships__team=skill.team).order_by("username"),
    }
    return render(request, "catalog/settings.html", context)


@require_POST
def change(request: HubRequest, team: str, name: str, what: str) -> HttpResponse:
    """One change of the settings page, named in the address."""
    skill = skill_of_insider(request.actor, team, name)
    apply_change = _CHANGES.get(what)
    if apply_change is None:
        raise missing()
    success = _MESSAGES.get(what, "Saved.").format(to=request.POST.get("to", "").strip())
    with tell_outcome(request, success):
        # A renamed skill has another address, and the next page is there.
        skill = apply_change(request, skill)
    if what == "transfer":
        return go_back(request, skill)
    settings = reverse("skill-settings", args=[skill.team.handle, skill.name])
    return redirect(settings) if what == "rename" else go_back(request, settings)


def _visibility(request: HubRequest, skill: Skill) -> Skill:
    return access.change_visibility(actor=request.actor, skill=skill, new=request.POST.get("visibility", ""))


def _rename(request: HubRequest, skill: Skill) -> Skill:
    return access.rename(actor=request.actor, skill=skill, name=request.POST.get("name", "").strip())


def _transfer(request: HubRequest, skill: Skill) -> Skill:
    to = find_team(request.actor, request.POST.get("to", "").strip())
    return access.transfer(actor=request.actor, skill=skill, to=to)


def _deprecate(request: HubRequest, skill: Skill) -> Skill:
    wanted = request.POST.get("successor", "").strip()
    if wanted and "/" not in wanted:
        raise refuse("bad_successor", f"{wanted[:80]!r} names no skill.", "Write it as team/name.")
    successor = find_skill(request.actor, *wanted.split("/", 1)) if wanted else None
    return access.deprecate(
        actor=request.actor, skill=skill, note=request.POST.get("note", ""), successor=successor
    )


def _undeprecate(request: HubRequest, skill: Skill) -> Skill:
    return access.undeprecate(actor=request.actor, skill=skill)


def _channel(request: HubRequest, skill: Skill) -> Skill:
    version = _chosen(request, skill) if "number" in request.POST else None
    name = request.POST.get("channel", "").strip().lower()
    access.move_channel(actor=request.actor, skill=skill, name=name, version=version)
    return skill


def _chosen(request: HubRequest, skill: Skill) -> Version:
    """The version whose number somebody typed."""
    number = request.POST["number"].strip()
    try:
        return find_version(request.actor, skill, number)
    except Missing:
        text = f"{skill} has no version {number[:80]!r}."
        raise refuse("no_version", text, "Choose one that the tab Versions lists.") from None


def _labels(request: HubRequest, skill: Skill) -> Skill:
    names = request.POST.get("labels", "").split(",")
    access.set_labels(actor=request.actor, skill=skill, names=names)
    return skill


def _maintainer(request: HubRequest, skill: Skill) -> Skill:
    account = Account.objects.filter(username=request.POST.get("account", "")).first()
    if account is None:
        raise missing()
    on = request.POST.get("on") == "1"
    access.set_maintainer(actor=request.actor, skill=skill, account=account, on=on)
    return skill


# By the last part of the address; each returns the skill as it is afterwards.
_CHANGES: dict[str, Callable[[HubRequest, Skill], Skill]] = {
    "visibility": _visibility,
    "rename": _rename,
    "transfer": _transfer,
    "deprecate": _deprecate,
    "undeprecate": _undeprecate,
    "channel": _channel,
    "labels": _labels,
    "maintainer": _maintainer,
}
_MESSAGES = {"rename": "Renamed. The old address redirects.", "transfer": "Moved to {to}."}


_VERSION_CHANGES: dict[str, tuple[Callable[..., Version], str]] = {
    "yank": (access.yank, "Yanked."),
    "unyank": (access.unyank, "Back in circulation."),
    "remove": (access.remove, "Removed."),
}


@require_POST
def change_version(request: HubRequest, team: str, name: str, number: str, what: str) -> HttpResponse:
    """Yank, unyank or remove one version."""
    skill = skill_of_insider(request.actor, team, name)
    version = find_version(request.actor, skill, number)
    if what not in _VERSION_CHANGES:
        raise missing()
    apply_change, success = _VERSION_CHANGES[what]
    choices = {"deny_files": request.POST.get("deny_files") == "on"} if what == "remove" else {}
    reason = request.POST.get("reason", "")
    with tell_outcome(request, success):
        apply_change(actor=request.actor, version_id=version.pk, reason=reason, **choices)
    return go_back(request, "skill-versions", skill.team.handle, skill.name)
