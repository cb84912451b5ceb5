"""What was imported into a team, and what became of each skill."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from skills.catalog.imports import ImportRun
from skills.flows.intake.changes import Change, ChangeKind
from skills.http.actors import HubRequest
from skills.lib.errors import missing
from skills.lib.pages import page
from skills.web.lookups import administered_team

_ON_A_PAGE = 50


@require_GET
def imports(request: HubRequest, team: str) -> HttpResponse:
    """The imports of a team, the newest first."""
    owner = administered_team(request.actor, team)
    runs = ImportRun.objects.filter(team=owner).select_related("team", "by")
    rows = page(runs, "-id", request.GET.get("cursor", ""), _ON_A_PAGE)
    context = {"team": owner, "section": "imports", "runs": rows.rows, "next": rows.next}
    return render(request, "imports/list.html", context)


@require_GET
def one_import(request: HubRequest, team: str, pk: int) -> HttpResponse:
    """A line for each skill that was found; those that did not change stand folded below the others."""
    owner = administered_team(request.actor, team)
    run = ImportRun.objects.filter(team=owner, pk=pk).select_related("team", "by").first()
    if run is None:
        raise missing()
    lines = [Change.from_json(line) for line in run.report["skills"]]
    quiet = (ChangeKind.UNCHANGED, ChangeKind.COPY)
    context = {
        "team": owner,
        "section": "imports",
        "run": run,
        "lines": [line for line in lines if line.kind not in quiet],
        "unchanged": [line for line in lines if line.kind in quiet],
    }
    return render(request, "imports/import.html", context)
