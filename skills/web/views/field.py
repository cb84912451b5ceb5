"""Agents at work: how to point them here, and what they use that nobody reviewed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from skills.http.actors import HubRequest
from skills.lib.pages import page
from skills.people import rules
from skills.people.models import Team
from skills.people.paying import paying_teams
from skills.usage import unreviewed
from skills.usage.heard import heard_of
from skills.usage.keeping import keepers
from skills.usage.wish import counts_telemetry, wish
from skills.web.agent_setup import setups
from skills.web.lookups import administered_team
from skills.web.outcomes import go_back, tell_outcome

_ON_A_PAGE = 50


@require_GET
def agents_here(request: HubRequest) -> HttpResponse:
    """How each agent tells of its calls, with the address of this instance."""
    owner = rules.person(request.actor)
    paying = paying_teams(request.actor)
    teams = Team.objects.filter(pk__in=[*paying.shared.values(), paying.own])
    context = {"setups": setups(), "heard": heard_of(owner), "keepers": keepers(teams.order_by("handle"))}
    return render(request, "people/agents.html", context)


@require_GET
def unreviewed_skills(request: HubRequest, team: str) -> HttpResponse:
    """Skills that a team's agents use and nobody reviewed, and whether telemetry counts."""
    owner = administered_team(request.actor, team)
    rows = unreviewed.unreviewed_of(request.actor, owner)
    found = page(rows, "-last_seen_at", request.GET.get("cursor", ""), _ON_A_PAGE)
    context = {
        "team": owner,
        "section": "unreviewed",
        "rows": found.rows,
        "next": found.next,
        "counts_telemetry": counts_telemetry(owner),
    }
    return render(request, "teams/unreviewed.html", context)


@require_POST
def forget_unreviewed(request: HubRequest, team: str, pk: int) -> HttpResponse:
    owner = administered_team(request.actor, team)
    unreviewed.forget(actor=request.actor, team=owner, pk=pk)
    return go_back(request, "team-unreviewed", team)


@require_POST
def set_telemetry(request: HubRequest, team: str) -> HttpResponse:
    """Have telemetry count against the team's budgets, or no more."""
    owner = administered_team(request.actor, team)
    with tell_outcome(request, "Saved."):
        wish(actor=request.actor, team=owner, counts=request.POST.get("counts") == "1")
    return go_back(request, "team-unreviewed", team)
