"""`benchmark.json` and `grading.json` with the field names of the skill-creator ecosystem."""

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean, stdev
from typing import Protocol, TypedDict

from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED
from skills.verdicts.records import CaseRecord, ModelRecord
from skills.verdicts.shapes import EvaluationReport
from skills.verdicts.trials import TrialRow

# The previous version has no place in the format.
_CONFIGURATIONS = {Arm.CANDIDATE: "with_skill", Arm.BASELINE: "without_skill"}


class BenchmarkRun(Protocol):
    """A run, as far as these files are concerned."""

    @property
    def name(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def repeats(self) -> int: ...
    @property
    def cases(self) -> list[CaseRecord]: ...
    @property
    def portfolio(self) -> list[ModelRecord]: ...
    @property
    def judge(self) -> ModelRecord | None: ...
    @property
    def evaluation(self) -> EvaluationReport | None: ...


class BenchmarkTrial(TrialRow, Protocol):
    """A trial, as far as these files are concerned."""

    @property
    def repeat(self) -> int: ...
    @property
    def problem(self) -> str: ...
    @property
    def output(self) -> str: ...
    @property
    def tool_calls(self) -> int: ...


class Expectation(TypedDict):
    """One assertion and its grade."""

    text: str
    passed: bool
    evidence: str


class TrialResult(TypedDict):
    """The figures of one trial."""

    pass_rate: float
    passed: int
    failed: int
    total: int
    time_seconds: float
    tokens: int
    tool_calls: int
    errors: int


def benchmark(run: BenchmarkRun, trials: Sequence[BenchmarkTrial]) -> dict[str, object]:
    """benchmark.json: an entry for each trial and a summary for each configuration."""
    numbers = {case["key"]: number for number, case in enumerate(run.cases, 1)}
    known = [trial for trial in trials if trial.arm in _CONFIGURATIONS and trial.case in numbers]
    return {
        "metadata": {
            "skill_name": run.name,
            "skill_path": run.digest,
            "timestamp": run.created_at.isoformat(),
            "executor_model": ", ".join(model["label"] for model in run.portfolio),
            "analyzer_model": run.judge["label"] if run.judge else "",
            "evals_run": sorted(numbers.values()),
            "runs_per_configuration": run.repeats,
        },
        "runs": [_entry(run, trial, numbers[trial.case]) for trial in known],
        "run_summary": {
            name: _summary([trial for trial in known if trial.arm == arm and trial.outcome in COUNTED])
            for arm, name in _CONFIGURATIONS.items()
        },
        "notes": [run.evaluation.sentence] if run.evaluation else [],
    }


def grading(trial: BenchmarkTrial) -> dict[str, object]:
    """grading.json: the assertions of one trial."""
    result = _result(trial)
    return {
        "expectations": expectations(trial),
        "summary": {
            "passed": result["passed"],
            "failed": result["failed"],
            "total": result["total"],
            "pass_rate": result["pass_rate"],
        },
        "execution_metrics": {
            "total_tool_calls": trial.tool_calls,
            "output_chars": len(trial.output),
            "errors_encountered": result["errors"],
        },
        "timing": {"total_duration_seconds": result["time_seconds"]},
    }


def expectations(trial: BenchmarkTrial) -> list[Expectation]:
    """The assertions of a trial with their grades."""
    return [
        {"text": grade["text"], "passed": grade["passed"], "evidence": grade["evidence"]}
        for grade in trial.grades
    ]


def _entry(run: BenchmarkRun, trial: BenchmarkTrial, number: int) -> dict[str, object]:
    models = {model["id"]: model["label"] for model in run.portfolio}
    return {
        "eval_id": number,
        "eval_name": run.cases[number - 1]["label"],
        "configuration": _CONFIGURATIONS[trial.arm],
        "run_number": trial.repeat,
        "model": models.get(trial.model_id, ""),
        "result": _result(trial),
        "expectations": expectations(trial),
        "notes": [trial.problem] if trial.problem else [],
    }


def _result(trial: BenchmarkTrial) -> TrialResult:
    passed = sum(bool(grade["passed"]) for grade in trial.grades)
    total = len(trial.grades)
    return {
        "pass_rate": round(passed / total, 4) if total else 0.0,
        "passed": passed,
        "failed": total - passed,
        "total": total,
        "time_seconds": round(trial.seconds, 3),
        "tokens": trial.tokens,
        "tool_calls": trial.tool_calls,
        "errors": 0 if trial.outcome in COUNTED else 1,
    }


def _summary(trials: Sequence[BenchmarkTrial]) -> dict[str, dict[str, float]]:
    """Mean, spread and range of each figure; nothing where no trial was scored."""
    if not trials:
        return {}
    return {
        "pass_rate": _spread([_result(trial)["pass_rate"] for trial in trials]),
        "time_seconds": _spread([trial.seconds for trial in trials]),
        "tokens": _spread([float(trial.tokens) for trial in trials]),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {
        "mean": round(fmean(values), 4),
        "stddev": round(stdev(values), 4) if len(values) > 1 else 0.0,
        "min": min(values),
        "max": max(values),
    }
