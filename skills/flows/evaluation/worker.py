"""The evaluation story in the worker: claim → run → grade → report → re-run what looks like a regression."""

import logging
import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction

from skills.bundles.manifest import Manifest
from skills.bundles.strict_json import BadJson, load
from skills.catalog.models import Skill
from skills.delivery.content import all_files
from skills.evals import plan as planning
from skills.evals import results, runs
from skills.evals.engines import scripted
from skills.evals.engines.contract import EvalEngine, RunPlan, SkillPlan, TrialPlan
from skills.evals.models import ENDED, HiddenCase, Purpose, Run, RunState, Trial
from skills.evals.selectors import labels_of
from skills.flows.evaluation.request import Subject, catalogue, subject_of_upload, subject_of_version
from skills.flows.release import reindex
from skills.jobs.enqueue import enqueue
from skills.lib import outgoing
from skills.lib.clock import now
from skills.lib.errors import Conflict, Refused, refuse
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role
from skills.portfolio.kinds import KINDS
from skills.portfolio.model_plan import ModelPlan
from skills.portfolio.models import PortfolioModel
from skills.portfolio.provider_keys import decrypt_key
from skills.scans.models import Severity
from skills.scans.scan import run_checks
from skills.verdicts import report
from skills.verdicts.arms import Arm

log = logging.getLogger(__name__)


def work(*, holder: str, engine: EvalEngine | None = None) -> Run | None:
    """The worker's step: take the run whose turn it is and do what is left of it."""
    run = runs.claim(holder)
    if run is None:
        return None
    try:
        ended, problem = _execute(run, holder, engine or _engine())
    except OperationalError:
        raise
    except Exception as error:
        log.exception("run failed", extra={"run": run.pk})
        ended, problem = (
            "failed",
            "; ".join(p.text for p in error.problems)
            if isinstance(error, Refused)
            else (f"{type(error).__name__}: {error}"),
        )
    if ended != "lost":
        _finish(run.pk, holder, ended, problem)
    return run


def _engine() -> EvalEngine:
    from skills.evals.engines.inspect_engine import InspectEngine

    return InspectEngine()


def _execute(run: Run, holder: str, engine: EvalEngine) -> tuple[str, str]:
    """Rebuild the plan from what the run remembers, skip what is done, hand the rest to the engine."""
    subject = _subject_of(run)
    if subject.digest != run.digest:
        raise refuse("digest_changed", "The bytes are not those the run was asked for.")
    if subject.upload is not None and _blocking(subject):
        raise refuse(
            "not_scanned", "The checks found something that blocks this upload.", "Publish it to see what."
        )
    hidden = HiddenCase.objects.filter(skill=subject.skill) if subject.skill else []
    cases = planning.cases_of(subject.files, hidden, catalogue(subject), sandbox=bool(run.sandbox))
    known = {case["key"] for case in run.cases}
    cases = planning.Cases({key: case for key, case in cases.plans.items() if key in known})
    models = {facts["id"]: _with_secret(facts) for facts in run.portfolio}
    judge = _with_secret(run.judge) if run.judge else None
    trials = planning.trials_of(cases, [Arm(arm) for arm in run.arms], models, run.repeats, run.only or ())
    prints = _fingerprints(run, trials, models, judge, cases)
    if run.purpose == Purpose.EVALUATE:
        results.reuse_baseline(run, results.remaining(run, trials), prints)
    plan = RunPlan(
        run.pk,
        run.skill_id,
        cases.plans,
        _offers(run, subject),
        models,
        judge,
        tuple(results.remaining(run, trials)),
        planning.limits(),
        run.sandbox,
        _script(subject),
    )
    deadline = now() + timedelta(seconds=settings.EVAL_RUN_SECONDS)
    sink, ledger = results.RunSink(run, prints), results.RunLedger(run)
    ended = engine.run(plan, ledger, sink, lambda: runs.stop_word(run.pk, holder, deadline))
    words = {
        "out_of_budget": "The budget ended the run.",
        "deadline": "The run took longer than one may take.",
    }
    return ended, words.get(ended, "")


def _subject_of(run: Run) -> Subject:
    if run.version is not None:
        assert run.skill is not None
        run.version.skill = run.skill
        return subject_of_version(run.version)
    if run.upload is None:
        raise refuse("upload_gone", "The upload this run was for has expired.", "Send it again.")
    return subject_of_upload(run.upload, run.team)


def _blocking(subject: Subject) -> bool:
    findings = run_checks(subject.files, subject.manifest)
    return any(finding.severity == Severity.BLOCKING for finding in findings)


def _offers(run: Run, subject: Subject) -> dict[Arm, SkillPlan | None]:
    offers: dict[Arm, SkillPlan | None] = {
        Arm.CANDIDATE: planning.offered(subject.files, subject.manifest),
        Arm.BASELINE: None,
    }
    if Arm.PREVIOUS in run.arms and run.previous is not None:
        previous = Manifest.from_json(run.previous.manifest)
        offers[Arm.PREVIOUS] = planning.offered(all_files(run.previous), previous)
    return {arm: plan for arm, plan in offers.items() if arm in run.arms}


def _script(subject: Subject) -> Mapping[str, Any]:
    try:
        value = load(subject.files.get(scripted.FILE, b"{}"), scripted.FILE)
    except BadJson:
        return {}
    return value if isinstance(value, dict) else {}


def _with_secret(facts: Mapping[str, Any]) -> ModelPlan:
    """A model as the run remembers it, with its provider's key of today."""
    row = PortfolioModel.objects.select_related("provider").get(pk=facts["id"])
    if row.blocked:
        raise refuse("model_blocked", f"{row.label} is blocked: {row.blocked}", "Ask staff to look at it.")
    secret = decrypt_key(row.provider.secret) or os.environ.get(KINDS[row.provider.kind].key_variable, "")
    price = tuple(facts["price"]) if facts["price"] else None
    return ModelPlan(**dict(facts) | {"secret": secret, "price": price})


def _fingerprints(
    run: Run,
    trials: Sequence[TrialPlan],
    models: Mapping[int, ModelPlan],
    judge: ModelPlan | None,
    cases: planning.Cases,
) -> dict[results.Cell, str]:
    digests = {
        Arm.CANDIDATE: run.digest,
        Arm.BASELINE: "",
        Arm.PREVIOUS: run.previous.digest if run.previous else "",
    }
    return {
        results.cell_of(trial): planning.fingerprint(
            trial, models[trial.model], judge, digests[trial.arm], cases.plans[trial.case], run.sandbox
        )
        for trial in trials
    }


def _finish(run_id: int, holder: str, ended: str, problem: str) -> None:
    """End the run, write its report, call for re-runs of what looks like a regression, tell who asked."""
    states = {
        "": RunState.DONE,
        "cancelled": RunState.CANCELLED,
        "out_of_budget": RunState.OUT_OF_BUDGET,
    }
    with transaction.atomic():
        run = locked(run_id)
        if run.worker != holder:
            return
        runs.end(run, states.get(ended, RunState.FAILED), problem)
        write_report(locked(run.parent_id) if run.parent_id else run)
        if run.state == RunState.DONE and not run.parent_id:
            _rerun_suspected(run)
            _show_tested(run)
        text = f"The evaluation of {run.name} {run.get_state_display().lower()}"
        if run.state == RunState.DONE and run.evaluation:
            text = f"{run.name}: {run.evaluation.sentence}"
        if not run.parent_id:
            tell([run.requested_by], Kind.EVALUATED, text, run.get_absolute_url())
        if run.webhook:
            enqueue("call_webhook", key=f"webhook:{run.pk}", run_id=run.pk)


def _show_tested(run: Run) -> None:
    """Let searches know the models that the version readers see was evaluated on, and its lift."""
    if run.skill_id is None or run.version_id is None or run.is_scripted:
        return
    rows = Skill.objects.select_for_update(of=("self",)).select_related("team", "shown")
    if skill := rows.filter(pk=run.skill_id, shown_id=run.version_id).first():
        reindex(skill)


def locked(run_id: int) -> Run:
    rows = Run.objects.select_related("team", "skill__team", "requested_by", "version", "previous", "parent")
    return rows.select_for_update(of=("self",)).get(pk=run_id)


def write_report(run: Run) -> None:
    """Compute the report of a locked run again from its rows and those of its re-runs."""
    fresh = Trial.objects.filter(run__parent=run, run__purpose=Purpose.REGRESSION)
    made = report.make(
        cases=run.cases,
        models=run.portfolio,
        arms=run.arms,
        total=run.total,
        rows=list(Trial.objects.filter(run=run).defer("output")),
        fresh=list(fresh.defer("output")),
        labels=labels_of(run),
    )
    run.report = made.to_json()
    run.save(update_fields=["report"])


def refresh_report(*, run_id: int) -> None:
    """Compute a report again, after a person has overruled the judge."""
    with transaction.atomic():
        write_report(locked(run_id))


def _rerun_suspected(run: Run) -> None:
    cells = run.evaluation.suspected if run.evaluation else []
    if cells and not run.reruns.exists():
        runs.rerun(run, cells, run.requested_by)


def recheck(*, actor: Actor, run: Run, case: str, model: int) -> Run:
    """Somebody wants fresh repeats of one cell."""
    by = rules.role(actor, run.team, Role.MEMBER)
    if not run.has_ended:
        raise refuse("run_open", "The run is still going on.", kind=Conflict)
    if run.reruns.exclude(state__in=ENDED).exists():
        raise refuse("run_open", "A re-run is under way already.", kind=Conflict)
    with transaction.atomic():
        return runs.rerun(run, [(case, model)], by)


def cancel(*, actor: Actor, run: Run) -> None:
    runs.cancel(run, rules.role(actor, run.team, Role.MEMBER))


def resume(*, actor: Actor, run: Run) -> None:
    runs.resume(run, rules.role(actor, run.team, Role.MEMBER))


def call_webhook(*, run_id: int) -> None:
    """Tell the address a run was asked for with that it has ended; the receiver reads the rest by API."""
    run = Run.objects.get(pk=run_id)
    body = {
        "run": run.pk,
        "state": run.state,
        "name": run.name,
        "url": f"{settings.PUBLIC_URL}/api/v1/runs/{run.pk}",
    }
    try:
        status = outgoing.post_json(run.webhook, body)
    except outgoing.NotAllowed as refusal:
        log.warning("webhook refused", extra={"run": run.pk, "reason": str(refusal)})
        return
    if status >= 500:
        raise OSError(f"The webhook answered {status}.")
