"""The evaluation story in the worker: claim → run → grade → report → re-run what looks like a regression."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import OperationalError, transaction

from skills.bundles.manifest import Manifest
from skills.catalog.models import Skill
from skills.delivery.content import all_files
from skills.evals import plan as planning
from skills.evals import results, runs
from skills.evals.engines.contract import EvalEngine, RunPlan, SkillPlan, StopCheck, StopReason, TrialPlan
from skills.evals.models import Purpose, Run, RunState
from skills.evals.readings import script_of
from skills.flows.evaluation import rerun
from skills.flows.evaluation.kept_cases import kept_plans
from skills.flows.evaluation.nearness import nearness
from skills.flows.evaluation.notices import tell_ended
from skills.flows.evaluation.reporting import draft_of, locked_run, write_report
from skills.flows.evaluation.request import cases_of
from skills.flows.evaluation.subject import Subject, subject_of_upload, subject_of_version
from skills.flows.published import reindex
from skills.jobs.enqueue import enqueue
from skills.lib import outgoing
from skills.lib.clock import now
from skills.lib.errors import refuse
from skills.lib.plain_causes import plain_cause
from skills.portfolio.model_plan import ModelPlan
from skills.portfolio.models import PortfolioModel
from skills.portfolio.provider_keys import key_of
from skills.scans.checks.contract import NeverFinishes, Severity
from skills.scans.scan import run_checks
from skills.verdicts.arms import Arm
from skills.verdicts.records import ModelRecord

log = logging.getLogger(__name__)

# How a run ends and what its page says, by why its engine stopped; None when every trial has ended.
_ENDINGS: dict[StopReason | None, tuple[RunState, str]] = {
    None: (RunState.DONE, ""),
    StopReason.CANCELLED: (RunState.CANCELLED, ""),
    StopReason.OUT_OF_BUDGET: (RunState.OUT_OF_BUDGET, "The budget ended the run."),
    StopReason.DEADLINE: (RunState.FAILED, "The run took longer than one may take."),
}


def work(*, holder: str, engine: EvalEngine | None = None) -> Run | None:
    """The worker's step: take the run whose turn it is and do what is left of it."""
    run = runs.claim(holder)
    if run is None:
        return None
    try:
        stopped = _execute(run, holder, engine or _inspect_engine())
    except OperationalError:
        raise  # the database is away: the job is called again, and the run goes on
    except Exception as error:
        log.exception("run failed", extra={"run": run.pk})
        _finish(run.pk, holder, RunState.FAILED, plain_cause(error))
    else:
        if stopped != StopReason.LOST:
            _finish(run.pk, holder, *_ENDINGS[stopped])
    return run


def _inspect_engine() -> EvalEngine:
    from skills.evals.engines.inspect_engine import InspectEngine

    return InspectEngine()


def _execute(run: Run, holder: str, engine: EvalEngine) -> StopReason | None:
    """Rebuild the plan from what the run remembers, skip what is done, hand the rest to the engine."""
    subject = _subject_of(run)
    _refuse_unfit(run, subject)
    deadline = now() + timedelta(seconds=settings.EVAL_RUN_SECONDS)
    execution = _Execution(
        run=run,
        subject=subject,
        cases=_remembered_cases(run, subject),
        models={record["id"]: _with_secret(record) for record in run.portfolio},
        judge=_with_secret(run.judge) if run.judge else None,
        engine=engine,
        should_stop=lambda: runs.stop_reason(run.pk, holder, deadline),
    )
    return execution.in_rounds() if run.purpose == Purpose.REGRESSION else execution.at_once()


@dataclass(frozen=True, kw_only=True)
class _Execution:
    """A run with all that its engine needs."""

    run: Run
    subject: Subject
    cases: planning.Cases
    models: Mapping[int, ModelPlan]
    judge: ModelPlan | None
    engine: EvalEngine
    should_stop: StopCheck

    def at_once(self) -> StopReason | None:
        """Every trial of the plan."""
        run = self.run
        only = {(case, model) for case, model in run.only or ()}
        trials = planning.trials_of(self.cases, run.arms, self.models, run.repeats, only)
        fingerprints = self._fingerprints(trials)
        if run.purpose == Purpose.EVALUATE:
            results.reuse_baseline(run, results.remaining(run, trials), fingerprints)
        return self._hand_over(results.remaining(run, trials), fingerprints)

    def in_rounds(self) -> StopReason | None:
        """Fresh repeats of suspected cells, a few at a time, until every cell is decided."""
        before: list[TrialPlan] = []
        while wanted := rerun.open_trials(self.run):
            trials = rerun.affordable(
                self.run, wanted, cases=self.cases, models=self.models, judge=self.judge
            )
            # Else a fault of an engine would keep its worker here for ever.
            assert trials != before, "The engine left trials out."
            runs.grow(self.run, trials)
            if stopped := self._hand_over(trials, self._fingerprints(trials)):
                return stopped
            before = trials
        return None

    def _fingerprints(self, trials: Sequence[TrialPlan]) -> dict[results.Cell, str]:
        digests = {
            Arm.CANDIDATE: self.run.digest,
            Arm.BASELINE: "",
            Arm.PREVIOUS: self.run.previous.digest if self.run.previous else "",
        }
        return {
            results.cell_of(trial): planning.fingerprint(
                trial,
                case=self.cases.plans[trial.case],
                digest=digests[trial.arm],
                model=self.models[trial.model],
                judge=self.judge,
                sandbox=self.run.sandbox,
            )
            for trial in trials
        }

    def _hand_over(
        self, trials: Sequence[TrialPlan], fingerprints: Mapping[results.Cell, str]
    ) -> StopReason | None:
        plan = RunPlan(
            run_id=self.run.pk,
            skill_id=self.run.skill_id,
            cases=self.cases.plans,
            arms={arm: _skill_of(arm, self.run, self.subject) for arm in self.run.arms},
            models=self.models,
            judge=self.judge,
            trials=tuple(trials),
            limits=planning.limits(),
            sandbox=self.run.sandbox,
            script=script_of(self.subject.files),
            nearness=nearness if settings.EMBED else None,
        )
        ledger, sink = results.RunLedger(self.run), results.RunSink(self.run, fingerprints)
        return self.engine.run(plan, ledger, sink, self.should_stop)


def _subject_of(run: Run) -> Subject:
    if run.version is not None:
        assert run.skill is not None
        run.version.skill = run.skill
        return subject_of_version(run.version)
    if run.upload is None:
        raise refuse("upload_gone", "The upload this run was for has expired.", "Send it again.")
    return subject_of_upload(run.upload, run.team)


def _refuse_unfit(run: Run, subject: Subject) -> None:
    """Refuse what may not run. An upload has been through no scan yet, so it is checked here."""
    if subject.digest != run.digest:
        raise refuse("digest_changed", "The bytes are not those the run was asked for.")
    # Asked for in an earlier release, which let a script judge models and models judge a script.
    if run.is_scripted and not (run.is_demonstration and (run.judge is None or run.is_judged_by_script)):
        raise refuse("scripts_and_models", "Scripts and models run in no evaluation together.", "Ask anew.")
    if subject.upload is None:
        return
    try:
        findings = run_checks(subject.files, subject.manifest).findings
    except NeverFinishes as error:
        text = f"The checks did not finish: {plain_cause(error)}"
        raise refuse("not_scanned", text, "Make the file smaller, then send it again.") from error
    if any(finding.severity == Severity.BLOCKING for finding in findings):
        text = "The checks found something that blocks this upload."
        raise refuse("not_scanned", text, "Publish it to see what.")


def _remembered_cases(run: Run, subject: Subject) -> planning.Cases:
    """Only the cases that were asked for: hidden ones may have been added since."""
    # The sandbox of the request, not of today: it decides which cases there are.
    cases = cases_of(subject, has_sandbox=bool(run.sandbox))
    keys = {case["key"] for case in run.cases}
    plans = {key: plan for key, plan in cases.plans.items() if key in keys}
    kept = {case["key"]: case["kept_from"] for case in run.cases if "kept_from" in case}
    plans |= kept_plans(kept, subject, has_sandbox=bool(run.sandbox))
    return planning.Cases(plans=plans, kept=kept)


def _skill_of(arm: Arm, run: Run, subject: Subject) -> SkillPlan | None:
    """What a model is offered in ARM."""
    if arm == Arm.BASELINE:
        return None
    if arm == Arm.CANDIDATE:
        return planning.skill_plan(subject.files, subject.manifest)
    assert run.previous is not None
    return planning.skill_plan(all_files(run.previous), Manifest.from_json(run.previous.manifest))


def _with_secret(record: ModelRecord) -> ModelPlan:
    """A model as the run remembers it, with its provider's key of today."""
    row = PortfolioModel.objects.select_related("provider").get(pk=record["id"])
    if row.blocked:
        raise refuse("model_blocked", f"{row.label} is blocked: {row.blocked}", "Ask staff to look at it.")
    return planning.remembered_model(record, key_of(row.provider))


def _finish(run_id: int, holder: str, state: RunState, problem: str) -> None:
    """End the run, write its report, call for re-runs of what looks like a regression, tell who asked."""
    reported_id = Run.objects.values_list("parent_id", flat=True).get(pk=run_id) or run_id
    draft = draft_of(Run.objects.get(pk=reported_id))
    with transaction.atomic():
        run = locked_run(run_id)
        # Another worker has the run now, and it is that worker's to end.
        if run.worker != holder:
            return
        runs.end(run, state, problem)
        write_report(locked_run(run.parent_id) if run.parent_id else run, draft)
        if not run.parent_id and run.state == RunState.DONE:
            _rerun_suspected(run)
            _reindex_if_shown(run)
        tell_ended(run)
        if run.webhook:
            enqueue("call_webhook", key=f"webhook:{run.pk}", run_id=run.pk)


def _rerun_suspected(run: Run) -> None:
    suspected = run.evaluation.suspected if run.evaluation else []
    if suspected and not run.reruns.exists():
        runs.rerun(run, suspected, run.requested_by)


def _reindex_if_shown(run: Run) -> None:
    """Let searches know the models that the version readers see was evaluated on, and its lift."""
    if run.skill_id is None or run.version_id is None or run.is_scripted:
        return
    skills = Skill.objects.select_for_update(of=("self",)).select_related("team", "shown")
    if skill := skills.filter(pk=run.skill_id, shown_id=run.version_id).first():
        reindex(skill)


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
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # the job fails and is tried again
        raise OSError(f"The webhook answered {status}.")
