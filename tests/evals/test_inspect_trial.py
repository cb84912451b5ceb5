"""One trial with our own parts alone: what a program in the sandbox decides, what is kept of a transcript."""

import asyncio
from dataclasses import dataclass

import pytest
from inspect_ai.model import ModelOutput, ModelUsage

from skills.budgets.settle import Usage
from skills.bundles.eval_cases import Assertion, AssertionKind
from skills.evals import sandbox
from skills.evals.engines.budgeted_models import METER
from skills.evals.engines.contract import CasePlan, RunPlan, TrialLimits, TrialPlan
from skills.evals.engines.inspect_trial import InspectTrial, plain, transcript
from skills.evals.engines.trial_tools import NoSandbox, as_text
from skills.evals.sandbox import CommandResult
from skills.verdicts.arms import Arm
from skills.verdicts.causes import Failure, FailureCause
from skills.verdicts.outcomes import Outcome

needs_sandbox = pytest.mark.skipif(
    bool(sandbox.why_unavailable("bwrap")), reason=f"no sandbox: {sandbox.why_unavailable('bwrap')}"
)


@dataclass
class Message:
    role: str
    text: str


def a_trial(output="", sandbox_kind="bwrap", model=None, judge=None, limits=None, **case):
    plan = RunPlan(
        run_id=1,
        skill_id=None,
        cases={"k": CasePlan(key="k", label="case", prompt="Count.", **case)},
        arms={Arm.BASELINE: None},
        models={},
        judge=None,
        trials=(),
        limits=limits or TrialLimits(),
        sandbox=sandbox_kind,
    )
    trial = InspectTrial(plan, TrialPlan("k", Arm.BASELINE, 1, 1), model, judge)
    trial.answers = [output] if output else []
    return trial


def run_python(trial, program):
    try:
        return asyncio.run(trial._run_python(program, trial.output))
    finally:
        trial.workspace.close()


@needs_sandbox
def test_a_program_that_prints_brackets_passes_by_its_exit_status():
    passed, evidence = run_python(a_trial(), "print('rows:'); print([1, 2])")

    assert passed
    assert evidence == "rows:\n[1, 2]"


@needs_sandbox
def test_a_program_that_fails_shows_how_it_ended():
    passed, evidence = run_python(a_trial("41"), "import sys; sys.exit(int(sys.stdin.read()) != 42)")

    assert not passed
    assert evidence == "[exit status 1]"


def test_a_program_without_a_sandbox_is_an_error_and_no_grade():
    with pytest.raises(NoSandbox):
        run_python(a_trial(sandbox_kind=""), "print(1)")


def test_a_model_reads_the_end_of_a_command_only_when_it_is_a_bad_one():
    assert as_text(CommandResult(0, "done")) == "done"
    assert as_text(CommandResult(2, "oh")) == "oh\n[exit status 2]"
    assert as_text(CommandResult(-9, "", "stopped after 30 seconds")) == "\n[stopped after 30 seconds]"


def test_a_transcript_is_cut_where_it_grows_past_what_is_kept():
    rows = transcript([Message("user", "a" * 150_000), Message("assistant", "b" * 150_000)])

    assert [len(row["text"]) for row in rows] == [150_000, 50_000]


def test_text_is_kept_without_what_the_database_refuses():
    assert plain("a\0b\ud800c") == "a�b?c"


class Model:
    """Gives ANSWERS in turn, the last one for ever; an exception is raised. Each takes SECONDS of its own."""

    def __init__(self, *answers, seconds=0.0, tokens=10):
        self.answers, self.seconds, self.tokens = list(answers), seconds, tokens

    async def generate(self, _messages, _tools=()):
        meter = METER.get()
        meter.seconds += self.seconds
        meter.used = Usage(meter.used.input + self.tokens, 0, 0)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def calls_a_tool():
    return ModelOutput.for_tool_call("m", "bash", {"command": "true"})


def answers(text, stop_reason="stop", *, used=True):
    output = ModelOutput.from_content("m", text, stop_reason=stop_reason)
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2) if used else None
    return output


def ended(**more):
    return asyncio.run(a_trial(sandbox_kind="", **more).run())


class TooLong(Exception):
    status_code = 400

    def __str__(self):
        return "the context length is exceeded"


@pytest.mark.parametrize(
    ("model", "cause"),
    [
        (Model(calls_a_tool()), FailureCause.TURNS),
        (Model(calls_a_tool(), tokens=600), FailureCause.TOKENS),
        (Model(calls_a_tool(), seconds=60), FailureCause.SECONDS),
        (Model(answers("Once upon", "max_tokens")), FailureCause.ANSWER_LENGTH),
        (Model(answers("Once upon", "model_length")), FailureCause.CONVERSATION_LENGTH),
        (Model(calls_a_tool(), answers("", "model_length", used=False)), FailureCause.CONVERSATION_LENGTH),
        (Model(calls_a_tool(), TooLong()), FailureCause.CONVERSATION_LENGTH),
    ],
)
def test_a_limit_that_the_candidate_meets_is_a_failure(model, cause):
    result = ended(model=model, limits=TrialLimits(turns=3, tokens=1_000, seconds=100))

    assert result.outcome == Outcome.FAILED_LIMIT
    assert result.failure == Failure(cause)
    assert not result.passed


@pytest.mark.parametrize(
    ("model", "cause"),
    [
        (Model(answers("", "model_length", used=False)), FailureCause.CASE_TOO_LONG),
        (Model(TooLong()), FailureCause.CASE_TOO_LONG),
        (Model(ConnectionRefusedError("[Errno 111]")), FailureCause.ENDPOINT_DOWN),
        (Model(calls_a_tool(), TimeoutError()), FailureCause.ENDPOINT_SLOW),
    ],
)
def test_what_the_candidate_did_not_do_is_an_error(model, cause):
    result = ended(model=model)

    assert result.outcome == Outcome.ERROR
    assert result.failure == Failure(cause)
    assert "Error" not in result.problem


def test_time_in_which_a_trial_only_waits_is_not_its_own():
    result = ended(model=Model(answers("Done.")), limits=TrialLimits(seconds=0))

    assert result.outcome == Outcome.SCORED


def test_a_cut_answer_opens_no_skill_which_is_right_where_none_should_be_opened():
    result = ended(model=Model(answers("Well, that", "max_tokens")), should_trigger=False)

    assert result.passed


JUDGED = (Assertion(AssertionKind.JUDGE, "Is kind"),)


def test_an_endpoint_that_fails_while_judging_is_said_to_be_the_judge_s():
    result = ended(model=Model(answers("Done.")), judge=Model(TimeoutError()), assertions=JUDGED)

    assert result.failure == Failure(FailureCause.ENDPOINT_SLOW, of_judge=True)
    assert result.problem == "While judging, the endpoint did not answer in time."


def test_a_judge_that_answers_no_json_twice_leaves_no_grade():
    result = ended(model=Model(answers("Done.")), judge=Model(answers("Yes!")), assertions=JUDGED)

    assert (result.failure, result.grades) == (Failure(FailureCause.JUDGE_UNREADABLE), ())


@needs_sandbox
def test_what_is_no_command_is_told_to_the_model_and_ends_no_trial():
    trial = a_trial()

    nul = asyncio.run(trial.workspace.run(["sh", "-c", "echo \0"]))
    long = asyncio.run(trial.workspace.run(["sh", "-c", "#" * 3_000_000]))
    trial.workspace.close()

    assert "not a command" in nul.problem
    assert long.problem == "the command is too long"
