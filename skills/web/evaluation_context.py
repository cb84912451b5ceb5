"""What a template needs to show the verdict of a run, wherever it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from skills.evals.models import Run
from skills.lib.charts import place
from skills.verdicts.arms import Arm
from skills.verdicts.shapes import EvaluationReport, ModelFigures
from skills.verdicts.statistics import IntervalEstimate
from skills.web.frontier_plot import FrontierPlot, frontier_plot


class EvaluationContext(TypedDict):
    """Run, report, the lines of its chart, and what each arm is called.

    `names` are numbers of versions where an arm has one, `titles` say what a trial was made with,
    `short_names` what to compare with.
    """

    run: Run | None
    report: EvaluationReport | None
    lines: "list[tuple[ModelFigures, Whisker]]"
    plot: FrontierPlot | None
    has_previous: bool
    names: dict[Arm, str]
    titles: dict[Arm, str]
    short_names: dict[Arm, str]


def evaluation_context(run: Run | None, *, pooled: bool = False) -> EvaluationContext:
    """What RUN has shown; where POOLED, what all evaluations of its bytes show together."""
    report = None
    if run:
        report = run.counted if pooled else run.evaluation
    names = arm_names(run)
    candidate, previous = names[Arm.CANDIDATE], names[Arm.PREVIOUS]
    return {
        "run": run,
        "report": report,
        "lines": [(model, whisker(model.rates)) for model in report.models] if report else [],
        "plot": frontier_plot(report) if report else None,
        "has_previous": bool(run and Arm.PREVIOUS in run.arms),
        "names": names,
        "titles": {
            Arm.CANDIDATE: f"with {candidate}",
            Arm.BASELINE: names[Arm.BASELINE],
            Arm.PREVIOUS: f"with {previous}",
        },
        "short_names": {Arm.BASELINE: "no skill", Arm.PREVIOUS: previous},
    }


def arm_names(run: Run | None) -> dict[Arm, str]:
    """What each arm is called: the number of its version, or words where it has none."""
    return {
        Arm.CANDIDATE: run.version.number if run and run.version else "this upload",
        Arm.BASELINE: "without the skill",
        Arm.PREVIOUS: run.previous.number if run and run.previous else "before",
    }


@dataclass(frozen=True, kw_only=True)
class Whisker:
    """One line of a dot-and-whisker chart, in per cent from the left; None is not drawn."""

    candidate: float | None
    low: float | None
    high: float | None
    baseline: float | None
    previous: float | None


def whisker(rates: Mapping[Arm, IntervalEstimate]) -> Whisker:
    """The dots of one model; an arm of which no case was scored has none."""
    measured = {arm: rate for arm, rate in rates.items() if rate.cases}
    dots = {arm: place(rate.value) for arm, rate in measured.items()}
    candidate = measured.get(Arm.CANDIDATE)
    return Whisker(
        candidate=dots.get(Arm.CANDIDATE),
        low=place(candidate.low) if candidate else None,
        high=place(candidate.high) if candidate else None,
        baseline=dots.get(Arm.BASELINE),
        previous=dots.get(Arm.PREVIOUS),
    )
