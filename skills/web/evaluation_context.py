"""What a template needs to show the verdict of a run, wherever it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skills.evals.models import Run
from skills.lib.charts import place
from skills.verdicts.arms import Arm
from skills.verdicts.statistics import IntervalEstimate


def evaluation_context(run: Run | None) -> dict[str, Any]:
    """Run, report, the lines of its chart, and what each arm is called.

    `names` are numbers of versions where an arm has one, `titles` say what a trial was made with,
    `short_names` what to compare with.
    """
    report = run.evaluation if run else None
    candidate = run.version.number if run and run.version else "this upload"
    previous = run.previous.number if run and run.previous else "before"
    return {
        "run": run,
        "report": report,
        "lines": [(model, whisker(model.rates)) for model in report.models] if report else [],
        "has_previous": bool(run and Arm.PREVIOUS in run.arms),
        "names": {
            Arm.CANDIDATE: candidate,
            Arm.BASELINE: "without the skill",
            Arm.PREVIOUS: previous,
        },
        "titles": {
            Arm.CANDIDATE: f"with {candidate}",
            Arm.BASELINE: "without the skill",
            Arm.PREVIOUS: f"with {previous}",
        },
        "short_names": {Arm.BASELINE: "no skill", Arm.PREVIOUS: previous},
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
