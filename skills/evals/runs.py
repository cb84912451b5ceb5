"""The life of a run: asked for, claimed by one worker, cancelled, ended, resumed. Each under a lock."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from skills.audit.record import record
from skills.catalog.models import Skill, Upload, Version
from skills.evals.engines.contract import StopReason, TrialPlan
from skills.evals.models import ENDED, Purpose, Run, RunState, Trial
from skills.evals.plan import Cases, Cell, case_rows, model_record
from skills.evals.rounds import FIRST_LOOKS, most_trials
from skills.jobs.enqueue import enqueue
from skills.lib.clock import now
from skills.lib.errors import Conflict, refuse
from skills.people.models import Account, Team
from skills.portfolio.model_plan import ModelPlan
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED

JOB = "evaluate"
# Tries without a result in between, for RunSink sets them back: such a run would kill the next worker too.
MOST_TRIES = 5
FRESH = 5  # repeats of a cell that a person wants to see again
# In one transaction; the next sweep calls for the others.
_CALLED_AT_ONCE = 500
_PROBLEM = 500  # characters, as the column
# The team with the fewest runs under way comes first, then the one served longest ago. A run whose
# worker's job has no live lease any more is as good as waiting. What a team is asked once, not once a run:
# with a thousand runs waiting, this is called by every worker after every run.
_NEXT = """
    with alive as materialized (
        select lease_holder from skills_job
        where state = 'running' and lease_until >= %(now)s and lease_holder <> ''
    ), open_run as materialized (
        select r.id, r.team_id,
            r.state = 'running' and r.worker in (select lease_holder from alive) as at_work
        from skills_run r where r.state in ('queued', 'running')
    ), standing as materialized (
        select team_id, count(*) filter (where at_work) as under_way,
            (select o.started_at from skills_run o
             where o.team_id = open_run.team_id and o.started_at is not null
             order by o.started_at desc limit 1) as served_at
        from open_run group by team_id
    )
    select r.id
    from skills_run r
    join open_run on open_run.id = r.id and not open_run.at_work
    join standing on standing.team_id = r.team_id
    where r.state in ('queued', 'running')
    order by standing.under_way, standing.served_at nulls first, r.id
    limit 1 for update of r skip locked
"""
# Two workers that count at the same moment would both find a team without a run under way.
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('skills_run: whose turn it is'))"
# Runs that nobody works on and no open job calls for, the oldest first.
_UNCALLED = """
    select r.id from skills_run r
    where (r.state = 'queued' or (r.state = 'running' and not exists (
        select from skills_job held
        where held.lease_holder = r.worker and held.state = 'running' and held.lease_until >= %(now)s)))
    and not exists (
        select from skills_job called
        where called.key = 'run:' || r.id and called.state in ('queued', 'running'))
    order by r.id limit %(most)s
"""


def create(
    *,
    team: Team,
    skill: Skill | None,
    version: Version | None,
    previous: Version | None,
    upload: Upload | None,
    name: str,
    digest: str,
    by: Account,
    arms: Sequence[Arm],
    repeats: int,
    cases: Cases,
    models: Sequence[ModelPlan],
    judge: ModelPlan | None,
    trials: Sequence[TrialPlan],
    worst: int,
    sandbox: str,
    webhook: str = "",
) -> Run:
    """Write a run and call for a worker, in the caller's transaction."""
    run = Run.objects.create(
        team=team,
        skill=skill,
        version=version,
        previous=previous,
        upload=upload,
        name=name,
        digest=digest,
        requested_by=by,
        arms=list(arms),
        repeats=repeats,
        cases=case_rows(cases),
        portfolio=[model_record(model) for model in models],
        judge=model_record(judge) if judge else None,
        total=len(trials),
        worst_tokens=worst,
        sandbox=sandbox,
        webhook=webhook,
        left_out=[list(case_and_why) for case_and_why in cases.left_out],
    )
    return _announce(run)


def rerun(run: Run, cells: Sequence[Cell], by: Account) -> Run:
    """Fresh repeats of suspected cells until each is decided; how many grows round by round."""
    total, most = len(cells) * FIRST_LOOKS, most_trials(len(cells))
    return _child(run, cells, by, Purpose.REGRESSION, repeats=FIRST_LOOKS, total=total, most=most)


def recheck(run: Run, cell: Cell, by: Account) -> Run:
    """A few fresh repeats of one cell that somebody wants to see again."""
    return _child(run, [cell], by, Purpose.RECHECK, repeats=FRESH, total=2 * FRESH, most=2 * FRESH)


def _child(
    run: Run, cells: Sequence[Cell], by: Account, purpose: Purpose, *, repeats: int, total: int, most: int
) -> Run:
    """A run of some cells, with this version and what it is compared with, of MOST trials at most."""
    keys = {key for key, _ in cells}
    ids = {model for _, model in cells}
    child = Run.objects.create(
        team=run.team,
        skill=run.skill,
        version=run.version,
        previous=run.previous,
        upload=run.upload,
        parent=run,
        name=run.name,
        digest=run.digest,
        requested_by=by,
        purpose=purpose,
        arms=arms_again(run),
        repeats=repeats,
        cases=[case for case in run.cases if case["key"] in keys],
        portfolio=[model for model in run.portfolio if model["id"] in ids],
        judge=run.judge,
        only=[list(cell) for cell in cells],
        total=total,
        sandbox=run.sandbox,
        worst_tokens=_worst(run, most),
    )
    return _announce(child)


def arms_again(run: Run) -> list[Arm]:
    """What a re-run of cells compares: this version with what the run compared it with."""
    return [Arm.CANDIDATE, Arm.PREVIOUS if Arm.PREVIOUS in run.arms else Arm.BASELINE]


def _worst(run: Run, trials: int) -> int:
    """What TRIALS take at most, by the run's own plan: an even share of its worst case for each."""
    return run.worst_tokens * trials // max(1, run.total)


def grow(run: Run, trials: Sequence[TrialPlan]) -> None:
    """Another round of a re-run: it is as long now as what has ended and TRIALS."""
    run.total = Trial.objects.filter(run=run).count() + len(trials)
    run.repeats = max(run.repeats, *(trial.repeat for trial in trials))
    run.save(update_fields=["total", "repeats"])


def _announce(run: Run) -> Run:
    """Note a new run in the audit log and call for a worker."""
    record(
        "run.request",
        by=run.requested_by,
        target=run.version or run.name,
        team_id=run.team_id,
        run=run.pk,
        trials=run.total,
        models=[model["label"] for model in run.portfolio],
        purpose=run.purpose,
    )
    call_worker(run.pk)
    return run


def call_worker(run_id: int) -> None:
    """Queue a job for a run; one that is queued already stays the only one."""
    enqueue(JOB, key=f"run:{run_id}", run_id=run_id)


def call_for_open_runs() -> int:
    """Call again for runs that wait without an open job, the oldest first; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_UNCALLED, {"now": now(), "most": _CALLED_AT_ONCE})
        uncalled = [run_id for (run_id,) in cursor.fetchall()]
        for run_id in uncalled:
            call_worker(run_id)
    return len(uncalled)


def claim(holder: str) -> Run | None:
    """The run this worker should do now, marked as its own; None when nothing waits."""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ONE_AT_A_TIME)
            cursor.execute(_NEXT, {"now": now()})
            row = cursor.fetchone()
            if row is None:
                return None
            run = Run.objects.select_related(
                "team", "skill__team", "version", "previous", "upload", "requested_by"
            ).get(pk=row[0])
            run.tries += 1
            if run.tries > MOST_TRIES:
                end(run, RunState.FAILED, "Its worker died too often.")
                continue
            run.state = RunState.RUNNING
            run.worker = holder
            run.started_at = run.started_at or now()
            run.save(update_fields=["state", "worker", "started_at", "tries"])
            return run


def stop_reason(run_id: int, holder: str, deadline: datetime) -> StopReason | None:
    """Why HOLDER must stop working on a run; None to go on."""
    run = Run.objects.filter(pk=run_id).only("worker", "cancel_asked_at").first()
    # Our lease ran out while we were busy, and another worker went on: its results count.
    if run is None or run.worker != holder:
        return StopReason.LOST
    if run.cancel_asked_at is not None:
        return StopReason.CANCELLED
    return StopReason.DEADLINE if now() > deadline else None


def end(run: Run, state: str, problem: str = "") -> None:
    """Mark a locked run as ended."""
    run.state = state
    run.problem = problem[:_PROBLEM]
    run.finished_at = now()
    run.worker = ""
    run.save(update_fields=["state", "problem", "finished_at", "worker"])


@transaction.atomic
def cancel(run: Run, by: Account) -> None:
    """Ask a run to stop; one that waits stops at once."""
    run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.has_ended:
        raise refuse("run_over", "This run has ended.", kind=Conflict)
    run.cancel_asked_at = now()
    run.save(update_fields=["cancel_asked_at"])
    if run.state == RunState.QUEUED:
        end(run, RunState.CANCELLED)
    record("run.cancel", by=by, target=run.name, team_id=run.team_id, run=run.pk)


@transaction.atomic
def resume(run: Run, by: Account) -> None:
    """Go on where a run stopped: what is scored stays, what is missing is done."""
    run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state not in ENDED or run.state == RunState.DONE:
        raise refuse("run_over", "Only a run that stopped early can be resumed.", kind=Conflict)
    # What is not scored is tried again; `remaining` asks only whether there is a row. A failure at a limit
    # stays: who could have it tried again would get what they wait for in the end.
    Trial.objects.filter(run=run).exclude(outcome__in=COUNTED).delete()
    run.state = RunState.QUEUED
    run.cancel_asked_at = None
    run.finished_at = None
    run.problem = ""
    run.tries = 0
    run.save(update_fields=["state", "cancel_asked_at", "finished_at", "problem", "tries"])
    record("run.resume", by=by, target=run.name, team_id=run.team_id, run=run.pk)
    call_worker(run.pk)
