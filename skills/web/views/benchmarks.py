"""Bringing a benchmark.json that was measured elsewhere."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from skills.bundles.benchmarks import BENCHMARK
from skills.catalog.selectors import find_skill, find_version
from skills.delivery.content import all_files
from skills.evals.readings import read_outside_benchmarks
from skills.flows import release
from skills.http.actors import HubRequest
from skills.lib.errors import Problem, ProblemSeverity
from skills.people import rules
from skills.people.models import Role

_NO_FILE = Problem("bad_benchmark", "No file was chosen.", "Choose the benchmark.json that your tool wrote.")


@require_http_methods(["GET", "POST"])
def bring(request: HubRequest, team: str, name: str, number: str) -> HttpResponse:
    """Stages the same files with the benchmark among them: it is reviewed and kept like every other file."""
    skill = find_skill(request.actor, team, name)
    version = find_version(request.actor, skill, number)
    rules.role(request.actor, skill.team, Role.MEMBER)
    context: dict[str, object] = {"nav": "home", "version": version, "problems": []}
    if request.method == "GET":
        return render(request, "evals/bring_benchmark.html", context)
    data = _file_of(request)
    found, problems = read_outside_benchmarks({BENCHMARK: data}) if data else ((), [_NO_FILE])
    if not found:
        # In a bundle such a file is only told about; here somebody wants it to be shown.
        faults = [replace(problem, severity=ProblemSeverity.ERROR) for problem in problems]
        return render(request, "evals/bring_benchmark.html", context | {"problems": faults}, status=400)
    report, upload = release.stage(actor=request.actor, content=all_files(version) | {BENCHMARK: data})
    if upload is None:
        context |= {"problems": report.errors}
        return render(request, "evals/bring_benchmark.html", context, status=400)
    return redirect("upload", upload.pk)


def _file_of(request: HttpRequest) -> bytes:
    brought = request.FILES.get("benchmark")
    return brought.read() if brought is not None else b""
