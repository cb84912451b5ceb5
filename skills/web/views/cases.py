"""Writing cases: `evals.json` in the browser, and hidden cases for reviewers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from skills.bundles.eval_cases import Evals
from skills.bundles.evals import CASES
from skills.catalog.models import Version
from skills.catalog.selectors import find_skill, find_version
from skills.delivery.content import all_files
from skills.evals.case_text import as_lines, evals_json
from skills.evals.cases import hide, unhide
from skills.evals.models import CaseDraft, DraftSource, HiddenCase
from skills.evals.plan import cases_of
from skills.evals.readings import read_written_cases
from skills.evals.usefulness import passed_without, texts_at
from skills.flows import release
from skills.flows.evaluation.drafting import draft_by_id, drafters, request_draft
from skills.http.actors import HubRequest
from skills.lib import whole_numbers
from skills.lib.errors import Forbidden, Missing, Problem, ProblemSeverity, Refused, missing
from skills.people import rules
from skills.people.models import Role
from skills.web.forms.evals import HiddenCaseForm
from skills.web.outcomes import go_back, tell_outcome

_MOST_ROWS = 200  # of the form


@dataclass(frozen=True, kw_only=True)
class EditorRow:
    """One case in the editor; `useless` are its assertions that always passed without the skill so far."""

    id: str = ""
    prompt: str = ""
    expected: str = ""
    assertions: str = ""
    useless: list[str] = field(default_factory=list)
    proposed: bool = False  # by a model; nothing of it is kept yet


_TYPED = ("id", "prompt", "expected", "assertions")  # what the form sends of a case


@require_http_methods(["GET", "POST"])
def edit(request: HubRequest, team: str, name: str, number: str) -> HttpResponse:
    """The cases of a version as a form; saving stages the same files with a new evals.json."""
    version = _version(request, team, name, number)
    draft = _draft(request, version)
    if draft is not None and request.htmx and not request.htmx.boosted:
        return render(request, "evals/draft_state.html", {"version": version, "draft": draft})
    files = all_files(version)
    before, _ = read_written_cases(files)
    if request.method == "GET":
        proposed = [EditorRow(**row, proposed=True) for row in draft.rows] if draft else []
        return _form(request, version, [*_rows(version, before, files), *proposed], draft=draft)
    rows = _posted(request)
    if "more" in request.POST:
        return _form(request, version, rows)
    typed = [{name: getattr(row, name) for name in _TYPED} for row in rows]
    content = files | {CASES: evals_json(version.skill.name, typed, before)}
    # Elsewhere a fault in evals.json is only told; here somebody is writing it.
    _, problems = read_written_cases(content)
    if faults := [problem for problem in problems if problem.severity != ProblemSeverity.NOTE]:
        return _form(request, version, rows, problems=faults)
    report, upload = release.stage(actor=request.actor, content=content)
    if upload is None:
        return _form(request, version, rows, problems=report.errors)
    return redirect("upload", upload.pk)


def _version(request: HubRequest, team: str, name: str, number: str) -> Version:
    """A version whose cases one may write."""
    skill = find_skill(request.actor, team, name)
    version = find_version(request.actor, skill, number)
    rules.role(request.actor, skill.team, Role.MEMBER)
    return version


def _draft(request: HubRequest, version: Version) -> CaseDraft | None:
    """The draft that the address names; raises Missing where it is somebody else's or of another version."""
    if "draft" not in request.GET:
        return None
    draft = draft_by_id(request.actor, whole_numbers.from_text(request.GET["draft"], 0))
    if draft.version_id != version.pk:
        raise missing()
    return draft


def _rows(version: Version, evals: Evals, files: Mapping[str, bytes]) -> list[EditorRow]:
    plans = cases_of(files, (), (), sandbox=True).plans
    known = passed_without(version.skill, list(plans))
    useless = {plan.label: texts_at(plan.assertions, known.get(key, ())) for key, plan in plans.items()}
    return [
        EditorRow(
            id=case.id,
            prompt=case.prompt,
            expected=case.expected,
            assertions=as_lines(case.assertions),
            useless=useless.get(case.id, []),
        )
        for case in evals.cases
    ]


def _posted(request: HubRequest) -> list[EditorRow]:
    columns = [request.POST.getlist(name) for name in _TYPED]
    rows = zip(*columns, strict=False)
    return [EditorRow(**dict(zip(_TYPED, values, strict=True))) for values in rows][:_MOST_ROWS]


def _form(
    request: HubRequest,
    version: Version,
    rows: list[EditorRow],
    *,
    problems: Sequence[Problem] = (),
    draft: CaseDraft | None = None,
) -> HttpResponse:
    if not rows or rows[-1].prompt:
        rows = [*rows, EditorRow()]
    context = {
        "nav": "home",
        "version": version,
        "rows": rows,
        "problems": problems,
        "draft": draft,
        "drafters": drafters(version),
        "sources": DraftSource.choices[:2],
        "chosen": request.GET.get("source", DraftSource.SKILL),
        "trial": whole_numbers.from_text(request.GET.get("trial", ""), 0),
    }
    return render(request, "evals/edit.html", context, status=400 if problems else 200)


@require_POST
def draft_cases(request: HubRequest, team: str, name: str, number: str) -> HttpResponse:
    """Have a model propose cases; the editor shows them when it has answered."""
    version = _version(request, team, name, number)
    editor = reverse("version-cases", args=[team, name, number])
    with tell_outcome(request, "The model is asked."):
        draft = request_draft(
            actor=request.actor,
            version=version,
            source=request.POST.get("source", ""),
            model_id=whole_numbers.from_text(request.POST.get("model", ""), None),
            trial_id=whole_numbers.from_text(request.POST.get("trial", ""), None),
        )
        return redirect(f"{editor}?draft={draft.pk}#draft")
    return redirect(f"{editor}#draft")


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
