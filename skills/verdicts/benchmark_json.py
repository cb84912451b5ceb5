"""`benchmark.json` and `grading.json` with the field names of the skill-creator ecosystem."""

import json
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from statistics import fmean, stdev
from typing import Protocol, TypedDict

from skills.bundles.eval_cases import AssertionKind
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED, Outcome
from skills.verdicts.records import CaseRecord, GradeRecord, ModelRecord
from skills.verdicts.shapes import EvaluationReport, UselessAssertion
from skills.verdicts.trials import TrialRow

# The previous version has no place in the format.
_CONFIGURATIONS = {Arm.CANDIDATE: "with_skill", Arm.BASELINE: "without_skill"}
# How the format writes a difference of each figure.
_SIGNED = {"pass_rate": "+.2f", "time_seconds": "+.1f", "tokens": "+.0f"}
# The format knows claims about how the work was done, about its quality, and about facts (all others).
_CLAIM_TYPES: dict[str, str] = {
    AssertionKind.TOOL_USED: "process",
    AssertionKind.TRIGGER: "process",
    AssertionKind.JUDGE: "quality",
}


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
    def tool_calls(self) -> int: ...


class GradedTrial(BenchmarkTrial, Protocol):
    """A trial with its answer."""

    @property
    def output(self) -> str: ...


class Expectation(TypedDict):
    """One assertion and its grade."""

    text: str
    passed: bool
    evidence: str


class Claim(TypedDict):
    """A statement about an outcome, with what was found when it was checked."""

    claim: str
    type: str
    verified: bool
    evidence: str


class Suggestion(TypedDict):
    """An assertion that should be better, and why."""

    assertion: str
    reason: str


class EvalFeedback(TypedDict):
    """What is wrong with the assertions themselves."""

    suggestions: list[Suggestion]
    overall: str


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


def benchmark(run: BenchmarkRun, trials: Iterable[BenchmarkTrial]) -> Iterator[str]:
    """benchmark.json piece by piece: an entry for each trial as it comes, then a summary of all of them.

    A run may have 20,000 trials; of each only its figures are kept.
    """
    # Kept cases come last, and are none of the skill's own.
    own = [case for case in run.cases if "kept_from" not in case]
    numbers = {case["key"]: number for number, case in enumerate(own, 1)}
    models = {model["id"]: (place, model["label"]) for place, model in enumerate(run.portfolio)}
    figures = {arm: _Figures() for arm in _CONFIGURATIONS}
    seen: set[str] = set()
    yield f'{{"metadata": {json.dumps(_metadata(run, numbers))},\n"runs": [\n'
    separator = ""
    for trial in trials:
        if trial.arm not in _CONFIGURATIONS or trial.case not in numbers:
            continue
        number = numbers[trial.case]
        place, label = models.get(trial.model_id, (0, ""))
        entry = {
            "eval_id": number,
            "eval_name": run.cases[number - 1]["label"],
            "configuration": _CONFIGURATIONS[trial.arm],
            # One for each model and repeat: the format knows one model, and would take several for one
            # another's.
            "run_number": place * run.repeats + trial.repeat,
            "model": label,
            **_facts(trial, run.cases[number - 1]),
        }
        yield f"{separator}{json.dumps(entry)}"
        separator = ",\n"
        seen.add(trial.case)
        if trial.outcome in COUNTED:
            figures[trial.arm].add(trial)
    rest = {
        "run_summary": _run_summary(figures),
        "notes": _notes(run),
        "eval_feedback": _feedback(run, seen),
    }
    yield f"\n],\n{json.dumps(rest).removeprefix('{')}\n"


def _metadata(run: BenchmarkRun, numbers: Mapping[str, int]) -> dict[str, object]:
    return {
        "skill_name": run.name,
        "skill_path": run.digest,
        "timestamp": run.created_at.isoformat(),
        "executor_model": ", ".join(model["label"] for model in run.portfolio),
        "analyzer_model": run.judge["label"] if run.judge else "",
        "evals_run": sorted(numbers.values()),
        "runs_per_configuration": run.repeats * len(run.portfolio),
    }


def grading(run: BenchmarkRun, trial: GradedTrial, tool_calls: Sequence[str] = ()) -> dict[str, object]:
    """grading.json: the assertions of one trial. TOOL_CALLS are the names of the tools it called."""
    case = next((case for case in run.cases if case["key"] == trial.case), None)
    grades = _grades(trial, case)
    result = _result(trial, grades)
    return {
        "expectations": _expectations(grades),
        "summary": {
            "passed": result["passed"],
            "failed": result["failed"],
            "total": result["total"],
            "pass_rate": result["pass_rate"],
        },
        "execution_metrics": {
            "tool_calls": dict(Counter(tool_calls)),
            "total_tool_calls": trial.tool_calls,
            "output_chars": len(trial.output),
            "errors_encountered": result["errors"],
        },
        "timing": {"total_duration_seconds": result["time_seconds"]},
        "claims": _claims(grades),
        "eval_feedback": _feedback(run, {trial.case}),
    }


def _grades(trial: BenchmarkTrial, case: CaseRecord | None) -> Sequence[GradeRecord]:
    """What the assertions of CASE came to; at a limit all failed, because there is no answer to look at."""
    if trial.grades or case is None or trial.outcome != Outcome.FAILED_LIMIT:
        return trial.grades
    evidence = trial.problem or "The trial met a limit."
    return [
        {"text": assertion["text"], "kind": assertion["kind"], "passed": False, "evidence": evidence}
        for assertion in case["assertions"]
    ]


def _expectations(grades: Sequence[GradeRecord]) -> list[Expectation]:
    return [
        {"text": grade["text"], "passed": grade["passed"], "evidence": grade["evidence"]} for grade in grades
    ]


def _facts(trial: BenchmarkTrial, case: CaseRecord) -> dict[str, object]:
    """What an entry says of TRIAL itself."""
    grades = _grades(trial, case)
    return {
        "repeat": trial.repeat,
        "result": _result(trial, grades),
        "expectations": _expectations(grades),
        "claims": _claims(grades),
        "notes": [trial.problem] if trial.problem else [],
    }


def _claims(grades: Sequence[GradeRecord]) -> list[Claim]:
    return [
        {
            "claim": grade["text"],
            "type": _CLAIM_TYPES.get(grade["kind"], "factual"),
            "verified": grade["passed"],
            "evidence": grade["evidence"],
        }
        for grade in grades
    ]


def _notes(run: BenchmarkRun) -> list[str]:
    """The verdict in words, and what a reader should know of single cases."""
    report = run.evaluation
    if report is None:
        return []
    flaky = [f"{cell.label} is flaky on {cell.on}: it passes now and then" for cell in report.flaky]
    return [line for line in (report.sentence, report.advice, *flaky) if line]


def _feedback(run: BenchmarkRun, cases: Collection[str]) -> EvalFeedback:
    """What the run has shown about the assertions of CASES."""
    useless = run.evaluation.useless if run.evaluation else ()
    found = [assertion for assertion in useless if assertion.case in cases]
    overall = f"{len(found) or 'None'} of the assertions tell nothing about the skill."
    return {"suggestions": [_suggestion(assertion) for assertion in found], "overall": overall}


def _suggestion(useless: UselessAssertion) -> Suggestion:
    reason = "It fails everywhere, with the skill and without it."
    if useless.always:
        reason = "It passes without the skill in every repeat, on every model."
    return {"assertion": useless.text, "reason": reason}


def _result(trial: BenchmarkTrial, grades: Sequence[GradeRecord]) -> TrialResult:
    passed = sum(bool(grade["passed"]) for grade in grades)
    total = len(grades)
    return {
        "pass_rate": _pass_rate(grades),
        "passed": passed,
        "failed": total - passed,
        "total": total,
        "time_seconds": round(trial.seconds, 3),
        "tokens": trial.tokens,
        "tool_calls": trial.tool_calls,
        "errors": 0 if trial.outcome in COUNTED else 1,
    }


def _pass_rate(grades: Sequence[GradeRecord]) -> float:
    return round(sum(bool(grade["passed"]) for grade in grades) / len(grades), 4) if grades else 0.0


class _Figures:
    """The figures of the scored trials of one configuration."""

    def __init__(self) -> None:
        self._kept = {name: array("d") for name in _SIGNED}

    def add(self, trial: BenchmarkTrial) -> None:
        self._kept["pass_rate"].append(_pass_rate(trial.grades))
        self._kept["time_seconds"].append(trial.seconds)
        self._kept["tokens"].append(trial.tokens)

    def summary(self) -> dict[str, dict[str, float]]:
        """Mean, spread and range of each; nothing where no trial was scored."""
        return {name: _spread(values) for name, values in self._kept.items() if values}


def _run_summary(figures: Mapping[Arm, _Figures]) -> dict[str, object]:
    """A summary for each configuration, with the skill first, and the difference where both have one."""
    summaries = {name: figures[arm].summary() for arm, name in _CONFIGURATIONS.items()}
    ours, theirs = (summaries[name] for name in _CONFIGURATIONS.values())
    both = {name: ours[name]["mean"] - theirs[name]["mean"] for name in _SIGNED if ours and theirs}
    return {**summaries, "delta": {name: format(delta, _SIGNED[name]) for name, delta in both.items()}}


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {
        "mean": round(fmean(values), 4),
        "stddev": round(stdev(values), 4) if len(values) > 1 else 0.0,
        "min": min(values),
        "max": max(values),
    }
