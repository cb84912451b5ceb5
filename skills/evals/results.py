"""Keeps what an engine hands back, once each, and finds earlier results that may stand for new ones."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from skills.catalog.models import Version
from skills.evals.engines.contract import Result, TrialPlan
from skills.evals.models import CaseDraft, Run, Transcript, Trial
from skills.lib.clock import now
from skills.portfolio.call_ledger import CallLedger
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED

Cell = tuple[str, Arm, int, int]  # case, arm, model, repeat


class RunSink:
    """See engines.contract.Sink: rows in batches; a trial that is there already stays as it is."""

    def __init__(self, run: Run, fingerprints: Mapping[Cell, str]) -> None:
        self.run, self.fingerprints = run, fingerprints

    def take(self, results: list[Result]) -> None:
        rows = [self._row(result) for result in results]
        with transaction.atomic():
            Trial.objects.bulk_create(rows, ignore_conflicts=True)
            # A worker that gets on is not a broken run: MOST_TRIES counts tries without any result.
            Run.objects.filter(pk=self.run.pk).update(tries=1)
            # bulk_create does not say which rows it ignored, so they are read again.
            bare = Trial.objects.filter(run=self.run, case__in={row.case for row in rows}, transcript=None)
            bare = bare.only("case", "arm", "model_id", "repeat")
            trials = {cell(trial): trial for trial in bare}
            Transcript.objects.bulk_create(
                Transcript(trial=trials[cell_of(result.trial)], messages=list(result.messages))
                for result in results
                if cell_of(result.trial) in trials
            )

    def _row(self, result: Result) -> Trial:
        trial = result.trial
        return Trial(
            run=self.run,
            case=trial.case,
            arm=trial.arm,
            model_id=trial.model,
            repeat=trial.repeat,
            outcome=result.outcome,
            passed=result.passed,
            grades=list(result.grades),
            invoked=result.invoked,
            output=result.output,
            cause=str(result.failure or ""),
            problem=result.problem,
            input_tokens=result.usage.sent,
            output_tokens=result.usage.output,
            judge_tokens=result.judge_usage.total,
            micros=result.micros,
            seconds=result.seconds,
            tool_calls=result.tool_calls,
            served_model=result.served_model,
            fingerprint=self.fingerprints.get(cell_of(trial), ""),
        )


def cell(row: Trial) -> Cell:
    return row.case, row.arm, row.model_id, row.repeat


def cell_of(trial: TrialPlan) -> Cell:
    return trial.case, trial.arm, trial.model, trial.repeat


def remaining(run: Run, trials: Sequence[TrialPlan]) -> list[TrialPlan]:
    """The trials of which there is no row yet."""
    ended = set(Trial.objects.filter(run=run).values_list("case", "arm", "model_id", "repeat"))
    return [trial for trial in trials if cell_of(trial) not in ended]


def reuse_baseline(run: Run, trials: Sequence[TrialPlan], fingerprints: Mapping[Cell, str]) -> int:
    """Copy baseline results of this skill whose fingerprint still holds; returns how many."""
    wanted = [trial for trial in trials if trial.arm == Arm.BASELINE]
    since = now() - timedelta(days=settings.EVAL_REUSE_DAYS)
    old = Trial.objects.filter(
        fingerprint__in={fingerprints[cell_of(trial)] for trial in wanted},
        outcome__in=COUNTED,
        reused=False,
        created_at__gt=since,
        run__skill=run.skill_id,
        run__skill__isnull=False,
    ).exclude(run=run)
    if run.version_id is not None:
        old = old.filter(run__in=_runs_without_other_cases(run))
    # In the order of their ids, so that of several the last one stays in the dictionary.
    newest = {(row.fingerprint, row.repeat): row for row in old.order_by("id")}
    places = [(fingerprints[cell_of(trial)], trial.repeat) for trial in wanted]
    copies = [_copy(newest[place], run) for place in places if place in newest]
    Trial.objects.bulk_create(copies, ignore_conflicts=True)
    return len(copies)


def _runs_without_other_cases(run: Run) -> list[int]:
    """Ids of the runs of this skill whose every case is one of RUN's.

    Gates read runs of versions. Whoever could drop the cases that the bare model happened to pass, and keep
    its bad luck with the others, would make a lift of nothing.
    """
    keys = {case["key"] for case in run.cases}
    others = Run.objects.filter(skill=run.skill_id).values_list("pk", "cases")
    return [pk for pk, cases in others if {case["key"] for case in cases} <= keys]


def _copy(row: Trial, run: Run) -> Trial:
    """The same result for another run. It is never copied again, or it would never grow old."""
    values = {field.attname: getattr(row, field.attname) for field in Trial._meta.concrete_fields}
    del values["id"]
    return Trial(**values | {"run_id": run.pk, "reused": True, "created_at": now()})


class RunLedger(CallLedger):
    """See engines.contract.Ledger: charges a run's calls to instance, team and person."""

    def __init__(self, run: Run) -> None:
        super().__init__(
            team_id=run.team_id, account_id=run.requested_by_id, run_id=run.pk, skill_id=run.skill_id
        )


def delete_old_transcripts() -> int:
    """Delete transcripts, and drafts of cases, older than EVAL_TRANSCRIPT_DAYS; trials and grades stay.

    Returns how many transcripts.
    """
    before = now() - timedelta(days=settings.EVAL_TRANSCRIPT_DAYS)
    CaseDraft.objects.filter(created_at__lt=before).delete()
    return Transcript.objects.filter(created_at__lt=before).delete()[0]


def delete_transcripts_of(version: Version) -> int:
    """Delete the transcripts that hold the text of a removed version; the grades stay."""
    CaseDraft.objects.filter(version=version).delete()
    runs = Run.objects.filter(Q(version=version) | Q(previous=version))
    return Transcript.objects.filter(trial__run__in=runs).delete()[0]


def progress(run: Run) -> dict[str, int]:
    """How far a run is: trials done, in total, and in per cent."""
    done = Trial.objects.filter(run=run).count()
    return {"done": done, "total": run.total, "percent": 100 * done // max(1, run.total)}
