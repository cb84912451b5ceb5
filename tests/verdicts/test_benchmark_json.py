"""What we write as benchmark.json and grading.json is what the ecosystem's viewer reads."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from skills.verdicts import benchmark_json
from skills.verdicts.shapes import EvaluationReport
from tests.evals.making import a_report

MODELS = [{"id": 7, "label": "large"}, {"id": 3, "label": "small"}]
WRITTEN = [{"text": text, "kind": "contains", "value": "x"} for text in ("Greets", "Is polite")]
CASES = [{"key": key, "label": f"case {key}", "assertions": WRITTEN} for key in ("a", "b")]
USELESS = {"case": "b", "label": "case b", "assertion": 0, "text": "Is polite", "always": True}


@dataclass(frozen=True, kw_only=True)
class FinishedRun:
    name: str = "greet"
    digest: str = "sha256:0"
    created_at: datetime = datetime(2026, 11, 28, tzinfo=UTC)
    repeats: int = 2
    cases: list = field(default_factory=lambda: CASES)
    portfolio: list = field(default_factory=lambda: MODELS)
    judge: dict | None = None
    evaluation: EvaluationReport | None = field(
        default_factory=lambda: EvaluationReport.from_json(a_report(0.5) | {"useless": [USELESS]})
    )


@dataclass(frozen=True, kw_only=True)
class FinishedTrial:
    case: str = "a"
    arm: str = "candidate"
    model_id: int = 7
    repeat: int = 1
    outcome: str = "scored"
    passed: bool = True
    problem: str = ""
    output: str = "Hello"
    tool_calls: int = 1
    seconds: float = 2.0
    tokens: int = 100
    kind: str = "contains"
    is_graded: bool = True

    @property
    def grades(self):
        return self.is_graded * [
            {"text": "Greets", "kind": self.kind, "passed": self.passed, "evidence": "Hello"}
        ]


def trials():
    return [
        FinishedTrial(
            case=case,
            arm=arm,
            model_id=model,
            repeat=repeat,
            passed=arm == "candidate",
            seconds=3.0 if arm == "candidate" else 1.5,
            tokens=400 if arm == "candidate" else 150,
        )
        for case in "ab"
        for arm in ("candidate", "baseline", "previous")
        for model in (7, 3)
        for repeat in (1, 2)
    ]


def written(run, rows):
    return json.loads("".join(benchmark_json.benchmark(run, rows)))


def test_entries_are_written_as_trials_come():
    taken = []

    def come():
        for trial in trials() * 100:
            taken.append(trial)
            yield trial

    pieces = benchmark_json.benchmark(FinishedRun(), come())
    head = [next(pieces), next(pieces)]

    assert json.loads("".join([*head, "]}"]))["runs"][0]["eval_id"] == 1
    assert len(taken) == 1


def test_every_run_of_a_case_and_a_configuration_has_a_number_of_its_own():
    runs = written(FinishedRun(), trials())["runs"]

    keys = [(run["eval_id"], run["configuration"], run["run_number"]) for run in runs]
    assert len(set(keys)) == len(keys) == 16
    assert {run["run_number"]: run["model"] for run in runs} == {
        1: "large",
        2: "large",
        3: "small",
        4: "small",
    }


def test_the_number_of_runs_counts_all_models():
    metadata = written(FinishedRun(), trials())["metadata"]

    assert metadata["runs_per_configuration"] == 4


def test_the_summary_has_the_difference_as_signed_text():
    summary = written(FinishedRun(), trials())["run_summary"]

    assert list(summary) == ["with_skill", "without_skill", "delta"]
    assert summary["delta"] == {"pass_rate": "+1.00", "time_seconds": "+1.5", "tokens": "+250"}


def test_with_one_configuration_there_is_no_difference():
    only = [trial for trial in trials() if trial.arm == "candidate"]

    assert written(FinishedRun(), only)["run_summary"]["delta"] == {}


def test_claims_are_the_assertions_with_what_was_found():
    judged = replace(FinishedTrial(), kind="judge", passed=False)

    assert benchmark_json.grading(FinishedRun(), judged)["claims"] == [
        {"claim": "Greets", "type": "quality", "verified": False, "evidence": "Hello"}
    ]
    assert written(FinishedRun(), [FinishedTrial()])["runs"][0]["claims"][0]["type"] == "factual"


def test_feedback_names_the_assertions_that_tell_nothing():
    feedback = written(FinishedRun(), trials())["eval_feedback"]

    assert [row["assertion"] for row in feedback["suggestions"]] == ["Is polite"]
    assert "passes without the skill in every repeat" in feedback["suggestions"][0]["reason"]
    assert feedback["overall"].startswith("1 of the assertions")


def test_feedback_of_a_trial_is_about_its_case_alone():
    assert benchmark_json.grading(FinishedRun(), FinishedTrial())["eval_feedback"]["suggestions"] == []
    assert (
        benchmark_json.grading(FinishedRun(evaluation=None), FinishedTrial())["eval_feedback"]["suggestions"]
        == []
    )


def test_at_a_limit_every_expectation_of_the_case_is_there_and_failed():
    met = FinishedTrial(outcome="failed_limit", problem="No answer after 8 turns.", is_graded=False)

    graded = benchmark_json.grading(FinishedRun(), met)
    [entry] = written(FinishedRun(), [met])["runs"]

    assert [(row["text"], row["passed"], row["evidence"]) for row in graded["expectations"]] == [
        ("Greets", False, "No answer after 8 turns."),
        ("Is polite", False, "No answer after 8 turns."),
    ]
    assert graded["summary"] == {"passed": 0, "failed": 2, "total": 2, "pass_rate": 0.0}
    assert (entry["result"]["failed"], len(entry["expectations"]), len(entry["claims"])) == (2, 2, 2)


def test_a_trial_that_was_not_scored_has_no_expectations():
    lost = FinishedTrial(outcome="error", is_graded=False)

    assert benchmark_json.grading(FinishedRun(), lost)["expectations"] == []


def test_the_tools_that_were_called_are_counted_by_name():
    metrics = benchmark_json.grading(FinishedRun(), FinishedTrial(tool_calls=3), ["read", "bash", "read"])

    assert metrics["execution_metrics"]["tool_calls"] == {"read": 2, "bash": 1}
    assert metrics["execution_metrics"]["total_tool_calls"] == 3
