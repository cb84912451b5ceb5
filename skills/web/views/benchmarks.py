"""Bringing a benchmark.json that was measured elsewhere."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from skills.catalog.models import Version
from skills.catalog.selectors import find_skill, find_version
from skills.flows.outside_benchmarks import stage_with_benchmark
from skills.http.actors import HubRequest
from skills.http.refusals import status_of
from skills.lib.errors import Forbidden, Missing, Problem, Refused
from skills.people import rules
from skills.people.models import Role


@require_http_methods(["GET", "POST"])
def bring(request: HubRequest, team: str, name: str, number: str) -> HttpResponse:
    """Stages the same files with the benchmark among them: it is reviewed and kept like every other file."""
    skill = find_skill(request.actor, team, name)
    version = find_version(request.actor, skill, number)
    rules.role(request.actor, skill.team, Role.MEMBER)
    if request.method == "GET":
        return _page(request, version)
    try:
        report, upload = stage_with_benchmark(actor=request.actor, version=version, data=_file_of(request))
    except (Forbidden, Missing):
        raise
    except Refused as refused:
        return _page(request, version, refused.problems, status=status_of(refused))
    return redirect("upload", upload.pk) if upload else _page(request, version, report.errors, status=400)


def _page(
    request: HttpRequest, version: Version, problems: Sequence[Problem] = (), *, status: int = 200
) -> HttpResponse:
    context = {"nav": "home", "version": version, "problems": problems}
    return render(request, "evals/bring_benchmark.html", context, status=status)


def _file_of(request: HttpRequest) -> bytes:
    brought = request.FILES.get("benchmark")
    return brought.read() if brought is not None else b""
