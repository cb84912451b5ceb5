"""Writes the report of a run from its rows: when it ends, after re-runs, after a reviewer's correction.

With it goes the report of all evaluations of the same bytes together, which the newest of them keeps.

The figures of thousands of trials take a moment, in which nobody shall wait for the run's row. So a report is
drafted without a lock, and written under one if its rows are still those it was made from.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max, Q

from skills.catalog.models import Skill
from skills.evals.earlier_falls import falls_before
from skills.evals.kept_cases import counting_cases
from skills.evals.models import CaseWaiver, Overrule, Run, RunState, Trial
from skills.evals.pooling import counting_with, evaluations_of_bytes, pooled_report
from skills.evals.selectors import labels_of, unpooled
from skills.evals.trial_rows import facts_of
from skills.verdicts import report

Mark = tuple[int, int, int, int, tuple[int, ...]]
_DRAFTS = 3  # before one is made under the lock: reviewers who overrule all the time must not starve it
_AT_ONCE = 20  # evaluations of an earlier release that one step of the schedule pools


@dataclass(frozen=True)
class Draft:
    """A report that is not written yet, alone and pooled, and the mark of the rows it was made from."""

    report: dict[str, object]
    pooled: dict[str, object] | None
    mark: Mark


def locked_run(run_id: int) -> Run:
    """The run, locked until the end of the transaction, with what its report and its notices need."""
    rows = Run.objects.select_related(
        "team__policy", "skill__team", "requested_by", "version", "previous", "parent"
    )
    return rows.select_for_update(of=("self",)).get(pk=run_id)


def draft_of(run: Run) -> Draft:
    """The report of a run from its rows and those of its re-runs."""
    mark = _mark(run)  # before the rows are read: what comes meanwhile is noticed when the draft is written
    cases = counting_cases(run)
    waived = {case["key"] for case in run.cases} - {case["key"] for case in cases}
    counting = Trial.objects.exclude(case__in=waived)
    evaluation = report.make(
        cases=cases,
        models=run.portfolio,
        arms=run.arms,
        # A kept case runs with this version and the approved one.
        total=run.total - 2 * run.repeats * len(run.portfolio) * len(waived),
        rows=list(facts_of(counting.filter(run=run))),
        fresh=list(facts_of(counting.filter(run__parent=run))),
        falls_before=falls_before(run),
        labels=labels_of(run),
        margin=None if run.is_scripted else run.team.policy.inferiority_margin / 100,
    )
    together = pooled_report(run, evaluation)
    # As the columns give them back, so that they can be compared with what is there.
    return Draft(evaluation.to_json(), together.to_json() if together else None, mark)


def _mark(run: Run) -> Mark:
    """Other numbers as soon as a trial, evaluation or waiver has come or gone, or a grade was overruled."""
    members = tuple(member.pk for member in counting_with(run))
    trials = Trial.objects.filter(Q(run__in=members) | Q(run__parent__in=members))
    counted = trials.aggregate(count=Count("pk"), newest=Max("pk"))
    overruled = Overrule.objects.filter(Q(trial__run__in=members) | Q(trial__run__parent__in=members)).count()
    waived = CaseWaiver.objects.filter(skill=run.skill_id).count()
    return counted["count"], counted["newest"] or 0, overruled, waived, members


def write_report(run: Run, draft: Draft) -> None:
    """Write DRAFT as the report of a locked run; where its rows have changed meanwhile it is made again."""
    _lock_skill(run)
    _write(run, draft if _mark(run) == draft.mark else draft_of(run))


def refresh_report(*, run_id: int) -> None:
    """Compute a report again, after a person has overruled the judge."""
    for _ in range(_DRAFTS):
        draft = draft_of(Run.objects.get(pk=run_id))
        with transaction.atomic():
            run = locked_run(run_id)
            _lock_skill(run)
            if _mark(run) == draft.mark:
                _write(run, draft)
                return
    with transaction.atomic():
        run = locked_run(run_id)
        _lock_skill(run)
        _write(run, draft_of(run))


def pool_earlier_evaluations() -> int:
    """Write what evaluations of the same bytes show together where a release before this one did not."""
    waiting = list(unpooled().values_list("pk", flat=True)[:_AT_ONCE])
    for run_id in waiting:
        refresh_report(run_id=run_id)
    return len(waiting)


def _lock_skill(run: Run) -> None:
    """Let two evaluations of the same bytes that end at once know of each other. Runs are locked before."""
    if run.skill_id is not None:
        Skill.objects.select_for_update(no_key=True).only("pk").get(pk=run.skill_id)


def _write(run: Run, draft: Draft) -> None:
    if run.report != draft.report:
        run.report = draft.report
        run.save(update_fields=["report"])
    newest = evaluations_of_bytes(run).filter(state=RunState.DONE).order_by("-pk")
    keeper = next((other for other in newest if not other.is_scripted), None) if run.version_id else None
    if keeper is not None and not run.is_scripted and keeper.pooled_report != draft.pooled:
        Run.objects.filter(pk=keeper.pk).update(pooled_report=draft.pooled)
        run.pooled_report = draft.pooled if keeper.pk == run.pk else run.pooled_report
