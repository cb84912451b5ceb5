"""Makes the report of a run: figures by model, the verdict in a sentence, regressions, advice. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import fmean, median
from typing import NamedTuple, Protocol

from skills.verdicts import statistics as st
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import EvaluationVerdict, Outcome, RegressionStatus
from skills.verdicts.records import CaseRecord, GradeRecord, ModelRecord
from skills.verdicts.shapes import (
    EvaluationReport,
    FlakyCell,
    JudgeCalibration,
    ModelFigures,
    Regression,
    UselessAssertion,
)
from skills.verdicts.statistics import IntervalEstimate

MOST_NOT_SCORED = 0.10  # share of trials not scored above which nothing is concluded
_CLOSE = 0.05  # how much lower a rate may be and still count as the same, where no interval says more
_FEWEST_LABELS = 30  # a kappa of fewer labels swings too much to be shown
_TRUSTED_KAPPA = 0.6  # "substantial agreement" after Landis and Koch (1977)
_SLOW = 0.95  # the percentile of seconds that is shown beside the median


class TrialRow(Protocol):
    """A trial, as far as a report is concerned."""

    @property
    def case(self) -> str: ...
    @property
    def arm(self) -> str: ...
    @property
    def model_id(self) -> int: ...
    @property
    def outcome(self) -> str: ...
    @property
    def passed(self) -> bool: ...
    @property
    def grades(self) -> Sequence[GradeRecord]: ...
    @property
    def invoked(self) -> bool: ...
    @property
    def micros(self) -> int | None: ...
    @property
    def seconds(self) -> float: ...
    @property
    def tokens(self) -> int: ...


Samples = dict[str, list[bool]]  # case key → whether each scored repeat passed


class _Trials:
    """The scored trials of a run by model and arm, those of trigger cases apart.

    Trigger cases ask whether the skill is opened, so they have no baseline and count in no rate.
    """

    def __init__(self, rows: Iterable[TrialRow], trigger_cases: Collection[str] = ()) -> None:
        self._rows: dict[tuple[int, str], list[TrialRow]] = defaultdict(list)
        self._triggers: dict[tuple[int, str], list[TrialRow]] = defaultdict(list)
        for row in rows:
            if row.outcome == Outcome.SCORED:
                table = self._triggers if row.case in trigger_cases else self._rows
                table[row.model_id, row.arm].append(row)

    def scored(self, model: int, arm: Arm) -> list[TrialRow]:
        return self._rows.get((model, arm), [])

    def triggers(self, model: int, arm: Arm) -> list[TrialRow]:
        return self._triggers.get((model, arm), [])

    def samples(self, model: int, arm: Arm) -> Samples:
        return _by_case(self.scored(model, arm))

    def samples_and_triggers(self, model: int, arm: Arm) -> Samples:
        return _by_case([*self.scored(model, arm), *self.triggers(model, arm)])


def _by_case(rows: Iterable[TrialRow]) -> Samples:
    samples: Samples = defaultdict(list)
    for row in rows:
        samples[row.case].append(row.passed)
    return samples


def make(
    *,
    cases: Sequence[CaseRecord],
    models: Sequence[ModelRecord],
    arms: Sequence[str],
    total: int,
    rows: Sequence[TrialRow],
    fresh: Sequence[TrialRow] = (),
    labels: Sequence[tuple[bool, bool]] = (),
) -> EvaluationReport:
    """The report of a run of TOTAL trials, of which ROWS have ended.

    FRESH are the re-runs of suspected cells, LABELS the (judge, person) verdicts on one assertion each.
    """
    trials = _Trials(rows, {case["key"] for case in cases if case["trigger"] is not None})
    names = {model["id"]: model["label"] for model in models}
    compared = [Arm(arm) for arm in arms]
    figures = _figures(trials, names, compared)
    regressions: list[Regression] = []
    if Arm.PREVIOUS in compared:
        regressions = _regressions(trials, _Trials(fresh), cases, names)
    not_scored = total - sum(row.outcome == Outcome.SCORED for row in rows)
    if total and not_scored / total <= MOST_NOT_SCORED:
        verdict = _verdict(figures, regressions)
        sentence = _sentence(verdict, figures, regressions)
    else:
        verdict = EvaluationVerdict.INCONCLUSIVE
        sentence = f"Inconclusive: {not_scored} of {total} trials were not scored"
    return EvaluationReport(
        state=verdict,
        sentence=sentence,
        advice=_advice(trials, figures),
        models=tuple(figures),
        frontier=_frontier(figures),
        regressions=tuple(regressions),
        flaky=tuple(_flaky(trials, cases, names)),
        useless=tuple(_useless(trials, cases, names)),
        judge=_calibration(labels),
        not_scored=not_scored,
        total=total,
    )


def _figures(trials: _Trials, names: Mapping[int, str], arms: Sequence[Arm]) -> list[ModelFigures]:
    """The figures of every model; verdicts are made together, corrected for how many there are."""
    has_previous = Arm.PREVIOUS in arms
    verdicts = st.verdicts({model: _deltas(trials, model, Arm.BASELINE) for model in names})
    changes = st.verdicts({model: _deltas(trials, model, Arm.PREVIOUS) for model in names if has_previous})
    figures = []
    for model, label in names.items():
        candidate = trials.samples(model, Arm.CANDIDATE)
        tokens = {arm: _mean_tokens(trials.scored(model, arm)) for arm in arms}
        micros = {arm: _mean_micros(trials.scored(model, arm)) for arm in arms}
        lift = st.difference(candidate, trials.samples(model, Arm.BASELINE))
        change = st.difference(candidate, trials.samples(model, Arm.PREVIOUS)) if has_previous else None
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
                cost_ratio=_cost_ratio(tokens, micros),
                invocation=_invocation(trials.scored(model, Arm.CANDIDATE)),
                seconds=_seconds(trials.scored(model, Arm.CANDIDATE)),
                triggers=_triggers(trials.triggers(model, Arm.CANDIDATE)),
            )
        )
    return figures


def _deltas(trials: _Trials, model: int, other: Arm) -> list[float]:
    return st.paired(trials.samples(model, Arm.CANDIDATE), trials.samples(model, other))


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


def _cost_ratio(tokens: Mapping[Arm, float], micros: Mapping[Arm, float | None]) -> float | None:
    """Candidate to baseline, in money where both have a price, else in tokens."""
    candidate, baseline = micros.get(Arm.CANDIDATE), micros.get(Arm.BASELINE)
    if not candidate or not baseline:
        candidate, baseline = tokens.get(Arm.CANDIDATE), tokens.get(Arm.BASELINE)
    return round(candidate / baseline, 3) if candidate and baseline else None


def _invocation(rows: Sequence[TrialRow]) -> float | None:
    return round(fmean(row.invoked for row in rows), 4) if rows else None


def _seconds(rows: Sequence[TrialRow]) -> tuple[float, float] | None:
    seconds = sorted(row.seconds for row in rows)
    if not seconds:
        return None
    return round(median(seconds), 2), round(seconds[int(_SLOW * (len(seconds) - 1))], 2)


def _triggers(rows: Sequence[TrialRow]) -> tuple[int, int] | None:
    return (sum(row.passed for row in rows), len(rows)) if rows else None


def _regressions(
    trials: _Trials, fresh: _Trials, cases: Sequence[CaseRecord], names: Mapping[int, str]
) -> list[Regression]:
    """Cells that turned from passing to failing, confirmed ones first."""
    regressions = []
    for model, name in names.items():
        candidate = trials.samples_and_triggers(model, Arm.CANDIDATE)
        previous = trials.samples_and_triggers(model, Arm.PREVIOUS)
        candidate_again = fresh.samples(model, Arm.CANDIDATE)
        previous_again = fresh.samples(model, Arm.PREVIOUS)
        for case in cases:
            key = case["key"]
            if st.is_suspected(candidate.get(key, []), previous.get(key, [])):
                status = _status(candidate_again.get(key, []), previous_again.get(key, []))
                regressions.append(
                    Regression(case=key, label=case["label"], model=model, on=name, status=status)
                )
    order = list(RegressionStatus)
    return sorted(regressions, key=lambda regression: order.index(regression.status))


def _status(candidate: Sequence[bool], previous: Sequence[bool]) -> RegressionStatus:
    """Fresh repeats alone confirm or clear: those that raised the suspicion were picked for looking bad."""
    if not candidate or not previous:
        return RegressionStatus.SUSPECTED
    if st.is_confirmed(candidate, previous):
        return RegressionStatus.CONFIRMED
    return RegressionStatus.CLEARED


def _flaky(trials: _Trials, cases: Sequence[CaseRecord], names: Mapping[int, str]) -> list[FlakyCell]:
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


def _useless(trials: _Trials, cases: Sequence[CaseRecord], models: Iterable[int]) -> list[UselessAssertion]:
    """Assertions with one and the same result in both arms on every model."""
    results: dict[tuple[str, int], dict[Arm, set[bool]]] = defaultdict(
        lambda: {Arm.CANDIDATE: set(), Arm.BASELINE: set()}
    )
    for model in models:
        for arm in (Arm.CANDIDATE, Arm.BASELINE):
            for row in trials.scored(model, arm):
                for number, grade in enumerate(row.grades):
                    results[row.case, number][arm].add(bool(grade["passed"]))
    known = {case["key"]: case for case in cases}
    useless = []
    for (key, number), by_arm in results.items():
        case = known.get(key)
        constant = len(by_arm[Arm.CANDIDATE]) == 1 and by_arm[Arm.CANDIDATE] == by_arm[Arm.BASELINE]
        if constant and case is not None and number < len(case["assertions"]):
            text = "(hidden)" if case["hidden"] else case["assertions"][number]["text"]
            always = next(iter(by_arm[Arm.CANDIDATE]))
            useless.append(
                UselessAssertion(case=key, label=case["label"], assertion=number, text=text, always=always)
            )
    return useless


class _Offer(NamedTuple):
    """A priced model: what a trial with the skill costs, and how often it passes."""

    model: int
    cost: float
    rate: float

    def beats(self, other: "_Offer") -> bool:
        """At least as good in both and better in one."""
        as_good = self.cost <= other.cost and self.rate >= other.rate
        return as_good and (self.cost, self.rate) != (other.cost, other.rate)


def _frontier(figures: Sequence[ModelFigures]) -> tuple[int, ...]:
    """Ids of the models that no other beats in both cost and rate."""
    offers = [
        _Offer(figure.id, figure.cost, figure.rates[Arm.CANDIDATE].value)
        for figure in figures
        if figure.cost is not None and figure.rates[Arm.CANDIDATE].cases
    ]
    return tuple(offer.model for offer in offers if not any(other.beats(offer) for other in offers))


def _advice(trials: _Trials, figures: Sequence[ModelFigures]) -> str:
    """The cheapest model that is as good as the best, in words a team lead can use; "" without one.

    As good as the best one with the skill, or as the best one without it, whichever a cheap model reaches
    first.
    """
    priced = sorted((figure for figure in figures if figure.cost), key=_cost)
    if not priced:
        return ""
    best_with = max(priced, key=lambda figure: (figure.rates[Arm.CANDIDATE].value, _cost(figure)))
    best_without = max(
        priced, key=lambda figure: (figure.rates[Arm.BASELINE].value, figure.cost_without or 0)
    )
    to_match = trials.samples(best_with.id, Arm.CANDIDATE)
    to_match_without = trials.samples(best_without.id, Arm.BASELINE)
    for cheap in priced:
        samples = trials.samples(cheap.id, Arm.CANDIDATE)
        share = _cost(cheap) / _cost(best_with)
        if cheap is not best_with and share < 1 and _as_good(samples, to_match):
            return (
                f"{cheap.label} with this skill is as good as {best_with.label} with it, "
                f"at {_percent(share)} of the cost."
            )
        if cheap is best_without or not best_without.cost_without:
            continue
        share = _cost(cheap) / best_without.cost_without
        if share < 1 and _as_good(samples, to_match_without):
            return (
                f"{cheap.label} with this skill matches {best_without.label} without it, "
                f"at {_percent(share)} of the cost."
            )
    return ""


def _cost(figure: ModelFigures) -> float:
    """What a trial with the skill costs on a model that has a price."""
    assert figure.cost is not None
    return figure.cost


def _as_good(ours: Samples, theirs: Samples) -> bool:
    """Whether ours is not clearly worse, and not much lower either."""
    gap = st.difference(ours, theirs)
    return gap.cases > 0 and gap.value >= -_CLOSE and (gap.high is None or gap.high >= 0)


def _percent(share: float) -> str:
    return f"{max(1, round(100 * share))} %"


def _calibration(labels: Sequence[tuple[bool, bool]]) -> JudgeCalibration:
    kappa = st.kappa(labels) if len(labels) >= _FEWEST_LABELS else None
    return JudgeCalibration(
        labels=len(labels),
        kappa=None if kappa is None else round(kappa, 3),
        false_passes=sum(judge and not person for judge, person in labels),
        false_fails=sum(person and not judge for judge, person in labels),
        advisory=kappa is not None and kappa < _TRUSTED_KAPPA,
    )


def _verdict(figures: Sequence[ModelFigures], regressions: Sequence[Regression]) -> EvaluationVerdict:
    """One verdict for the whole run, no better than its worst model."""
    verdicts = {figure.verdict for figure in figures}
    if _harmed(figures) or _confirmed(regressions):
        helps = EvaluationVerdict.IMPROVES in verdicts
        return EvaluationVerdict.MIXED if helps else EvaluationVerdict.REGRESSES
    return verdicts.pop() if len(verdicts) == 1 else EvaluationVerdict.MIXED


def _harmed(figures: Sequence[ModelFigures]) -> list[str]:
    """Labels of the models that do worse than without the skill, or than before."""
    return [
        figure.label
        for figure in figures
        if EvaluationVerdict.REGRESSES in (figure.verdict, figure.change_verdict)
    ]


def _confirmed(regressions: Sequence[Regression]) -> list[Regression]:
    return [regression for regression in regressions if regression.status == RegressionStatus.CONFIRMED]


def _sentence(
    verdict: EvaluationVerdict, figures: Sequence[ModelFigures], regressions: Sequence[Regression]
) -> str:
    """The verdict in words: where the skill helps, and where it does harm."""
    if verdict == EvaluationVerdict.TOO_FEW_CASES:
        return f"Too few cases to tell: at least {st.FEWEST_CASES} are needed"
    sentence = _where_it_helps(figures)
    if confirmed := _confirmed(regressions):
        places = ", ".join(sorted({regression.on for regression in confirmed}))
        plural = "s" if len(confirmed) > 1 else ""
        return f"{sentence}; {len(confirmed)} confirmed regression{plural} on {places}"
    if harmed := _harmed(figures):
        return f"{sentence}; worse on {', '.join(harmed)}"
    return sentence


def _where_it_helps(figures: Sequence[ModelFigures]) -> str:
    count = len(figures)
    helped = sum(figure.verdict == EvaluationVerdict.IMPROVES for figure in figures)
    if helped == count:
        return "Helps on the one model" if count == 1 else f"Helps on all {count} models"
    if helped:
        return f"Helps on {helped} of {count} models"
    return "No clear effect on the one model" if count == 1 else f"No clear effect on any of {count} models"
