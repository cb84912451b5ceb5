"""The report of all evaluations of the same bytes together: what pages and lists say of a version."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import chain

from django.db.models import Q, QuerySet

from skills.evals.evidence import looks_of, once
from skills.evals.kept_cases import counting_cases
from skills.evals.models import ENDED, Purpose, Run, Trial
from skills.verdicts import report
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED
from skills.verdicts.pooled import chance_of_look, standing_regressions
from skills.verdicts.report import PoolFacts
from skills.verdicts.shapes import EvaluationReport

# What a report reads of a trial: thousands of answers and times would be most of the work.
_REPORTED = (
    "run_id",
    "case",
    "arm",
    "model_id",
    "repeat",
    "outcome",
    "cause",
    "passed",
    "grades",
    "invoked",
    "micros",
    "seconds",
    "input_tokens",
    "output_tokens",
)
Cell = tuple[str, str, int]  # case, arm, model


def evaluations_of_bytes(run: Run) -> QuerySet[Run]:
    """Evaluations of a version with the bytes of RUN; of the upload that they were before, nothing."""
    rows = Run.objects.filter(skill=run.skill_id, digest=run.digest, purpose=Purpose.EVALUATE)
    return rows.filter(skill__isnull=False, version__isnull=False)


def counting_with(run: Run) -> list[Run]:
    """RUN and every ended evaluation of the same bytes, in order; RUN alone where it proves nothing."""
    if run.version_id is None or run.skill_id is None or run.is_scripted:
        return [run]
    others = evaluations_of_bytes(run).filter(state__in=ENDED).exclude(pk=run.pk)
    answered = [other for other in others.select_related("version", "previous") if not other.is_scripted]
    return sorted([run, *answered], key=_by_id)


def pooled_report(run: Run, own: EvaluationReport) -> EvaluationReport | None:
    """What RUN, whose report is OWN, and the others of the same bytes show together; None where it is OWN."""
    members = counting_with(run)
    looks = looks_of(run.version) if run.version and not run.is_scripted else 1
    if len(members) == 1 and looks <= 1:
        return None
    reports = {other.pk: theirs for other in members if (theirs := other.evaluation)}
    reports[run.pk] = own
    newest = members[-1]
    # Trials with another approved version than that of the newest evaluation say nothing of this one.
    compared = [other.pk for other in members if other.previous_id == newest.previous_id]
    cases = {case["key"]: case for other in members for case in counting_cases(other)}
    models = {model["id"]: model for other in members for model in other.portfolio}
    arms = {arm for other in members for arm in other.arms if arm != Arm.PREVIOUS or other.pk in compared}
    rows = _rows([other.pk for other in members], compared, cases)
    regressions = chain.from_iterable(reports[pk].regressions for pk in compared if pk in reports)
    return report.make(
        cases=list(cases.values()),
        models=list(models.values()),
        arms=[arm for arm in Arm if arm in arms],
        total=len(rows),
        rows=rows,
        margin=run.team.policy.inferiority_margin / 100,
        pool=PoolFacts(
            runs=len(members),
            confidence=1 - 2 * chance_of_look(max(1, looks)),
            regressions=standing_regressions(regressions),
        ),
    )


def _rows(members: Sequence[int], compared: Collection[int], cases: Collection[str]) -> list[Trial]:
    """The trials of CASES, each once, and of those without a result as many as nothing made up for."""
    trials = Trial.objects.filter(run__in=members, case__in=cases).exclude(
        Q(arm=Arm.PREVIOUS) & ~Q(run__in=compared)
    )
    ended = once(trials.only(*_REPORTED, "reused", "fingerprint").order_by("reused", "pk"))
    in_a_run: dict[Cell, Counter[int]] = defaultdict(Counter)
    for row in ended:
        in_a_run[_cell(row)][row.run_id] += 1
    scored = [row for row in ended if row.outcome in COUNTED]
    have = Counter(_cell(row) for row in scored)
    missing = {cell: max(counts.values()) - have[cell] for cell, counts in in_a_run.items()}
    for row in ended:
        if row.outcome not in COUNTED and missing[_cell(row)] > 0:
            missing[_cell(row)] -= 1
            scored.append(row)
    return scored


def _cell(row: Trial) -> Cell:
    return row.case, row.arm, row.model_id


def _by_id(run: Run) -> int:
    return run.pk
