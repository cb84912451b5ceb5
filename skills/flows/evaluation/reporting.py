"""Writes the report of a run from its rows: when it ends, after re-runs, after a reviewer's correction.

The figures of thousands of trials take a moment, in which nobody shall wait for the run's row. So a report is
drafted without a lock, and written under one if its rows are still those it was made from.
"""

import json
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max, Q

from skills.evals.models import Overrule, Run, Trial
from skills.evals.selectors import labels_of
from skills.lib.json_values import Json
from skills.verdicts import report

_DRAFTS = 3  # before one is made under the lock: reviewers who overrule all the time must not starve it


@dataclass(frozen=True)
class Draft:
    """A report that is not written yet, and the mark of the rows it was made from."""

    report: Json
    mark: tuple[int, int, int]


def locked_run(run_id: int) -> Run:
    """The run, locked until the end of the transaction, with what its report and its notices need."""
    rows = Run.objects.select_related(
        "team__policy", "skill__team", "requested_by", "version", "previous", "parent"
    )
    return rows.select_for_update(of=("self",)).get(pk=run_id)


def draft_of(run: Run) -> Draft:
    """The report of a run from its rows and those of its re-runs."""
    mark = _mark(run)  # before the rows are read: what comes meanwhile is noticed when the draft is written
    fresh = Trial.objects.filter(run__parent=run)
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
    # As the column gives it back, so that it can be compared with what is there.
    return Draft(json.loads(json.dumps(evaluation.to_json())), mark)


def _mark(run: Run) -> tuple[int, int, int]:
    """Other numbers as soon as a trial has come or gone, or a grade was overruled."""
    trials = Trial.objects.filter(Q(run=run) | Q(run__parent=run))
    counted = trials.aggregate(count=Count("pk"), newest=Max("pk"))
    overruled = Overrule.objects.filter(Q(trial__run=run) | Q(trial__run__parent=run)).count()
    return counted["count"], counted["newest"] or 0, overruled


def write_report(run: Run, draft: Draft) -> None:
    """Write DRAFT as the report of a locked run; where its rows have changed meanwhile it is made again."""
    current = draft if _mark(run) == draft.mark else draft_of(run)
    _write(run, current.report)


def refresh_report(*, run_id: int) -> None:
    """Compute a report again, after a person has overruled the judge."""
    for _ in range(_DRAFTS):
        draft = draft_of(Run.objects.get(pk=run_id))
        with transaction.atomic():
            run = locked_run(run_id)
            if _mark(run) == draft.mark:
                _write(run, draft.report)
                return
    with transaction.atomic():
        run = locked_run(run_id)
        _write(run, draft_of(run).report)


def _write(run: Run, text: Json) -> None:
    if run.report != text:
        run.report = text
        run.save(update_fields=["report"])
