"""Gathers what all runs of the same bytes have shown, for the gates."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from skills.catalog.models import Version
from skills.evals.earlier_falls import falls_before
from skills.evals.kept_cases import cases_run_on, waived_keys
from skills.evals.models import ENDED, HiddenCase, Purpose, Run, Trial
from skills.evals.plan import case_record, hidden_plan
from skills.people.models import Policy, Team
from skills.portfolio.kinds import SCRIPTED
from skills.portfolio.models import PortfolioModel
from skills.portfolio.selectors import available
from skills.verdicts import pooled
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED, EvaluationVerdict
from skills.verdicts.pooled import Evidence, PooledTrials, StandardPlan
from skills.verdicts.records import CaseRecord, GradeRecord, kept_keys, trigger_keys
from skills.verdicts.shapes import EvaluationReport
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
        earlier_falls=_earlier_falls(compared, pool, plan),
        unrun_kept_cases=_unrun_kept(before, pool.cases) if before else (),
        worse_models=tuple(sorted(_worse_models(reports) | pooled.worse_models(pool))),
        regressions=pooled.standing_regressions(
            regression for report in reports for regression in report.regressions
        ),
        blunt_cases=tuple(pool.blunt) if plan.discerning else (),
    )


def _earlier_falls(runs: Sequence[Run], pool: PooledTrials, plan: StandardPlan) -> tuple[str, ...]:
    """The cells that fell in other bytes and that RUNS, which ended before that was known, took for good."""
    if not runs:
        return ()
    labels = {case["key"]: case["label"] for case in pool.cases}
    reports = [report for run in runs if (report := run.evaluation)]
    looked_at = {(one.case, one.model) for report in reports for one in report.regressions}
    return tuple(
        sorted(
            f"{labels[case]} on {plan.models[model]}"
            for case, model in falls_before(runs[-1]).keys() - looked_at
            if case in labels and model in plan.models
        )
    )


def _worse_models(reports: Iterable[EvaluationReport]) -> set[str]:
    """Labels of the models on which one of REPORTS found the version worse than the approved one."""
    figures = (figures for report in reports for figures in report.models)
    return {one.label for one in figures if one.change_verdict == EvaluationVerdict.REGRESSES}


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
    compared = [run.pk for run in runs if before and run.previous_id == before.pk]
    waived = waived_keys(version.skill_id)
    cases = _cases_of(official, compared, waived) | {case["key"]: case for case in hidden}
    names = {
        model["id"]: model["label"]
        for run in runs
        for model in run.portfolio
        if model["kind"] != SCRIPTED.code
    }
    ran = [case for run in runs for case in run.cases]
    triggers, kept = trigger_keys(ran), kept_keys(ran)
    dropped = kept & waived
    rows = once(row for row in _trials(runs, compared) if row.model_id in names and row.case not in dropped)
    official_ids = {run.pk for run in official}
    return PooledTrials(
        official=Trials([row for row in rows if row.run_id in official_ids], triggers, kept),
        all=Trials(rows, triggers, kept),
        names={**names, **plan.models},
        cases=list(cases.values()),
        looks=looks_of(version),
        discerning=_discerning(official_ids, compared, names) if plan.discerning else frozenset(),
    )


def _cases_of(
    official: Iterable[Run], compared: Collection[int], waived: Collection[str]
) -> dict[str, CaseRecord]:
    """The cases of runs by key, without hidden ones; kept ones where they were kept from today's version."""
    cases: dict[str, CaseRecord] = {}
    for run in official:
        for case in run.cases:
            is_kept = "kept_from" in case
            if not case["hidden"] and not (is_kept and (run.pk not in compared or case["key"] in waived)):
                cases[case["key"]] = case
    return cases


def _unrun_kept(before: Version, cases: Iterable[CaseRecord]) -> tuple[str, ...]:
    """Labels of the cases that BEFORE was evaluated on, that are none of CASES and that nobody waived.

    Whoever takes out the case that fell would have no regression.
    """
    ran = {case["key"] for case in cases}
    return tuple(case["label"] for case in cases_run_on(before) if case["key"] not in ran)


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
