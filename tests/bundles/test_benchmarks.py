"""A benchmark.json from elsewhere, read with care: what it says is shown, and nothing else."""

import json

import pytest

from skills.bundles.benchmarks import NotABenchmark, OutsideBenchmark, read_benchmark, read_benchmarks
from skills.bundles.manifest import Manifest
from skills.bundles.strict_json import BadJson
from skills.lib.errors import ProblemSeverity


def a_run(configuration="with_skill", eval_id=1, rate=1.0, **more):
    result = {"pass_rate": rate, "passed": 3, "total": 3, "time_seconds": 4.0, "tokens": 100}
    return {"eval_id": eval_id, "configuration": configuration, "run_number": 1, "result": result} | more


def read(value, path="evals/benchmark.json"):
    return read_benchmark(json.dumps(value).encode(), path)


def test_runs_are_added_up_whatever_the_summary_claims():
    runs = [a_run(rate=0.5), a_run(eval_id=2), a_run("without_skill", rate=0.25)]

    found = read({"runs": runs, "run_summary": {"with_skill": {"pass_rate": {"mean": 1.0}}}})

    ours, theirs = found.configurations
    assert (ours.name, ours.runs, ours.cases, ours.pass_rate) == ("with_skill", 2, 2, 0.75)
    assert (theirs.label, theirs.seconds, theirs.tokens) == ("without skill", 4.0, 100)
    assert found.lift == 0.5


def test_a_summary_alone_is_read_without_its_difference():
    summary = {
        name: {"pass_rate": {"mean": rate}} for name, rate in (("with_skill", 0.8), ("old_skill", 0.6))
    }

    found = read({"run_summary": summary | {"delta": {"pass_rate": "+0.20"}}})

    assert [(row.name, row.pass_rate, row.runs) for row in found.configurations] == [
        ("with_skill", 0.8, 0),
        ("old_skill", 0.6, 0),
    ]
    assert found.lift is None


def test_who_measured_what_and_when_is_kept_as_written():
    metadata = {"skill_name": "pdf", "executor_model": "x", "timestamp": "2026-01-15T10:30:00Z"}

    found = read(
        {"metadata": metadata, "runs": [a_run(model="large"), a_run(model="small")], "notes": ["A", 7]}
    )

    assert (found.skill, found.model, found.measured_at) == ("pdf", "large, small", "2026-01-15T10:30:00Z")
    assert found.notes == ("A", "7")


@pytest.mark.parametrize("rate", [None, "0.5", True, -1, 7, [], {}])
def test_what_is_no_rate_is_none(rate):
    found = read({"runs": [a_run(rate=rate)]})

    assert found.configurations[0].pass_rate is None


@pytest.mark.parametrize(
    "value", [[], 1, {}, {"runs": []}, {"runs": [1, {"configuration": "x"}]}, {"run_summary": {"delta": {}}}]
)
def test_json_of_another_shape_is_no_benchmark(value):
    with pytest.raises(NotABenchmark):
        read(value)


def test_what_is_no_json_is_refused():
    with pytest.raises(BadJson):
        read_benchmark(b"{", "benchmark.json")


def test_those_of_a_bundle_come_newest_first_and_bad_ones_are_notes():
    def dated(day):
        return json.dumps({"metadata": {"timestamp": f"2026-01-0{day}"}, "runs": [a_run()]}).encode()

    files = {
        "benchmarks/1/benchmark.json": dated(1),
        "benchmark.json": dated(2),
        "evals/benchmark.json": b"[]",
        "my-benchmark.json": dated(3),
        "benchmarks/2/benchmark.json": b"no",
    }

    found, problems = read_benchmarks(files)

    assert [row.path for row in found] == ["benchmark.json", "benchmarks/1/benchmark.json"]
    assert [problem.file for problem in problems] == ["benchmarks/2/benchmark.json", "evals/benchmark.json"]
    assert {problem.severity for problem in problems} == {ProblemSeverity.NOTE}


def test_a_manifest_keeps_them():
    benchmark = read({"runs": [a_run(), a_run("without_skill", rate=0.5)], "notes": ["So it is."]})

    stored = json.loads(json.dumps(Manifest(name="x", benchmarks=(benchmark,)).as_json()))

    assert Manifest.from_json(stored).benchmarks == (benchmark,)
    assert isinstance(Manifest.from_json(stored).benchmarks[0], OutsideBenchmark)
