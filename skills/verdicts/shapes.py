"""The report of an evaluation: what a run has shown, as the values that pages, gates and the API read.

A report is kept as JSON whose field names are those of these classes. Reports of earlier releases lie in
the database too: a field that came later is read with a default.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self, TypeVar

from skills.verdicts.arms import Arm
from skills.verdicts.causes import Failure
from skills.verdicts.outcomes import EvaluationVerdict, Outcome, RegressionStatus
from skills.verdicts.statistics import CONFIDENCE, IntervalEstimate

Json = Mapping[str, Any]
Number = TypeVar("Number", int, float)
_ROUNDING = 1e-9
NOT_MEASURED = IntervalEstimate(0.0, None, None, 0)


@dataclass(frozen=True, kw_only=True)
class ModelFigures:
    """What one model did: rates, costs and the difference that the skill made. Means are of one trial."""

    id: int
    label: str
    verdict: EvaluationVerdict
    change_verdict: EvaluationVerdict | None  # None where there is no previous version
    rates: Mapping[Arm, IntervalEstimate]  # share of cases passed
    lift: IntervalEstimate  # candidate minus baseline
    change: IntervalEstimate | None  # candidate minus previous
    tokens: Mapping[Arm, float]
    micros: Mapping[Arm, float | None]  # None without a price
    cost_ratio: float | None  # candidate to baseline
    invocation: float | None  # share of trials that opened the skill
    seconds: tuple[float, float] | None  # median and 95th percentile
    triggers: tuple[int, int] | None  # trigger trials passed, of how many
    limited: Mapping[Arm, float] = field(default_factory=dict)  # share of trials that failed by a limit
    cost_range: tuple[float, float] | None = None  # 95 % interval of the micros of a trial with the skill

    @classmethod
    def from_json(cls, value: Json) -> Self:
        changed = value.get("change_verdict")
        change = value.get("change")
        return cls(
            id=value["id"],
            label=value["label"],
            verdict=EvaluationVerdict(value["verdict"]),
            change_verdict=EvaluationVerdict(changed) if changed else None,
            rates={Arm(arm): _interval(rate) for arm, rate in value["rates"].items()},
            lift=_interval(value.get("lift")),
            change=_interval(change) if change else None,
            tokens={Arm(arm): mean for arm, mean in value.get("tokens", {}).items()},
            micros={Arm(arm): mean for arm, mean in value.get("micros", {}).items()},
            cost_ratio=value.get("cost_ratio"),
            invocation=value.get("invocation"),
            seconds=_pair(value.get("seconds")),
            triggers=_pair(value.get("triggers")),
            limited={Arm(arm): share for arm, share in value.get("limited", {}).items()},
            cost_range=_pair(value.get("cost_range")),
        )

    @property
    def rate(self) -> IntervalEstimate:
        """The share of cases passed with the skill."""
        return self.rates.get(Arm.CANDIDATE, NOT_MEASURED)

    @property
    def was_scored(self) -> bool:
        """Whether there is any trial with the skill that counts."""
        rate = self.rates.get(Arm.CANDIDATE)
        return rate is not None and rate.cases > 0

    @property
    def limited_with(self) -> float:
        """The share of trials with the skill that failed by a limit."""
        return self.limited.get(Arm.CANDIDATE, 0.0)

    @property
    def cost(self) -> float | None:
        """Micros of one trial with the skill; None without a price."""
        return self.micros.get(Arm.CANDIDATE)

    @property
    def cost_error(self) -> float | None:
        """Half of the cost's interval as a share of the cost; None where there is none."""
        if not self.cost or self.cost_range is None:
            return None
        low, high = self.cost_range
        return (high - low) / 2 / self.cost

    @property
    def cost_without(self) -> float | None:
        """Micros of one trial without the skill; None without a price."""
        return self.micros.get(Arm.BASELINE)


@dataclass(frozen=True, kw_only=True)
class Regression:
    """A case whose pass rate fell on one model; `again` and `again_before` are (passed, scored)."""

    case: str  # its key
    label: str
    model: int  # its id
    on: str  # its label
    status: RegressionStatus
    again: tuple[int, int] = (0, 0)  # fresh repeats of this version
    again_before: tuple[int, int] = (0, 0)  # and of the approved one

    @classmethod
    def from_json(cls, value: Json) -> Self:
        return cls(
            case=value["case"],
            label=value["label"],
            model=value["model"],
            on=value["on"],
            status=RegressionStatus(value["status"]),
            again=_pair(value.get("again")) or (0, 0),
            again_before=_pair(value.get("again_before")) or (0, 0),
        )


@dataclass(frozen=True)
class FlakyCell:
    """A case that passes now and then on one model, with the skill and without."""

    case: str  # its key
    label: str
    model: int  # its id
    on: str  # its label

    @classmethod
    def from_json(cls, value: Json) -> Self:
        return cls(value["case"], value["label"], value["model"], value["on"])


@dataclass(frozen=True, kw_only=True)
class UselessAssertion:
    """An assertion that passes without the skill, or fails everywhere: it tells nothing about the skill."""

    case: str  # its key
    label: str
    assertion: int  # its place in the case, from 0
    text: str
    always: bool  # whether it passes without the skill in every repeat on every model; else it always fails

    @classmethod
    def from_json(cls, value: Json) -> Self:
        return cls(
            case=value["case"],
            label=value["label"],
            assertion=value["assertion"],
            text=value["text"],
            always=value["always"],
        )


@dataclass(frozen=True)
class SolvedCase:
    """A case that every model solves without the skill in every repeat: it cannot show that it helps."""

    case: str  # its key
    label: str

    @classmethod
    def from_json(cls, value: Json) -> Self:
        return cls(value["case"], value["label"])


@dataclass(frozen=True, kw_only=True)
class JudgeCalibration:
    """How often people agreed with the judge."""

    labels: int = 0  # grades that a person looked at
    kappa: float | None = None  # None while there are too few
    false_passes: int = 0
    false_fails: int = 0
    advisory: bool = False  # the judge agrees with people too seldom to be relied on

    @classmethod
    def from_json(cls, value: Json) -> Self:
        return cls(
            labels=value.get("labels", 0),
            kappa=value.get("kappa"),
            false_passes=value.get("false_passes", 0),
            false_fails=value.get("false_fails", 0),
            advisory=value.get("advisory", False),
        )


@dataclass(frozen=True, kw_only=True)
class UnscoredTrials:
    """Trials that count neither way, all for one cause."""

    outcome: str  # an Outcome; "" where a trial has none, because the run ended before it did
    cause: str  # a Failure as text; "" in earlier releases
    count: int
    models: tuple[str, ...]  # their labels

    @classmethod
    def from_json(cls, value: Json) -> Self:
        return cls(
            outcome=value["outcome"],
            cause=value["cause"],
            count=value["count"],
            models=tuple(value["models"]),
        )

    @property
    def words(self) -> str:
        if self.outcome == Outcome.LIMIT:
            return "a limit was met, in a release that did not count that"
        return Failure.from_text(self.cause).words


@dataclass(frozen=True, kw_only=True)
class EvaluationReport:
    """What a run has shown."""

    state: EvaluationVerdict
    sentence: str
    advice: str  # "" where there is nothing to say
    models: tuple[ModelFigures, ...]
    frontier: tuple[int, ...]  # ids of the models that no other beats in both cost and rate
    regressions: tuple[Regression, ...]  # confirmed ones first
    flaky: tuple[FlakyCell, ...]
    useless: tuple[UselessAssertion, ...]
    judge: JudgeCalibration
    not_scored: int
    total: int
    unscored: tuple[UnscoredTrials, ...] = ()  # those not scored, by cause
    limited: int = 0  # trials that failed by a limit; scored, and counted as failed
    margin: float = 0.0  # how much lower a rate the advice calls as good; 0 before it was tested
    contenders: tuple[int, ...] = ()  # ids of models off the frontier that may belong there
    solved_without: tuple[SolvedCase, ...] = ()
    runs: int = 1  # evaluations of the same bytes whose trials are in it
    confidence: float = CONFIDENCE  # of verdicts and differences; higher with each further look

    @classmethod
    def from_json(cls, value: Json) -> Self:
        return cls(
            state=EvaluationVerdict(value["state"]),
            sentence=value["sentence"],
            # Earlier releases advised without a test: a sentence that nobody can rely on is not repeated.
            advice=value["advice"] if value.get("margin") else "",
            models=tuple(ModelFigures.from_json(row) for row in value["models"]),
            frontier=tuple(value.get("frontier", ())),
            regressions=tuple(Regression.from_json(row) for row in value.get("regressions", ())),
            flaky=tuple(FlakyCell.from_json(row) for row in value.get("flaky", ())),
            useless=tuple(UselessAssertion.from_json(row) for row in value.get("useless", ())),
            solved_without=tuple(SolvedCase.from_json(row) for row in value.get("solved_without", ())),
            judge=JudgeCalibration.from_json(value.get("judge", {})),
            not_scored=value.get("not_scored", 0),
            total=value.get("total", 0),
            unscored=tuple(UnscoredTrials.from_json(row) for row in value.get("unscored", ())),
            limited=value.get("limited", 0),
            margin=value.get("margin", 0.0),
            contenders=tuple(value.get("contenders", ())),
            runs=value.get("runs", 1),
            confidence=value.get("confidence", CONFIDENCE),
        )

    def to_json(self) -> dict[str, object]:
        """Plain JSON: lists for tuples and text for the words of an enum, as the database gives it back."""
        plain: dict[str, object] = json.loads(json.dumps(asdict(self)))
        return plain

    @property
    def is_stricter(self) -> bool:
        """Whether its verdicts are held to more than usual, because it was not the first look."""
        return self.confidence > CONFIDENCE + _ROUNDING

    @property
    def margin_points(self) -> int:
        return round(100 * self.margin)

    def count(self, status: RegressionStatus) -> int:
        """How many regressions are of this status."""
        return sum(regression.status == status for regression in self.regressions)

    @property
    def suspected(self) -> list[tuple[str, int]]:
        """(case, model) of every cell that waits for its re-run."""
        return [
            (regression.case, regression.model)
            for regression in self.regressions
            if regression.status == RegressionStatus.SUSPECTED
        ]


def _interval(value: Json | None) -> IntervalEstimate:
    if not value:
        return NOT_MEASURED
    return IntervalEstimate(value["value"], value["low"], value["high"], value["cases"])


def _pair(value: Sequence[Number] | None) -> tuple[Number, Number] | None:
    return (value[0], value[1]) if value else None
