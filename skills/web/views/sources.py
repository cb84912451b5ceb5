"""The sources of a team: where its skills come from, what changed there, and every sync."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skills.http.actors import HubRequest
from skills.lib.addresses import public_address
from skills.lib.pages import page
from skills.people.models import Role, Team
from skills.sources import ask, configure, selectors
from skills.sources.models import Source, Sync
from skills.sources.webhooks import FORMS
from skills.web.forms.sources import ChangeSourceForm, SourceForm
from skills.web.forms.validation import refusals_on
from skills.web.lookups import administered_team
from skills.web.outcomes import go_back, tell_outcome
from skills.web.sync_lines import sync_lines


@require_GET
def sources(request: HubRequest, team: str) -> HttpResponse:
    """Every source of a team with its state."""
    owner = administered_team(request.actor, team)
    context = {
        "team": owner,
        "section": "sources",
        "sources": selectors.sources_of(owner),
        "may_add": request.actor.has_role(owner.pk, Role.ADMIN),
    }
    return render(request, "sources/list.html", context)


@require_http_methods(["GET", "POST"])
def new_source(request: HubRequest, team: str) -> HttpResponse:
    owner = administered_team(request.actor, team)
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            token = form.cleaned_data["token"]
            added = configure.add_source(actor=request.actor, team=owner, facts=form.facts, token=token)
            return redirect(added)
    context = {"team": owner, "section": "sources", "form": form}
    return render(request, "sources/new.html", context, status=400 if form.errors else 200)


@require_GET
def source(request: HubRequest, team: str, pk: int) -> HttpResponse:
    """One source: its state, a line for each of its skills, its syncs."""
    owner, row = _source(request, team, pk)
    return _source_page(request, owner, row)


def _source_page(request: HubRequest, team: Team, row: Source, secret: str = "") -> HttpResponse:
    newest = selectors.newest_sync(row)
    syncs = page(selectors.syncs_of(row), "-pk", request.GET.get("cursor", ""), 20)
    context = {
        "team": team,
        "section": "sources",
        "source": row,
        "answers": configure.answers_still(row.responsible, team),
        "newest": newest,
        "lines": sync_lines(newest, team) if newest else [],
        "syncs": syncs.rows,
        "next": syncs.next,
        "hook_address": public_address(reverse("api-source-hook", args=[row.pk])),
        "forms": FORMS,
        "secret": secret,
    }
    response = render(request, "sources/source.html", context)
    if secret:
        # Neither a proxy nor the back button may keep it.
        response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def change_source(request: HubRequest, team: str, pk: int) -> HttpResponse:
    owner, row = _source(request, team, pk)
    form = ChangeSourceForm(request.POST or None, initial=ChangeSourceForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            configure.change_source(actor=request.actor, source=row, facts=form.facts, token=form.new_token)
            return redirect(row)
    context = {"team": owner, "section": "sources", "source": row, "form": form}
    return render(request, "sources/change.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def remove_source(request: HubRequest, team: str, pk: int) -> HttpResponse:
    owner, row = _source(request, team, pk)
    if request.method == "POST":
        with tell_outcome(request, "The source was removed; its skills stay."):
            configure.remove_source(actor=request.actor, source=row)
        return redirect("team-sources", owner.handle)
    context = {"team": owner, "section": "sources", "source": row}
    return render(request, "sources/remove.html", context)


@require_POST
def sync_source(request: HubRequest, team: str, pk: int) -> HttpResponse:
    """Read the source now."""
    _, row = _source(request, team, pk)
    sync = ask.ask_for_sync(actor=request.actor, source=row)
    return go_back(request, "source-sync", team, pk, sync.pk)


@require_POST
def plan_source(request: HubRequest, team: str, pk: int) -> HttpResponse:
    """Read the source now, only to say what a sync would change."""
    _, row = _source(request, team, pk)
    plan = ask.ask_for_sync(actor=request.actor, source=row, is_plan=True)
    return go_back(request, "source-sync", team, pk, plan.pk)


@require_GET
def sync(request: HubRequest, team: str, pk: int, sync: int) -> HttpResponse:
    """What one sync found, or one plan would change."""
    owner, row = _source(request, team, pk)
    one: Sync = selectors.find_sync(row, sync)
    context = {
        "team": owner,
        "section": "sources",
        "source": row,
        "sync": one,
        "lines": sync_lines(one, owner),
    }
    return render(request, "sources/sync.html", context)


@require_POST
def webhook(request: HubRequest, team: str, pk: int) -> HttpResponse:
    """A new secret for the webhook, shown this once; or none any more."""
    owner, row = _source(request, team, pk)
    if request.POST.get("on") == "0":
        with tell_outcome(request, "The webhook is off."):
            configure.forget_webhook(actor=request.actor, source=row)
        return go_back(request, "source", team, pk)
    secret = configure.renew_webhook_secret(actor=request.actor, source=row)
    return _source_page(request, owner, selectors.find_source(owner, pk), secret)


def _source(request: HubRequest, team: str, pk: int) -> tuple[Team, Source]:
    """The source, for admins of its team and staff."""
    owner = administered_team(request.actor, team)
    return owner, selectors.find_source(owner, pk)
