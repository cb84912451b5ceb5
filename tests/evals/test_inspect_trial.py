"""One trial with our own parts alone: what a program in the sandbox decides, what is kept of a transcript."""

import asyncio
from dataclasses import dataclass

import pytest

from skills.evals import sandbox
from skills.evals.engines.contract import CasePlan, RunPlan, TrialPlan
from skills.evals.engines.inspect_trial import InspectTrial, plain, transcript
from skills.evals.engines.trial_tools import NoSandbox, as_text
from skills.evals.sandbox import CommandResult
from skills.verdicts.arms import Arm

needs_sandbox = pytest.mark.skipif(
    bool(sandbox.why_unavailable("bwrap")), reason=f"no sandbox: {sandbox.why_unavailable('bwrap')}"
)


@dataclass
class Message:
    role: str
    text: str


def a_trial(output="", sandbox_kind="bwrap"):
    plan = RunPlan(
        run_id=1,
        skill_id=None,
        cases={"k": CasePlan(key="k", label="case", prompt="Count.")},
        arms={Arm.BASELINE: None},
        models={},
        judge=None,
        trials=(),
        sandbox=sandbox_kind,
    )
    trial = InspectTrial(plan, TrialPlan("k", Arm.BASELINE, 1, 1), None, None)
    trial.output = output
    return trial


def run_python(trial, program):
    try:
        return asyncio.run(trial._run_python(program))
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
