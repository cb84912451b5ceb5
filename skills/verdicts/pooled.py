"""What all runs of the same bytes prove together, beside the plan that a policy asks for.

A gate reads these figures, so they are made for somebody who wants to get through it: every run counts and
none is chosen, what is missing counts against the skill, and each further run asks for a clearer result.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import EvaluationVerdict, RegressionStatus
from skills.verdicts.records import CaseRecord
from skills.verdicts.report import version_deltas
from skills.verdicts.shapes import Regression
from skills.verdicts.statistics import FEWEST_CASES, Samples, paired, verdicts
from skills.verdicts.trials import Trials

_CHANCE = 0.05  # that a skill without any lift is ever called one with a lift, however often it is tried
_MOST_MISSING = 0.10  # share of a model's planned trials without a result above which nothing is concluded


@dataclass(frozen=True, kw_only=True)
class StandardPlan:
    """What must have run before a gate opens. `models` are labels by id."""

    cases: int
    repeats: int
    models: Mapping[int, str]
    unknown_models: tuple[str, ...] = ()  # labels that a policy names and nobody has
    discerning: bool = False  # every case needs an assertion that the bare model fails


@dataclass(frozen=True, kw_only=True)
class ModelEvidence:
    """One model of the plan. `lift` is the mean, `at_least` the lower end of its interval, both -1 to 1."""

    label: str
    cases: int  # with a result in both arms
    missing: int  # trials of the plan without a result
    planned: int
    lift: float
    at_least: float | None  # None below FEWEST_CASES

    @property
    def is_whole(self) -> bool:
        return self.missing <= _MOST_MISSING * self.planned


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What runs of the same bytes have shown; see `reviews.eval_gates` for what opens which gate."""

    is_running: bool = False
    is_scripted: bool = False  # a script answered, and no model did
    is_early: bool = False  # the bytes were evaluated before they were a version, and not since
    models: tuple[ModelEvidence, ...] = ()
    silent_models: tuple[str, ...] = ()  # labels of the plan's models without a result
    unrun_hidden_cases: int = 0
    compared_with: str = ""  # number of the approved version of today; "" where there is none
    is_compared: bool = False  # every case ran with that version too
    earlier_falls: tuple[str, ...] = ()  # what fell in other bytes, and was not looked at again in these
    unrun_kept_cases: tuple[str, ...] = ()  # labels of that version's cases that this one did not run
    worse_models: tuple[str, ...] = ()  # labels of those that do worse than with that version
    regressions: tuple[Regression, ...] = ()  # of that comparison, but for cleared ones
    blunt_cases: tuple[str, ...] = ()  # labels of those in which the bare model fails no assertion

    @property
    def cases(self) -> int:
        """How many cases ran on every model."""
        return min((model.cases for model in self.models), default=0)

    @property
    def missing(self) -> tuple[ModelEvidence, ...]:
        return tuple(model for model in self.models if not model.is_whole)


def chance_of_look(looks: int) -> float:
    """How probable a false pass may be at this look, so that all looks together stay below _CHANCE.

    1/(1·2) + 1/(2·3) + 1/(3·4) + … = 1: the first look has the 2.5 % of a 95 % interval's lower end.
    """
    return _CHANCE / (looks * (looks + 1))


def lift_at_least(ours: Samples, theirs: Samples, *, repeats: int, chance: float) -> float | None:
    """The lower end of the lift's interval, wrong with at most CHANCE; None below FEWEST_CASES.

    A paired t interval over cases. Where fewer than REPEATS were scored, ours count as failed and theirs as
    passed. Its error is never below what the repeats alone would give: a few cases that happen to agree
    prove no certainty.
    """
    cases = [key for key in ours if ours[key] and theirs.get(key)]
    count = len(cases)
    if count < FEWEST_CASES:
        return None
    deltas, variances = [], []
    for key in cases:
        with_skill, its_variance = _rate(ours[key], repeats, missing_as=False)
        without, other_variance = _rate(theirs[key], repeats, missing_as=True)
        deltas.append(with_skill - without)
        variances.append(its_variance + other_variance)
    error = max(stdev(deltas), sqrt(fmean(variances))) / sqrt(count)
    from scipy.special import stdtrit

    return max(-1.0, fmean(deltas) - float(stdtrit(count - 1, 1 - chance)) * error)


def _rate(outcomes: Sequence[bool], repeats: int, *, missing_as: bool) -> tuple[float, float]:
    """(rate, variance of that rate) of one case; the variance after Jeffreys, so that 3 of 3 has some too."""
    count = max(len(outcomes), repeats)
    passed = sum(outcomes) + (count - len(outcomes) if missing_as else 0)
    smooth = (passed + 0.5) / (count + 1)
    return passed / count, smooth * (1 - smooth) / count


@dataclass(frozen=True, kw_only=True)
class PooledTrials:
    """The trials of all runs of the same bytes, each once.

    `official` are those of the version; `all` has beside them those of the same bytes before they were one.
    The earlier ones may have been picked among many for their luck: they lower a figure, and never raise it.
    """

    official: Trials
    all: Trials
    names: Mapping[int, str]  # labels of every model that was asked or should be, by id
    cases: Sequence[CaseRecord]  # those of today: the bundle's that could run, hidden ones, kept ones
    looks: int  # how many runs of the version, and of others since the last approval
    discerning: frozenset[str] = frozenset()
    """Keys of cases with an assertion that the bare model failed and that was met in some arm.

    One that fails in every arm cannot be met, so it says nothing about the model.
    """

    @property
    def graded(self) -> list[str]:
        """Keys of the cases that have a baseline."""
        return [case["key"] for case in self._own if case["trigger"] is None]

    @property
    def _own(self) -> list[CaseRecord]:
        """The cases without those that are kept from earlier versions."""
        return [case for case in self.cases if "kept_from" not in case]

    def by_task(self, samples: Samples) -> dict[str, list[bool]]:
        """SAMPLES with the repeats of cases that ask the same under one key.

        Whoever copies a case that the skill is good at, with a space more, has still one. With files the same
        words may ask for different things.
        """
        tasks: dict[str, str] = {}
        places = {}
        for case in self._own:
            words = "".join(letter for letter in case["prompt"].casefold() if letter.isalnum())
            task = case["key"] if case["files"] or not words else words
            places[case["key"]] = tasks.setdefault(task, case["key"])
        merged: dict[str, list[bool]] = {}
        for key, passes in samples.items():
            merged.setdefault(places.get(key, key), []).extend(passes)
        return merged

    @property
    def approved(self) -> set[str]:
        """Keys of the cases that the approved version has too; of all where it has none."""
        known = {case["key"] for case in self.cases if not case.get("is_new")}
        return known or {case["key"] for case in self.cases}

    @property
    def blunt(self) -> list[str]:
        """Labels of the cases without an assertion that the bare model fails."""
        return [
            "a hidden case" if case["hidden"] else case["label"]
            for case in self._own
            if case["trigger"] is None and case["key"] not in self.discerning
        ]


def models_of(pool: PooledTrials, plan: StandardPlan) -> list[ModelEvidence]:
    """The evidence on every model of the plan that has some, and on others that ran all of it.

    A model that leaves the plan after it did badly still counts.
    """
    found = []
    for model in sorted(pool.names, key=pool.names.__getitem__):
        evidence = _model_evidence(pool, plan, model)
        if evidence.cases and (model in plan.models or evidence.is_whole):
            found.append(evidence)
    return found


def _model_evidence(pool: PooledTrials, plan: StandardPlan, model: int) -> ModelEvidence:
    ours = pool.official.samples(model, Arm.CANDIDATE)
    theirs = pool.official.samples(model, Arm.BASELINE)
    deltas = paired(pool.by_task(ours), pool.by_task(theirs))
    return ModelEvidence(
        label=pool.names[model],
        cases=len(deltas),
        missing=_missing(ours, pool.graded, plan.repeats) + _missing(theirs, pool.graded, plan.repeats),
        planned=2 * plan.repeats * len(pool.graded),
        lift=fmean(deltas) if deltas else 0.0,
        at_least=_lowest_bound(pool, model, plan.repeats),
    )


def _lowest_bound(pool: PooledTrials, model: int, repeats: int) -> float | None:
    chance = chance_of_look(max(1, pool.looks))
    bounds = []
    for trials in (pool.official, pool.all):
        ours = pool.by_task(trials.samples(model, Arm.CANDIDATE))
        theirs = pool.by_task(trials.samples(model, Arm.BASELINE))
        bound = lift_at_least(ours, theirs, repeats=repeats, chance=chance)
        if bound is None:
            return None
        bounds.append(bound)
    return min(bounds)


def _missing(samples: Samples, cases: Sequence[str], repeats: int) -> int:
    return sum(max(0, repeats - len(samples.get(key, ()))) for key in cases)


def is_compared(pool: PooledTrials, plan: StandardPlan) -> bool:
    """Whether every model of the plan ran every case with the approved version too.

    A few trials may lack a result, but not all of a case: in a large plan that could be the one that fell.
    """
    keys = [case["key"] for case in pool.cases]
    allowed = _MOST_MISSING * plan.repeats * len(keys)
    tables = [
        pool.official.samples_of_all(model, arm)
        for model in plan.models
        for arm in (Arm.CANDIDATE, Arm.PREVIOUS)
    ]
    return all(
        _missing(samples, keys, plan.repeats) <= allowed and all(samples.get(key) for key in keys)
        for samples in tables
    )


def worse_models(pool: PooledTrials) -> set[str]:
    """Labels of the models on which the cases of the approved version pass less often than with it.

    Without the new cases, or whoever adds many easy ones would hide that the others fell.
    """
    deltas = {model: version_deltas(pool.official, model, pool.approved) for model in pool.names}
    found = verdicts(deltas)
    return {pool.names[model] for model in found if found[model] == EvaluationVerdict.REGRESSES}


def standing_regressions(found: Iterable[Regression]) -> tuple[Regression, ...]:
    """One for each cell, as its worst run says, without those that were cleared in every run."""
    worst: dict[tuple[str, int], Regression] = {}
    order = list(RegressionStatus)
    for regression in found:
        cell = regression.case, regression.model
        other = worst.get(cell)
        if other is None or order.index(regression.status) < order.index(other.status):
            worst[cell] = regression
    standing = [one for one in worst.values() if one.status != RegressionStatus.CLEARED]
    return tuple(sorted(standing, key=lambda one: (order.index(one.status), one.label, one.on)))
