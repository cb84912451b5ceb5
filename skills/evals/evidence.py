"""Gathers what all runs of the same bytes have shown, for the gates."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from skills.catalog.models import Version
from skills.evals.models import ENDED, HiddenCase, Purpose, Run, RunState, Trial
from skills.evals.plan import case_record, hidden_plan
from skills.people.models import Policy, Team
from skills.portfolio.kinds import SCRIPTED
from skills.portfolio.models import PortfolioModel
from skills.portfolio.selectors import available
from skills.verdicts import pooled
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED, EvaluationVerdict
from skills.verdicts.pooled import Evidence, PooledTrials, StandardPlan
from skills.verdicts.records import CaseRecord, GradeRecord
from skills.verdicts.trials import Trials

_READ = ("case", "arm", "model_id", "repeat", "outcome", "passed", "reused", "fingerprint", "run_id")
# An assertion is known by its place in the case. Copies of results change nothing here.
_DISCERNING = """
    select distinct trial_case from (
        select t.case as trial_case
        from skills_trial t, jsonb_array_elements(t.grades) with ordinality as grade(value, place)
        where t.run_id = any(%(runs)s) and t.model_id = any(%(models)s) and t.outcome = any(%(counted)s)
            and (t.arm <> 'previous' or t.run_id = any(%(compared)s))
        group by t.case, place
        having bool_or((value ->> 'passed')::boolean)
            and bool_or(t.arm = 'baseline' and not (value ->> 'passed')::boolean)
    ) as places
"""


def standard_plan(policy: Policy, team: Team) -> StandardPlan:
    """The plan of a policy, with the models that TEAM evaluates on today where it names none."""
    rows: QuerySet[PortfolioModel] = available(team).exclude(provider__kind=SCRIPTED.code)
    if policy.standard_models:
        rows = PortfolioModel.objects.filter(label__in=policy.standard_models)
    models = dict(rows.values_list("pk", "label"))
    return StandardPlan(
        cases=policy.standard_cases,
        repeats=policy.standard_repeats,
        models=models,
        unknown_models=tuple(sorted(set(policy.standard_models) - set(models.values()))),
        discerning=policy.discerning_cases,
    )


def evidence_on(version: Version, plan: StandardPlan, *, before: Version | None) -> Evidence | None:
    """What every evaluation of the bytes of VERSION has shown; None where there is none.

    BEFORE is the approved version that it is compared with today: a comparison with another says nothing.
    """
    runs = list(_runs_of(version).order_by("pk"))
    if not runs:
        return None
    answered = [run for run in runs if not _is_replayed(run)]
    official = [run for run in answered if run.version_id]
    compared = [run for run in answered if before and run.previous_id == before.pk]
    is_running = any(run.state not in ENDED for run in answered)
    if not official:
        return Evidence(is_running=is_running, is_scripted=not answered, is_early=bool(answered))
    hidden = _hidden_cases(version)
    pool = _pool(version, plan, answered, hidden, before)
    shown = pooled.models_of(pool, plan)
    reports = [report for run in compared if (report := run.evaluation)]
    return Evidence(
        is_running=is_running,
        models=tuple(shown),
        silent_models=tuple(sorted(set(plan.models.values()) - {model.label for model in shown})),
        unrun_hidden_cases=_unrun(hidden, official),
        compared_with=before.number if before else "",
        is_compared=before is not None and pooled.is_compared(pool, plan),
        left_out_cases=_left_out(before, pool.cases) if before else (),
        worse_models=tuple(
            sorted(
                {
                    figures.label
                    for report in reports
                    for figures in report.models
                    if figures.change_verdict == EvaluationVerdict.REGRESSES
                }
            )
        ),
        regressions=pooled.standing_regressions(
            regression for report in reports for regression in report.regressions
        ),
        blunt_cases=tuple(pooled.blunt_cases(pool)) if plan.discerning else (),
    )


def _runs_of(version: Version) -> QuerySet[Run]:
    """Evaluations of these bytes, as this version, as another attempt at it, or before they were one."""
    same_bytes = Q(digest=version.digest) & (Q(skill=version.skill_id) | Q(team=version.skill.team_id))
    return Run.objects.filter(same_bytes, purpose=Purpose.EVALUATE).select_related("previous")


def _is_replayed(run: Run) -> bool:
    """Whether a script answered alone, or graded: nothing of such a run is a model's."""
    return run.is_demonstration or run.is_judged_by_script


def _hidden_cases(version: Version) -> list[CaseRecord]:
    rows = HiddenCase.objects.filter(skill=version.skill_id).order_by("pk")
    return [case_record(hidden_plan(row), hidden=True) for row in rows]


def _unrun(hidden: Iterable[CaseRecord], runs: Iterable[Run]) -> int:
    ran = {case["key"] for run in runs for case in run.cases}
    return sum(case["key"] not in ran for case in hidden)


def _pool(
    version: Version,
    plan: StandardPlan,
    runs: list[Run],
    hidden: list[CaseRecord],
    before: Version | None,
) -> PooledTrials:
    official = [run for run in runs if run.version_id]
    cases = {case["key"]: case for run in official for case in run.cases if not case["hidden"]}
    cases |= {case["key"]: case for case in hidden if case["key"] not in cases}
    names = {
        model["id"]: model["label"]
        for run in runs
        for model in run.portfolio
        if model["kind"] != SCRIPTED.code
    }
    triggers = {case["key"] for run in runs for case in run.cases if case["trigger"] is not None}
    compared = [run.pk for run in runs if before and run.previous_id == before.pk]
    rows = once(row for row in _trials(runs, compared) if row.model_id in names)
    official_ids = {run.pk for run in official}
    return PooledTrials(
        official=Trials([row for row in rows if row.run_id in official_ids], triggers),
        all=Trials(rows, triggers),
        names={**names, **plan.models},
        cases=list(cases.values()),
        looks=looks_of(version),
        discerning=_discerning(official_ids, compared, names) if plan.discerning else frozenset(),
    )


def _left_out(before: Version, cases: Iterable[CaseRecord]) -> tuple[str, ...]:
    """Labels of the cases that BEFORE was last evaluated on and that are none of CASES.

    Whoever takes out the case that fell has no regression, so that a reviewer is told.
    """
    runs = Run.objects.filter(skill=before.skill_id, digest=before.digest, version__isnull=False)
    whole = runs.filter(purpose=Purpose.EVALUATE, state=RunState.DONE)
    ran = whole.order_by("-pk").values_list("cases", flat=True).first() or []
    kept = {case["key"] for case in cases}
    return tuple(case["label"] for case in ran if not case["hidden"] and case["key"] not in kept)


class _PooledTrial(NamedTuple):
    """A trial without its grades: of thousands of them, those would be most of what is read."""

    case: str
    arm: Arm
    model_id: int
    repeat: int
    outcome: str
    passed: bool
    reused: bool
    fingerprint: str
    run_id: int
    cause: str = ""
    grades: Sequence[GradeRecord] = ()
    invoked: bool = False
    micros: int | None = None
    seconds: float = 0.0
    tokens: int = 0


def _trials(runs: list[Run], compared: list[int]) -> list[_PooledTrial]:
    """The trials of RUNS; of those with an approved version only COMPARED's, which ran with today's."""
    rows = Trial.objects.filter(run__in=[run.pk for run in runs])
    rows = rows.exclude(Q(arm=Arm.PREVIOUS) & ~Q(run__in=compared)).order_by("reused", "pk")
    return [_PooledTrial(*row) for row in rows.values_list(*_READ)]


def _discerning(runs: Collection[int], compared: list[int], models: Collection[int]) -> frozenset[str]:
    """The cases of `PooledTrials.discerning`, of the trials of RUNS on MODELS."""
    values: dict[str, list[int] | list[str]] = {
        "runs": list(runs),
        "compared": compared,
        "models": list(models),
        "counted": [outcome.value for outcome in COUNTED],
    }
    with connection.cursor() as cursor:
        cursor.execute(_DISCERNING, values)
        return frozenset(case for (case,) in cursor.fetchall())


class _Copyable(Protocol):
    @property
    def reused(self) -> bool: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def repeat(self) -> int: ...


_Row = TypeVar("_Row", bound=_Copyable)


def once(rows: Iterable[_Row]) -> list[_Row]:
    """ROWS without copies of results that are among them: a copy is no second observation."""
    seen: set[tuple[str, int]] = set()
    kept = []
    for row in rows:  # those that are no copies come first
        mark = row.fingerprint, row.repeat
        if not (row.reused and mark in seen):
            kept.append(row)
        seen.add(mark)
    return kept


def looks_of(version: Version) -> int:
    """How many evaluations of versions of this skill could have passed since one of them was approved.

    Of all its bytes: else a space more in a file would make the next try the first one again.
    """
    runs = Run.objects.filter(skill=version.skill_id, purpose=Purpose.EVALUATE, version__isnull=False)
    if since := _last_approval(version):
        runs = runs.filter(Q(digest=version.digest) | Q(created_at__gt=since))
    has_trials = Exists(Trial.objects.filter(run=OuterRef("pk")))
    tried = runs.filter(has_trials).only("portfolio", "judge")
    return sum(not _is_replayed(run) for run in tried)


def _last_approval(version: Version) -> datetime | None:
    others = Version.objects.filter(skill=version.skill_id, approved_at__isnull=False).exclude(pk=version.pk)
    return others.order_by("-approved_at").values_list("approved_at", flat=True).first()
