"""`benchmark.json` and `grading.json` with the field names of the skill-creator ecosystem."""

from statistics import fmean, stdev
from typing import Any

from skills.evals.models import Run, Trial
from skills.verdicts.arms import BASELINE, CANDIDATE

_CONFIGURATIONS = {CANDIDATE: "with_skill", BASELINE: "without_skill"}


def benchmark(run: Run, rows: list[Trial]) -> dict[str, Any]:
    """One entry a trial and a summary a configuration; the previous version has no place in the format."""
    cases = {case["key"]: number for number, case in enumerate(run.cases, 1)}
    labels = {case["key"]: case["label"] for case in run.cases}
    known = [row for row in rows if row.arm in _CONFIGURATIONS and row.case in cases]
    return {
        "metadata": {
            "skill_name": run.name,
            "skill_path": run.digest,
            "timestamp": run.created_at.isoformat(),
            "executor_model": ", ".join(model["label"] for model in run.portfolio),
            "analyzer_model": run.judge["label"] if run.judge else "",
            "evals_run": sorted(cases.values()),
            "runs_per_configuration": run.repeats,
        },
        "runs": [
            {
                "eval_id": cases[row.case],
                "eval_name": labels[row.case],
                "configuration": _CONFIGURATIONS[row.arm],
                "run_number": row.repeat,
                "model": _model(run, row),
                "result": _result(row),
                "expectations": expectations(row),
                "notes": [row.problem] if row.problem else [],
            }
            for row in known
        ],
        "run_summary": {
            name: _summary([row for row in known if row.arm == arm and row.outcome == "scored"])
            for arm, name in _CONFIGURATIONS.items()
        },
        "notes": [run.report["sentence"]] if run.report else [],
    }


def grading(row: Trial) -> dict[str, Any]:
    """One trial's assertions in the form of grading.json."""
    result = _result(row)
    return {
        "expectations": expectations(row),
        "summary": {key: result[key] for key in ("passed", "failed", "total", "pass_rate")},
        "execution_metrics": {
            "total_tool_calls": row.tool_calls,
            "output_chars": len(row.output),
            "errors_encountered": result["errors"],
        },
        "timing": {"total_duration_seconds": round(row.seconds, 3)},
    }


def expectations(row: Trial) -> list[dict[str, Any]]:
    return [{"text": one["text"], "passed": one["passed"], "evidence": one["evidence"]} for one in row.grades]


def _model(run: Run, row: Trial) -> str:
    return next((model["label"] for model in run.portfolio if model["id"] == row.model_id), "")


def _result(row: Trial) -> dict[str, Any]:
    passed = sum(bool(one["passed"]) for one in row.grades)
    total = len(row.grades)
    return {
        "pass_rate": round(passed / total, 4) if total else 0.0,
        "passed": passed,
        "failed": total - passed,
        "total": total,
        "time_seconds": round(row.seconds, 3),
        "tokens": row.tokens,
        "tool_calls": row.tool_calls,
        "errors": 0 if row.outcome == "scored" else 1,
    }


def _summary(rows: list[Trial]) -> dict[str, Any]:
    figures = {
        "pass_rate": [_result(row)["pass_rate"] for row in rows],
        "time_seconds": [row.seconds for row in rows],
        "tokens": [float(row.tokens) for row in rows],
    }
    return {
        name: {
            "mean": round(fmean(values), 4),
            "stddev": round(stdev(values), 4) if len(values) > 1 else 0.0,
            "min": min(values),
            "max": max(values),
        }
        for name, values in figures.items()
        if values
    }
