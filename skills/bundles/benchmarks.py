"""Reads the `benchmark.json` of the skill-creator ecosystem: what somebody's own tool says it has measured.

Nobody here has seen it happen, so it is shown as evidence from elsewhere and opens no gate.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any, Self

from skills.bundles import strict_json
from skills.lib.errors import Problem, ProblemSeverity

Json = Mapping[str, Any]
BENCHMARK = "evals/benchmark.json"  # where we put one that somebody brings
_NAME = "benchmark.json"
_REMEDY = "Its shape is described in the references of the skill `skill-creator`."
_MOST_FILES = 5  # of one bundle, the newest
_MOST_RUNS = 20_000  # of one file
_MOST_CONFIGURATIONS = 10
_MOST_MODELS = 20
_MOST_NOTES = 10
_LONGEST_NAME = 100  # characters
_LONGEST_NOTE = 300


class NotABenchmark(Exception):
    """JSON of another shape; the text says what is missing."""


@dataclass(frozen=True, kw_only=True)
class OutsideConfiguration:
    """One way the skill was run elsewhere, as `with_skill`. Means are of one run; None where none is told."""

    name: str
    runs: int
    cases: int
    pass_rate: float | None
    seconds: float | None
    tokens: float | None

    @classmethod
    def from_json(cls, row: Json) -> Self:
        return cls(**row)

    @property
    def label(self) -> str:
        return self.name.replace("_", " ")


@dataclass(frozen=True, kw_only=True)
class OutsideBenchmark:
    """One such file, boiled down to what people compare."""

    path: str
    skill: str
    model: str
    judge: str
    measured_at: str  # as written there
    configurations: tuple[OutsideConfiguration, ...]
    notes: tuple[str, ...]

    @classmethod
    def from_json(cls, row: Json) -> Self:
        rows = row["configurations"]
        return cls(
            **{
                **row,
                "configurations": tuple(map(OutsideConfiguration.from_json, rows)),
                "notes": tuple(row["notes"]),
            }
        )

    @property
    def lift(self) -> float | None:
        """With the skill minus without it; None unless both were measured."""
        rates = {configuration.name: configuration.pass_rate for configuration in self.configurations}
        ours, theirs = rates.get("with_skill"), rates.get("without_skill")
        return None if ours is None or theirs is None else ours - theirs


def read_benchmarks(files: Mapping[str, bytes]) -> tuple[tuple[OutsideBenchmark, ...], list[Problem]]:
    """Those of a bundle (path to bytes), the newest first, and what was wrong with others."""
    found: list[OutsideBenchmark] = []
    problems: list[Problem] = []
    for path in sorted(files):
        if path.rpartition("/")[2] != _NAME:
            continue
        try:
            found.append(read_benchmark(files[path], path))
        except strict_json.BadJson as error:
            problems.append(replace(error.problem, severity=ProblemSeverity.NOTE))
        except NotABenchmark as fault:
            text = f"Kept and not read as a benchmark: {fault}"
            problems.append(Problem("bad_benchmark", text, _REMEDY, file=path, severity=ProblemSeverity.NOTE))
    found.sort(key=lambda benchmark: benchmark.measured_at, reverse=True)
    return tuple(found[:_MOST_FILES]), problems


def read_benchmark(data: bytes, path: str) -> OutsideBenchmark:
    """One file; raises BadJson or NotABenchmark."""
    value = strict_json.load(data, path)
    if not isinstance(value, dict):
        raise NotABenchmark("it is not an object.")
    runs = [row for row in _list(value.get("runs")) if isinstance(row, dict)]
    if len(runs) > _MOST_RUNS:
        raise NotABenchmark(f"it has more than {_MOST_RUNS:,} runs.")
    configurations = _of_runs(runs) or _of_summary(_dict(value.get("run_summary")))
    if not configurations:
        raise NotABenchmark(
            "it has neither `runs` with a `configuration` and a `result`, nor a `run_summary`."
        )
    metadata = _dict(value.get("metadata"))
    models = sorted({_text(row.get("model")) for row in runs} - {""})[:_MOST_MODELS]
    notes = [_text(note, _LONGEST_NOTE) for note in _list(value.get("notes"))[:_MOST_NOTES]]
    return OutsideBenchmark(
        path=path,
        skill=_text(metadata.get("skill_name")),
        model=", ".join(models) or _text(metadata.get("executor_model")),
        judge=_text(metadata.get("analyzer_model")),
        measured_at=_text(metadata.get("timestamp")),
        configurations=tuple(configurations[:_MOST_CONFIGURATIONS]),
        notes=tuple(note for note in notes if note),
    )


def _of_runs(runs: Iterable[Json]) -> list[OutsideConfiguration]:
    """The configurations from single runs: what a summary claims need not be what they add up to."""
    by_name: dict[str, list[Json]] = defaultdict(list)
    for run in runs:
        if (name := _text(run.get("configuration"))) and isinstance(run.get("result"), dict):
            by_name[name].append(run)
    return [
        OutsideConfiguration(
            name=name,
            runs=len(rows),
            cases=len({_text(row.get("eval_id")) for row in rows}),
            pass_rate=_mean((row["result"].get("pass_rate") for row in rows), most=1.0),
            seconds=_mean(row["result"].get("time_seconds") for row in rows),
            tokens=_mean(row["result"].get("tokens") for row in rows),
        )
        for name, rows in by_name.items()
    ]


def _of_summary(summary: Json) -> list[OutsideConfiguration]:
    return [
        OutsideConfiguration(
            name=_text(name),
            runs=0,
            cases=0,
            pass_rate=_mean([_dict(figures.get("pass_rate")).get("mean")], most=1.0),
            seconds=_mean([_dict(figures.get("time_seconds")).get("mean")]),
            tokens=_mean([_dict(figures.get("tokens")).get("mean")]),
        )
        for name, figures in summary.items()
        if name != "delta" and isinstance(figures, dict) and figures
    ]


def _mean(values: Iterable[object], most: float = 1e12) -> float | None:
    """The mean of the numbers among VALUES that lie between 0 and MOST."""
    numbers = [
        float(value)
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most
    ]
    return round(fmean(numbers), 4) if numbers else None


def _text(value: object, longest: int = _LONGEST_NAME) -> str:
    """Text, or a number as such, in one line; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())[:longest]


def _dict(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
