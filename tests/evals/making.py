"""Plain functions that make skills with evals, runs and a fake engine."""

import json
from collections.abc import Sequence

from skills.budgets.call_roles import CallRole
from skills.evals.engines.contract import Result
from skills.evals.models import Purpose, Run, RunState
from skills.flows.evaluation.request import prepare_run, request_run
from skills.flows.evaluation.subject import subject_of_version
from skills.portfolio.call_bounds import CallBound
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import EvaluationVerdict, RegressionStatus
from skills.verdicts.shapes import EvaluationReport, JudgeCalibration, ModelFigures, Regression
from skills.verdicts.statistics import IntervalEstimate
from tests.factories import actor, files

CASES = 6


def files_with_evals(
    name: str = "greet-people", cases: int = CASES, better: bool = True, **more
) -> dict[str, bytes]:
    """With the skill every answer greets; without it only the last does."""
    evals = [
        {
            "id": f"case-{n}",
            "prompt": f"Greet person {n}.",
            "assertions": [{"type": "contains", "value": "Hello"}, "Names the person"],
        }
        for n in range(1, cases + 1)
    ]
    good, bad = [f"Hello, person {n}!" for n in range(1, cases + 1)], "Hm."
    answers = {
        f"case-{n}": {
            model: {
                "with_skill": [good[n - 1] if better else bad],
                "without_skill": [good[n - 1] if n == cases else bad],
            }
            for model in ("large", "small")
        }
        for n in range(1, cases + 1)
    }
    script = {"answers": answers, "judge": {"Names the person": "person"}}
    triggers = [
        {"query": "Say hello to Ann", "should_trigger": True},
        {"query": "Add 2 and 2", "should_trigger": False},
    ]
    return files(name, **more) | {
        "evals/evals.json": json.dumps({"evals": evals}).encode(),
        "evals/scripted.json": json.dumps(script).encode(),
        "evals/trigger_queries.json": json.dumps(triggers).encode(),
    }


def a_run(by, version, **more):
    """A run asked for through the flow."""
    subject = subject_of_version(version)
    prepared = prepare_run(actor=actor(by), subject=subject, **more)
    return request_run(actor=actor(by), prepared=prepared)


def a_report(*lifts: float, state: str = "improves", regressed: Sequence[str] = ()) -> dict:
    """A report as the database keeps it, with a model for each of LIFTS.

    The first of them has a regression for each status of REGRESSED.
    """
    models = tuple(
        ModelFigures(
            id=number,
            label=f"model-{number}",
            verdict=EvaluationVerdict.IMPROVES,
            change_verdict=None,
            rates={Arm.CANDIDATE: IntervalEstimate(0.75, None, None, 9)},
            lift=IntervalEstimate(lift, None, None, 9),
            change=None,
            tokens={},
            micros={Arm.CANDIDATE: 2_000.0},
            cost_ratio=None,
            invocation=None,
            seconds=None,
            triggers=None,
        )
        for number, lift in enumerate(lifts)
    )
    report = EvaluationReport(
        state=EvaluationVerdict(state),
        sentence="It helps.",
        advice="",
        models=models,
        frontier=(),
        regressions=tuple(
            Regression(
                case=f"key-{number}",
                label="refund",
                model=0,
                on="model-0",
                status=RegressionStatus(status),
            )
            for number, status in enumerate(regressed)
        ),
        flaky=(),
        useless=(),
        judge=JudgeCalibration(),
        not_scored=0,
        total=9,
    )
    return report.to_json()


class FakeEngine:
    """Answers at once by a rule; speaks to the real ledger and sink."""

    name = "fake"

    def __init__(
        self, passes=lambda trial: trial.arm == "candidate", outcome=lambda trial: "scored", after=None
    ):
        self.passes, self.outcome, self.after = passes, outcome, after
        self.done = 0

    def run(self, plan, ledger, sink, should_stop):
        from skills.budgets.settle import Usage

        for trial in plan.trials:
            if reason := should_stop():
                return reason
            model, bound = plan.models[trial.model], CallBound(500, 500)
            hold = ledger.reserve(model, CallRole.CANDIDATE, bound)
            used = Usage(100, 0, 20)
            ledger.settle(hold, model, used, bound)
            case = plan.cases[trial.case]
            grades = [
                {"text": a.text, "kind": a.kind, "passed": self.passes(trial), "evidence": "x"}
                for a in case.assertions
            ]
            if case.should_trigger is not None:
                grades = [
                    {"text": "trigger", "kind": "trigger", "passed": self.passes(trial), "evidence": "x"}
                ]
            sink.take(
                [
                    Result(
                        trial=trial,
                        outcome=self.outcome(trial),
                        grades=tuple(grades),
                        invoked=trial.arm != "baseline",
                        output="Hello",
                        usage=used,
                        micros=10,
                    )
                ]
            )
            self.done += 1
            if self.after and self.done >= self.after[0]:
                self.after[1]()
        return None


# What stands in a run for one model that a script answers, and for one that a provider answers.
SCRIPTED = [{"id": 1, "label": "script", "kind": "scripted"}]
REAL = [{"id": 2, "label": "real", "kind": "openai"}]
HELPS = a_report(0.5)


def a_finished_run(version, portfolio, report=HELPS, **more):
    """A whole evaluation of VERSION that has ended, on the models of PORTFOLIO."""
    values = {"purpose": Purpose.EVALUATE, "state": RunState.DONE} | more
    return Run.objects.create(
        team=version.skill.team,
        skill=version.skill,
        version=version,
        name=version.skill.name,
        digest=version.digest,
        requested_by=version.author,
        arms=["candidate", "baseline"],
        repeats=1,
        cases=[],
        portfolio=portfolio,
        total=1,
        worst_tokens=1,
        report=report,
        **values,
    )
