"""Evaluations: the launcher, a run live and when it has ended, its cells and transcripts."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skills.budgets import selectors as budget_selectors
from skills.bundles.eval_cases import AssertionKind
from skills.catalog.selectors import find_skill, find_team, find_version
from skills.catalog.uploads import find_upload
from skills.evals import selectors
from skills.evals.cases import overrule
from skills.evals.estimates import estimate_recheck
from skills.evals.models import Run, RunState, Trial
from skills.evals.results import progress
from skills.evals.usefulness import passed_without, texts_at
from skills.flows.evaluation import control, reporting
from skills.flows.evaluation.gaps import gaps
from skills.flows.evaluation.request import Prepared, prepare_run, request_run
from skills.flows.evaluation.subject import Subject, subject_of_upload, subject_of_version
from skills.http.actors import HubRequest
from skills.http.header_values import attachment
from skills.http.refusals import status_of
from skills.http.streamed_json import streamed_json
from skills.lib import whole_numbers
from skills.lib.diff import diff_lines
from skills.lib.errors import Forbidden, Missing, Refused, missing
from skills.lib.pages import page
from skills.people import rules
from skills.people.models import Role, Team
from skills.portfolio.model_plan import model_plan
from skills.portfolio.models import PortfolioModel
from skills.portfolio.selectors import available
from skills.verdicts import benchmark_json
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED
from skills.verdicts.records import CaseRecord, GradeRecord
from skills.web.evaluation_context import arm_names, evaluation_context
from skills.web.forms.evals import LaunchForm
from skills.web.outcomes import go_back, tell_outcome

_RESUMABLE = (RunState.OUT_OF_BUDGET, RunState.CANCELLED, RunState.FAILED)
_POLL = 2  # seconds between two looks at a run
_CASES = 50  # of the matrix of a run, on one page


@require_GET
def runs(request: HubRequest) -> HttpResponse:
    """The runs of one's teams, the newest first."""
    rules.signed_in(request.actor)
    rows = page(
        selectors.runs_for(request.actor).filter(parent=None),
        "-created_at",
        request.GET.get("cursor", ""),
        30,
    )
    context = {"nav": "evals", "runs": rows.rows, "next": rows.next}
    return render(request, "evals/runs.html", context)


@require_http_methods(["GET", "POST"])
def launch_version(request: HubRequest, team: str, name: str, number: str) -> HttpResponse:
    """Choose models and repeats for a version, see what it needs, start."""
    skill = find_skill(request.actor, team, name)
    version = find_version(request.actor, skill, number)
    rules.role(request.actor, skill.team, Role.MEMBER)
    return _launch(request, subject_of_version(version))


@require_http_methods(["GET", "POST"])
def launch_upload(request: HubRequest, upload_id: uuid.UUID) -> HttpResponse:
    """The same for an upload that is not a version yet."""
    account = rules.scope(request.actor, "publish")
    upload = find_upload(upload_id, account)
    wanted = request.GET.get("team") or request.POST.get("team") or account.username
    team = find_team(request.actor, wanted)
    if team.pk not in request.actor.roles:
        raise missing()
    return _launch(request, subject_of_upload(upload, team))


def _launch(request: HubRequest, subject: Subject) -> HttpResponse:
    """The launcher; its estimate follows what is ticked."""
    choices = request.POST if request.method == "POST" else request.GET
    form = LaunchForm(
        choices if "repeats" in choices else None,
        models=list(available(subject.team)),
        repeats=subject.team.policy.standard_repeats,
    )
    if form.is_bound and form.is_valid():
        prepared = prepare_run(
            actor=request.actor,
            subject=subject,
            model_ids=form.cleaned_data["models"],
            repeats=form.cleaned_data["repeats"],
        )
    else:
        prepared = prepare_run(actor=request.actor, subject=subject)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            run = request_run(actor=request.actor, prepared=prepared)
        except (Missing, Forbidden):
            raise
        except Refused as refused:
            status = status_of(refused)
        else:
            return redirect("run", run.pk)
    context = {
        "nav": "evals",
        "subject": subject,
        "form": form,
        "plan": prepared,
        "gaps": gaps(prepared),
        "cases": _case_lines(prepared),
        "teams": _teams(request, subject),
        "may_connect": request.actor.is_staff,
    }
    template = "evals/estimate.html" if request.htmx else "evals/launch.html"
    return render(request, template, context, status=status)


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """A case as the launcher lists it; `useless` are its assertions that always passed without the skill."""

    label: str
    hidden: bool
    kept: bool  # of an earlier version, which this one changed or dropped
    should_trigger: bool | None
    useless: list[str]
    solved: bool  # whether there is no other assertion in it


def _case_lines(prepared: Prepared) -> list[CaseLine]:
    plans, hidden = prepared.cases.plans, prepared.cases.hidden
    known = passed_without(prepared.subject.skill, list(plans))
    return [
        CaseLine(
            label=plan.label,
            hidden=key in hidden,
            kept=key in prepared.cases.kept,
            should_trigger=plan.should_trigger,
            useless=[] if key in hidden else texts_at(plan.assertions, known.get(key, ())),
            solved=bool(plan.assertions) and len(known.get(key, ())) == len(plan.assertions),
        )
        for key, plan in plans.items()
    ]


def _teams(request: HubRequest, subject: Subject) -> list[Team]:
    """Whose budget and portfolio an upload could use."""
    if subject.upload is None:
        return []
    return list(Team.objects.filter(pk__in=request.actor.team_ids).order_by("personal_of", "handle"))


@require_GET
def run_page(request: HubRequest, pk: int) -> HttpResponse:
    """A run: how far it is, or its verdict and the matrix of its cases."""
    run = _run(request, pk)
    if not run.has_ended:
        template = "evals/progress.html" if request.htmx else "evals/run.html"
        left = budget_selectors.standing(team=run.team).period
        return render(request, template, run_context(request, run) | {"left": left})
    if request.htmx and not request.htmx.boosted:
        answer = HttpResponse()
        # The run has ended while its page was polling: the page of an ended run is another one.
        answer.headers["HX-Refresh"] = "true"
        return answer
    chosen = request.GET.get("filter", "all")
    against = request.GET.get("against", selectors.compared_arm(run))
    if chosen not in selectors.FILTERS or against not in (Arm.BASELINE, Arm.PREVIOUS):
        raise missing()
    rows = selectors.matrix(request.actor, run, chosen, Arm(against))
    start = whole_numbers.from_text(request.GET.get("cursor", ""), 0)
    end = start + _CASES
    context = run_context(request, run) | {
        "rows": rows[start:end],
        "next": end if end < len(rows) else None,
        "count": len(rows),
        "chosen": chosen,
        "against": against,
        "other_arm": _other_arm(run, against),
        "filters": [(name, name.replace("_", " ").capitalize()) for name in selectors.FILTERS],
        "reruns": run.reruns.order_by("-pk"),
    }
    return render(request, "evals/run.html", context)


def _run(request: HubRequest, pk: int) -> Run:
    rules.signed_in(request.actor)
    return selectors.run_by_id(request.actor, pk)


def run_context(request: HubRequest, run: Run) -> dict[str, object]:
    """What every page of a run shows."""
    evaluation = evaluation_context(run)
    done = progress(run)
    may_act = request.actor.has_role(run.team_id, Role.MEMBER)
    return {
        **evaluation,
        "nav": "evals",
        "progress": done,
        "status": _status(run, done),
        "poll": _POLL,
        "money": budget_selectors.spending_of_run(run.pk),
        "arms": [evaluation["titles"][Arm(arm)] for arm in run.arms],
        "may_cancel": may_act and not run.cancel_asked_at,
        "may_resume": may_act and run.state in _RESUMABLE,
        "may_rerun": may_act and run.has_ended,
        "may_connect": request.actor.is_staff,
    }


def _status(run: Run, done: Mapping[str, int]) -> str:
    """What a run that has not ended is doing."""
    if run.state == RunState.QUEUED:
        return "Waiting for its turn"
    if run.cancel_asked_at:
        return "Stopping …"
    return f"{done['done']:,} of {done['total']:,} trials"


def _other_arm(run: Run, against: str) -> str:
    """What the candidate could be compared with instead, "" where there is no choice."""
    if not {Arm.BASELINE, Arm.PREVIOUS} <= set(run.arms):
        return ""
    return Arm.BASELINE if against == Arm.PREVIOUS else Arm.PREVIOUS


@require_GET
def cell_page(request: HubRequest, pk: int, case: str, model: int) -> HttpResponse:
    """One case on one model: candidate beside what it is compared with."""
    run = _run(request, pk)
    found, on, trials = selectors.cell(request.actor, run, case, model)
    against = request.GET.get("against", selectors.compared_arm(run))
    chosen = whole_numbers.from_text(request.GET.get("repeat", ""), 1)
    ours = next((t for t in trials if t.arm == Arm.CANDIDATE and t.repeat == chosen), None)
    theirs = next((t for t in trials if t.arm == against and t.repeat == chosen), None)
    context = run_context(request, run)
    is_reviewer = request.actor.has_role(run.team_id, Role.REVIEWER)
    context |= {
        "case": found,
        "model": on,
        "against": against,
        "other_arm": _other_arm(run, against),
        "their_heading": arm_names(run)[Arm.PREVIOUS] if against == Arm.PREVIOUS else "Without",
        "repeat": chosen,
        "ours": ours,
        "theirs": theirs,
        "assertions": assertions_of(found, ours, theirs, is_reviewer=is_reviewer),
        "repeats": range(1, run.repeats + 1),
        "diff": diff_lines(theirs.output, ours.output) if ours and theirs else [],
    }
    if context["may_rerun"]:
        row = PortfolioModel.objects.select_related("provider", "price").get(pk=model)
        context["again"] = estimate_recheck(run, found, model_plan(row))
    return render(request, "evals/cell.html", context)


@dataclass(frozen=True, kw_only=True)
class AssertionRow:
    """One assertion with both grades, None where there is none."""

    number: int
    text: str
    kind: str
    ours: GradeRecord | None
    theirs: GradeRecord | None
    may_overrule: bool


def assertions_of(
    case: CaseRecord, ours: Trial | None, theirs: Trial | None, *, is_reviewer: bool
) -> list[AssertionRow]:
    """The assertions of a case; those of a trial where the case has none of its own."""
    grades = ours.grades if ours else []
    statements = [(row["text"], row["kind"]) for row in case["assertions"] or grades]
    rows = []
    for number, (text, kind) in enumerate(statements):
        grade = _grade(ours, number)
        rows.append(
            AssertionRow(
                number=number,
                text=text,
                kind=kind,
                ours=grade,
                theirs=_grade(theirs, number),
                may_overrule=bool(
                    is_reviewer and grade and kind == AssertionKind.JUDGE and not grade["overruled"]
                ),
            )
        )
    return rows


def _grade(trial: Trial | None, number: int) -> GradeRecord | None:
    """A grade of TRIAL; `overruled` is who said that the judge was wrong, "" where nobody did."""
    if trial is None or number >= len(trial.grades):
        return None
    grade = trial.grades[number]
    return {**grade, "overruled": grade.get("overruled", "")}


@require_GET
def trial_page(request: HubRequest, pk: int, trial_id: int) -> HttpResponse:
    """The whole transcript of a trial, while the policy keeps it."""
    run = _run(request, pk)
    trial = selectors.trial_by_id(request.actor, run, trial_id)
    case = next(one for one in run.cases if one["key"] == trial.case)
    transcript = getattr(trial, "transcript", None)
    blank = {"text": "", "tool": "", "calls": []}
    rows = [blank | message for message in transcript.messages] if transcript else None
    context = run_context(request, run) | {
        "trial": trial,
        "case": case,
        "transcript": rows,
        "drafts_at": _editor(request, run) if trial.outcome in COUNTED and not trial.passed else "",
    }
    return render(request, "evals/trial.html", context)


def _editor(request: HubRequest, run: Run) -> str:
    """Where the cases of a run's version are written, "" for who may not write them."""
    if run.version is None or run.skill is None or not request.actor.has_role(run.team_id, Role.MEMBER):
        return ""
    return reverse("version-cases", args=[run.skill.team.handle, run.skill.name, run.version.number])


@require_POST
def cancel_run(request: HubRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    with tell_outcome(request, "The run stops."):
        control.cancel(actor=request.actor, run=run)
    return go_back(request, "run", pk)


@require_POST
def resume_run(request: HubRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    with tell_outcome(request, "The run goes on."):
        control.resume(actor=request.actor, run=run)
    return go_back(request, "run", pk)


@require_POST
def recheck_cell(request: HubRequest, pk: int, case: str, model: int) -> HttpResponse:
    """Fresh repeats of one cell, in a run of its own."""
    run = _run(request, pk)
    selectors.cell(request.actor, run, case, model)
    child = control.recheck(actor=request.actor, run=run, case=case, model=model)
    messages.success(request, "The cell runs again; the verdict of the first run follows it.")
    return redirect("run", child.pk)


@require_POST
def overrule_judge(request: HubRequest, pk: int, trial_id: int) -> HttpResponse:
    """A reviewer says that the judge is wrong about one assertion."""
    run = _run(request, pk)
    trial = selectors.trial_by_id(request.actor, run, trial_id)
    with tell_outcome(request, "Your word counts; the judge is measured by it."):
        overrule(
            actor=request.actor,
            trial=trial,
            assertion=whole_numbers.from_text(request.POST.get("assertion", ""), -1),
            passed=request.POST.get("passed") == "1",
            reason=request.POST.get("reason", ""),
        )
        reporting.refresh_report(run_id=run.pk)
    cell = reverse("run-cell", args=[pk, trial.case, trial.model_id])
    return go_back(request, f"{cell}?repeat={trial.repeat}")


@require_GET
def benchmark_download(request: HubRequest, pk: int) -> HttpResponseBase:
    """The run as the ecosystem's benchmark.json."""
    run = _run(request, pk)
    response = streamed_json(benchmark_json.benchmark(run, selectors.trials_shown(request.actor, run)))
    response.headers["Content-Disposition"] = attachment(f"benchmark-{pk}.json")
    return response
