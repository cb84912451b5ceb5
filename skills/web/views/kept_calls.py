"""Prompts and answers that a team keeps: whether it does, what is there, and one call to read."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from skills.http.actors import HubRequest
from skills.lib.pages import page
from skills.lib.whole_numbers import from_text
from skills.people.models import Role
from skills.usage import keeping
from skills.web.lookups import administered_team
from skills.web.outcomes import go_back, tell_outcome

_ON_A_PAGE = 50


@require_GET
def of_team(request: HubRequest, team: str) -> HttpResponse:
    """The setting, for who administers the team; what was kept, for its own admins alone."""
    owner = administered_team(request.actor, team)
    context = {
        "team": owner,
        "section": "kept",
        "keeper": keeping.keeper(owner),
        "most": keeping.MOST_DAYS,
        "reads": request.actor.has_role(owner.pk, Role.ADMIN),
        "rows": [],
    }
    if context["reads"]:
        calls = keeping.kept_of_team(request.actor, owner)
        found = page(calls, "-at", request.GET.get("cursor", ""), _ON_A_PAGE)
        context |= {"rows": found.rows, "next": found.next}
    return render(request, "teams/kept_calls.html", context)


@require_POST
def set_days(request: HubRequest, team: str) -> HttpResponse:
    owner = administered_team(request.actor, team)
    with tell_outcome(request, "Saved. The team’s people are told."):
        days = from_text(request.POST.get("days", ""), -1, least=0, most=keeping.MOST_DAYS + 1)
        keeping.keep_calls(actor=request.actor, team=owner, days=-1 if days is None else days)
    return go_back(request, "team-kept-calls", team)


@require_GET
def own(request: HubRequest) -> HttpResponse:
    """What teams keep of the reader's own calls."""
    calls = keeping.kept_of_person(request.actor)
    found = page(calls, "-at", request.GET.get("cursor", ""), _ON_A_PAGE)
    return render(request, "people/kept_calls.html", {"rows": found.rows, "next": found.next})


@require_GET
def one(request: HubRequest, pk: uuid.UUID) -> HttpResponse:
    call, text = keeping.read_kept(request.actor, pk)
    return render(request, "people/kept_call.html", {"call": call, "text": text})
