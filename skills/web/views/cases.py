"""Writing cases: `evals.json` in the browser, and hidden cases for reviewers."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from skills.bundles.eval_cases import Evals
from skills.bundles.evals import CASES
from skills.catalog.selectors import find_skill, find_version
from skills.delivery.content import all_files
from skills.evals.cases import as_lines, evals_json, hide, unhide
from skills.evals.models import HiddenCase
from skills.evals.readings import read_written_cases
from skills.flows import release
from skills.http.actors import HubRequest
from skills.lib.errors import Forbidden, Missing, Problem, ProblemSeverity, Refused
from skills.people import rules
from skills.people.models import Role
from skills.web.forms.evals import HiddenCaseForm
from skills.web.outcomes import go_back, tell_outcome

_BLANK = {"id": "", "prompt": "", "expected": "", "assertions": ""}


@require_http_methods(["GET", "POST"])
def edit(request: HubRequest, team: str, name: str, number: str) -> HttpResponse:
    """The cases of a version as a form; saving stages the same files with a new evals.json."""
    skill = find_skill(request.actor, team, name)
    version = find_version(request.actor, skill, number)
    rules.role(request.actor, skill.team, Role.MEMBER)
    files = all_files(version)
    before, _ = read_written_cases(files)
    if request.method == "GET":
        return _form(request, version, _rows(before))
    rows = _posted(request)
    if "more" in request.POST:
        return _form(request, version, rows)
    content = files | {CASES: evals_json(skill.name, rows, before)}
    # Elsewhere a fault in evals.json is only told; here somebody is writing it.
    _, problems = read_written_cases(content)
    if faults := [problem for problem in problems if problem.severity != ProblemSeverity.NOTE]:
        return _form(request, version, rows, faults, status=400)
    report, upload = release.stage(actor=request.actor, content=content)
    if upload is None:
        return _form(request, version, rows, report.errors, status=400)
    return redirect("upload", upload.pk)


def _rows(evals: Evals) -> list[dict[str, str]]:
    rows = [
        {
            "id": case.id,
            "prompt": case.prompt,
            "expected": case.expected,
            "assertions": as_lines(case.assertions),
        }
        for case in evals.cases
    ]
    return [*rows, dict(_BLANK)]


def _posted(request: HubRequest) -> list[dict[str, str]]:
    columns = [request.POST.getlist(name) for name in _BLANK]
    return [dict(zip(_BLANK, values, strict=True)) for values in zip(*columns, strict=False)][:200]


def _form(
    request: HubRequest,
    version: object,
    rows: list[dict[str, str]],
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    if rows and rows[-1]["prompt"]:
        rows = [*rows, dict(_BLANK)]
    context = {"nav": "home", "version": version, "rows": rows, "problems": problems}
    return render(request, "evals/edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def hidden(request: HubRequest, team: str, name: str) -> HttpResponse:
    """Cases that reviewers keep outside the bundle."""
    skill = find_skill(request.actor, team, name)
    rules.role(request.actor, skill.team, Role.REVIEWER)
    form = HiddenCaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hide(actor=request.actor, skill=skill, **form.cleaned_data)
        except (Missing, Forbidden):
            raise
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("skill-hidden", team, name)
    rows = HiddenCase.objects.filter(skill=skill).select_related("created_by").order_by("name")
    context = {"nav": "home", "skill": skill, "form": form, "cases": rows}
    return render(request, "evals/hidden.html", context, status=400 if form.errors else 200)


@require_POST
def delete_hidden(request: HubRequest, team: str, name: str, pk: int) -> HttpResponse:
    skill = find_skill(request.actor, team, name)
    rules.role(request.actor, skill.team, Role.REVIEWER)
    case = get_object_or_404(HiddenCase.objects.select_related("skill__team"), pk=pk, skill=skill)
    with tell_outcome(request, "The case was deleted."):
        unhide(actor=request.actor, case=case)
    return go_back(request, "skill-hidden", team, name)
