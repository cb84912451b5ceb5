"""Makes the report of a run: figures by model, the verdict in a sentence, regressions, advice. Pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from skills.verdicts import regressions as rg
from skills.verdicts import statistics as st
from skills.verdicts.advice import advice, contenders, frontier, offers
from skills.verdicts.arms import Arm
from skills.verdicts.noninferiority import HELD_TO, MARGIN
from skills.verdicts.outcomes import COUNTED, EvaluationVerdict, Outcome, RegressionStatus
from skills.verdicts.records import CaseRecord, ModelRecord, kept_keys, trigger_keys
from skills.verdicts.shapes import (
    EvaluationReport,
    FlakyCell,
    JudgeCalibration,
    ModelFigures,
    Regression,
)
from skills.verdicts.statistics import IntervalEstimate
from skills.verdicts.summary import overall_verdict, sentence
from skills.verdicts.trials import FreshRow, TrialRow, Trials
from skills.verdicts.unscored import unscored
from skills.verdicts.useless import solved_without, useless_assertions

MOST_NOT_SCORED = 0.10  # share of trials not scored above which nothing is concluded
_FEWEST_LABELS = 30  # a kappa of fewer labels swings too much to be shown
_TRUSTED_KAPPA = 0.6  # "substantial agreement" after Landis and Koch (1977)
_SLOW = 0.95  # the percentile of seconds that is shown beside the median


@dataclass(frozen=True, kw_only=True)
class PoolFacts:
    """What a report of several runs together knows that their rows do not say.

    `regressions` stand after the reports of all of them. `confidence` grows with each further look, so that
    nobody gets a better word by running again.
    """

    runs: int
    confidence: float
    regressions: Sequence[Regression]


def make(
    *,
    cases: Sequence[CaseRecord],
    models: Sequence[ModelRecord],
    arms: Sequence[Arm],
    total: int,
    rows: Sequence[TrialRow],
    fresh: Sequence[FreshRow] = (),
    falls_before: Mapping[rg.Cell, int] | None = None,
    labels: Sequence[tuple[bool, bool]] = (),
    margin: float | None = MARGIN,
    pool: PoolFacts | None = None,
) -> EvaluationReport:
    """The report of a run of TOTAL trials, of which ROWS have ended.

    FRESH are the re-runs of suspected cells, FALLS_BEFORE says in how many other bytes a cell fell, LABELS
    the (judge, person) verdicts on one assertion each, MARGIN how much lower a cheap model may pass and still
    be called as good; None where the run proves nothing, because a script answered or graded. POOL
    says of what several runs the rows are.
    """
    confidence = pool.confidence if pool else st.CONFIDENCE
    trials = Trials(rows, trigger_keys(cases), kept_keys(cases))
    names = {model["id"]: model["label"] for model in models}
    figures = _figures(trials, names, arms, confidence)
    regressions = list(pool.regressions) if pool else []
    if pool is None and Arm.PREVIOUS in arms:
        keys = [case["key"] for case in cases]
        found = rg.suspected(trials, fresh, cases=keys, models=names, falls_before=falls_before or {})
        regressions = _regressions(found, cases, names)
    not_scored = total - sum(row.outcome in COUNTED for row in rows)
    if total and not_scored / total <= MOST_NOT_SCORED:
        verdict = overall_verdict(figures, regressions)
        words = sentence(verdict, figures, regressions)
    else:
        verdict = EvaluationVerdict.INCONCLUSIVE
        words = f"Inconclusive: {not_scored} of {total} trials were not scored"
    held_to = HELD_TO * (1 - confidence) / (1 - st.CONFIDENCE)
    may_advise = margin is not None and verdict != EvaluationVerdict.INCONCLUSIVE
    margin = MARGIN if margin is None else margin
    with_skill = offers(trials, figures, Arm.CANDIDATE)
    return EvaluationReport(
        state=verdict,
        sentence=words,
        advice=advice(trials, figures, margin=margin, held_to=held_to) if may_advise else "",
        margin=margin,
        models=tuple(figures),
        frontier=frontier(with_skill),
        contenders=contenders(with_skill, margin=margin),
        regressions=tuple(regressions),
        flaky=tuple(_flaky(trials, cases, names)),
        useless=tuple(useless_assertions(trials, cases, names)),
        solved_without=tuple(solved_without(trials, cases, names)),
        judge=_calibration(labels),
        not_scored=not_scored,
        unscored=unscored(rows, names, total),
        limited=sum(row.outcome == Outcome.FAILED_LIMIT for row in rows),
        total=total,
        runs=pool.runs if pool else 1,
        confidence=confidence,
    )


def _figures(
    trials: Trials, names: Mapping[int, str], arms: Sequence[Arm], confidence: float
) -> list[ModelFigures]:
    """The figures of every model; verdicts are made together, corrected for how many there are."""
    has_previous = Arm.PREVIOUS in arms
    lifts = {model: _lift_deltas(trials, model) for model in names}
    verdicts = st.verdicts(lifts, confidence)
    changes = st.verdicts(
        {model: version_deltas(trials, model) for model in names if has_previous}, confidence
    )
    figures = []
    for model, label in names.items():
        candidate = trials.samples(model, Arm.CANDIDATE)
        tokens = {arm: _mean_tokens(trials.scored(model, arm)) for arm in arms}
        micros = {arm: _mean_micros(trials.scored(model, arm)) for arm in arms}
        lift = st.difference(candidate, trials.samples(model, Arm.BASELINE), confidence)
        change = _change(trials, model, confidence) if has_previous else None
        figures.append(
            ModelFigures(
                id=model,
                label=label,
                verdict=verdicts[model],
                change_verdict=changes.get(model),
                rates={arm: _rounded(st.pass_rate(trials.samples(model, arm))) for arm in arms},
                lift=_rounded(lift),
                change=_rounded(change) if change else None,
                tokens=tokens,
                micros=micros,
                cost_range=_cost_range(trials.scored(model, Arm.CANDIDATE)),
                cost_ratio=_cost_ratio(tokens, micros),
                invocation=_invocation(trials.scored(model, Arm.CANDIDATE)),
                seconds=_seconds(trials.scored(model, Arm.CANDIDATE)),
                triggers=_triggers(trials.triggers(model, Arm.CANDIDATE)),
                limited={arm: _limited(trials.scored(model, arm)) for arm in arms},
            )
        )
    return figures


def _lift_deltas(trials: Trials, model: int) -> list[float]:
    return st.paired(trials.samples(model, Arm.CANDIDATE), trials.samples(model, Arm.BASELINE))


def version_deltas(trials: Trials, model: int, cases: Collection[str] | None = None) -> list[float]:
    """By case, how much more often this version passes than the approved one; of CASES, else of all."""
    ours = trials.samples_of_versions(model, Arm.CANDIDATE)
    theirs = trials.samples_of_versions(model, Arm.PREVIOUS)
    chosen = ours if cases is None else {key: ours[key] for key in ours if key in cases}
    return st.paired(chosen, theirs)


def _change(trials: Trials, model: int, confidence: float) -> IntervalEstimate:
    ours = trials.samples_of_versions(model, Arm.CANDIDATE)
    return st.difference(ours, trials.samples_of_versions(model, Arm.PREVIOUS), confidence)


def _rounded(estimate: IntervalEstimate) -> IntervalEstimate:
    def places(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    return IntervalEstimate(
        round(estimate.value, 4), places(estimate.low), places(estimate.high), estimate.cases
    )


def _mean_tokens(rows: Sequence[TrialRow]) -> float:
    return round(fmean(row.tokens for row in rows), 1) if rows else 0.0


def _mean_micros(rows: Sequence[TrialRow]) -> float | None:
    """None as soon as one trial has no price: a mean of the rest would look cheaper than it was."""
    priced = [row.micros for row in rows if row.micros is not None]
    return round(fmean(priced), 1) if priced and len(priced) == len(rows) else None


def _cost_range(rows: Sequence[TrialRow]) -> tuple[float, float] | None:
    """The 95 % interval of what a trial costs: of the mean over cases, as those of the rates."""
    by_case: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.micros is None:
            return None
        by_case[row.case].append(row.micros)
    found = st.mean_interval([fmean(costs) for costs in by_case.values()])
    return (max(0.0, round(found[0], 1)), round(found[1], 1)) if found else None


def _cost_ratio(tokens: Mapping[Arm, float], micros: Mapping[Arm, float | None]) -> float | None:
    """Candidate to baseline, in money where both have a price, else in tokens."""
    candidate, baseline = micros.get(Arm.CANDIDATE), micros.get(Arm.BASELINE)
    if not candidate or not baseline:
        candidate, baseline = tokens.get(Arm.CANDIDATE), tokens.get(Arm.BASELINE)
    return round(candidate / baseline, 3) if candidate and baseline else None


def _invocation(rows: Sequence[TrialRow]) -> float | None:
    return round(fmean(row.invoked for row in rows), 4) if rows else None


def _limited(rows: Sequence[TrialRow]) -> float:
    """The share of them that failed by a limit."""
    return round(fmean(row.outcome == Outcome.FAILED_LIMIT for row in rows), 4) if rows else 0.0


def _seconds(rows: Sequence[TrialRow]) -> tuple[float, float] | None:
    seconds = sorted(row.seconds for row in rows)
    if not seconds:
        return None
    return round(median(seconds), 2), round(seconds[int(_SLOW * (len(seconds) - 1))], 2)


def _triggers(rows: Sequence[TrialRow]) -> tuple[int, int] | None:
    return (sum(row.passed for row in rows), len(rows)) if rows else None


def _regressions(
    histories: Mapping[rg.Cell, rg.History], cases: Sequence[CaseRecord], names: Mapping[int, str]
) -> list[Regression]:
    """Cells whose rate fell and what fresh repeats say of them, confirmed ones first."""
    labels = {case["key"]: case["label"] for case in cases}
    statuses = rg.statuses(histories)
    regressions = [
        Regression(
            case=case,
            label=labels[case],
            model=model,
            on=names[model],
            status=statuses[case, model],
            again=history.again,
            again_before=history.again_before,
        )
        for (case, model), history in histories.items()
    ]
    order = list(RegressionStatus)
    return sorted(regressions, key=lambda regression: order.index(regression.status))


def _flaky(trials: Trials, cases: Sequence[CaseRecord], names: Mapping[int, str]) -> list[FlakyCell]:
    cells = []
    for model, name in names.items():
        candidate = trials.samples(model, Arm.CANDIDATE)
        baseline = trials.samples(model, Arm.BASELINE)
        for case in cases:
            key = case["key"]
            if _is_mixed(candidate.get(key, [])) and _is_mixed(baseline.get(key, [])):
                cells.append(FlakyCell(key, case["label"], model, name))
    return cells


def _is_mixed(passes: Sequence[bool]) -> bool:
    return 0 < sum(passes) < len(passes)


def _calibration(labels: Sequence[tuple[bool, bool]]) -> JudgeCalibration:
    kappa = st.kappa(labels) if len(labels) >= _FEWEST_LABELS else None
    return JudgeCalibration(
        labels=len(labels),
        kappa=None if kappa is None else round(kappa, 3),
        false_passes=sum(judge and not person for judge, person in labels),
        false_fails=sum(person and not judge for judge, person in labels),
        advisory=kappa is not None and kappa < _TRUSTED_KAPPA,
    )
