"""Writes the report of a run from its rows: when it ends, after re-runs, after a reviewer's correction."""

from django.db import transaction

from skills.evals.models import Purpose, Run, Trial
from skills.evals.selectors import labels_of
from skills.verdicts import report


def locked_run(run_id: int) -> Run:
    """The run, locked until the end of the transaction, with what its report and its notices need."""
    rows = Run.objects.select_related(
        "team__policy", "skill__team", "requested_by", "version", "previous", "parent"
    )
    return rows.select_for_update(of=("self",)).get(pk=run_id)


def write_report(run: Run) -> None:
    """Compute the report of a locked run again from its rows and those of its re-runs."""
    fresh = Trial.objects.filter(run__parent=run, run__purpose=Purpose.REGRESSION)
    evaluation = report.make(
        cases=run.cases,
        models=run.portfolio,
        arms=run.arms,
        total=run.total,
        rows=list(Trial.objects.filter(run=run).defer("output")),
        fresh=list(fresh.defer("output")),
        labels=labels_of(run),
        margin=None if run.is_scripted else run.team.policy.inferiority_margin / 100,
    )
    run.report = evaluation.to_json()
    run.save(update_fields=["report"])


def refresh_report(*, run_id: int) -> None:
    """Compute a report again, after a person has overruled the judge."""
    with transaction.atomic():
        write_report(locked_run(run_id))
