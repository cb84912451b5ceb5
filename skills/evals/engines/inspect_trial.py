"""One trial from its prompt to its grades, with inspect's models and its tool loop."""

import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from skills.budgets.reserve import OutOfBudget
from skills.bundles.eval_cases import Assertion, AssertionKind
from skills.evals.engines.budgeted_models import METER, Meter, RunStops
from skills.evals.engines.contract import Result, RunPlan, TrialPlan
from skills.evals.engines.failures import CaseTooLong, NoJudge, cause_of, sentence_of, status_of
from skills.evals.engines.trial_tools import SYSTEM, Workspace, as_text, prompt_of, tools_of
from skills.evals.readings import limited_grade
from skills.verdicts import grade
from skills.verdicts.causes import OF_THE_JUDGE, Failure, FailureCause
from skills.verdicts.outcomes import Outcome
from skills.verdicts.records import GradeRecord

if TYPE_CHECKING:
    from inspect_ai.model import ChatMessage, Model, ModelOutput
    from inspect_ai.tool import ToolDef

log = logging.getLogger(__name__)

_TRANSCRIPT = 200_000  # characters of a transcript that are kept
_ARGUMENTS = 4_000  # characters of a tool call's arguments that are kept
_CUT = ("max_tokens", "model_length")  # how an answer ends that is not whole
_TOO_LONG = "The conversation grew longer than the model can read."
_PYTHON_OUTPUT = 500  # the last characters that a check printed: a traceback ends with its reason


class Overrun(Exception):
    """The candidate used up what one trial may take: it has failed."""

    def __init__(self, cause: FailureCause, text: str) -> None:
        super().__init__(text)
        self.cause = cause


class InspectTrial:
    """One trial: what it has said and used so far, and how it was graded."""

    def __init__(self, plan: RunPlan, trial: TrialPlan, model: "Model", judge: "Model | None") -> None:
        self.plan, self.trial = plan, trial
        self.model, self.judge = model, judge
        self.case = plan.cases[trial.case]
        self.workspace = Workspace(case=self.case, skill=plan.arms[trial.arm], sandbox_kind=plan.sandbox)
        self.meter = Meter(trial=trial, case=self.case)
        self.messages: list[ChatMessage] = []
        self.output = ""
        self.grades: list[GradeRecord] = []
        self.asks_judge = False

    async def run(self) -> Result:
        """The trial to its end. Raises OutOfBudget or RunStops, which end the run; the rest is an outcome."""
        METER.set(self.meter)
        started = time.monotonic()
        outcome, failure, problem = Outcome.SCORED, None, ""
        try:
            self.output = await self._converse()
            self.grades = await self._grade()
        # Named first, because `except Exception` below would make it a fault of this one trial.
        except (OutOfBudget, RunStops):
            raise
        except Overrun as overrun:
            outcome, failure, problem = Outcome.FAILED_LIMIT, Failure(overrun.cause), str(overrun)
        except Exception as error:  # noqa: BLE001 - any fault of engine, model or script ends this trial only
            outcome, failure = Outcome.ERROR, self._failure_of(error)
            problem = sentence_of(failure, status_of(error))
        finally:
            self.workspace.close()
        return Result(
            trial=self.trial,
            outcome=outcome,
            grades=tuple(self.grades),
            invoked=self.workspace.opened_the_skill,
            output=plain(self.output),
            failure=failure,
            problem=problem,
            usage=self.meter.used,
            judge_usage=self.meter.judged,
            micros=self.meter.micros,
            seconds=time.monotonic() - started,
            tool_calls=len(self.workspace.tools_called),
            served_model=self.meter.served_model,
            messages=tuple(transcript(self.messages)),
        )

    def _failure_of(self, error: Exception) -> Failure:
        """Why there is no grade. Exceptions quote requests and keys, so only their kind is kept."""
        cause = cause_of(error)
        of_judge = self.asks_judge and cause not in OF_THE_JUDGE
        log.warning(
            "trial not scored", extra={"run": self.plan.run_id, "cause": cause, "error": type(error).__name__}
        )
        return Failure(cause, of_judge)

    async def _converse(self) -> str:
        """Let the model work until it answers without calling a tool; its last words. Raises Overrun.

        A trigger case ends with the first round of tools: only what is opened counts, so its answer is "".
        """
        from inspect_ai.model import ChatMessageSystem, ChatMessageUser, execute_tools

        limits, tools = self.plan.limits, tools_of(self.workspace)
        prompt = prompt_of(self.case, self.workspace.sandbox_kind)
        self.messages += [ChatMessageSystem(content=SYSTEM), ChatMessageUser(content=prompt)]
        for turn in range(limits.turns):
            answer = await self._next_answer(tools, is_first=turn == 0)
            if not answer.message.tool_calls:
                return str(answer.completion)
            self._check_used()
            started = time.monotonic()
            self.messages += (await execute_tools(self.messages, tools)).messages
            self.meter.seconds += time.monotonic() - started
            if self.case.should_trigger is not None:
                return ""
        raise Overrun(FailureCause.TURNS, f"There was no answer after {limits.turns} turns.")

    async def _next_answer(self, tools: "Sequence[ToolDef]", *, is_first: bool) -> "ModelOutput":
        """What the model says next; raises Overrun where what it has said and read so far is too long."""
        try:
            answer = await self.model.generate(self.messages, tools)
        except Exception as error:
            # The first question is the case's; what came on top of it is the candidate's.
            if is_first or cause_of(error) != FailureCause.CASE_TOO_LONG:
                raise
            raise Overrun(FailureCause.CONVERSATION_LENGTH, _TOO_LONG) from error
        self.messages.append(answer.message)
        # What a trigger case asks is which skill is opened, and a cut answer opens none.
        if answer.stop_reason == "max_tokens" and self.case.should_trigger is None:
            raise Overrun(FailureCause.ANSWER_LENGTH, "The answer was cut at the most tokens one may have.")
        if answer.stop_reason == "model_length":
            # Clients answer this for a question that is refused as too long, too: then nothing was used.
            if is_first and answer.usage is None:
                raise CaseTooLong("The model cannot read this case.")
            raise Overrun(FailureCause.CONVERSATION_LENGTH, _TOO_LONG)
        return answer

    def _check_used(self) -> None:
        """Raise Overrun where the trial may not go on. A call under way is bounded by its own limits."""
        limits, meter = self.plan.limits, self.meter
        if meter.used.total > limits.tokens:
            raise Overrun(FailureCause.TOKENS, f"The trial used more than {limits.tokens:,} tokens.")
        if meter.seconds > limits.seconds:
            text = f"The trial took more than {limits.seconds} seconds, waiting for others not counted."
            raise Overrun(FailureCause.SECONDS, text)

    async def _grade(self) -> list[GradeRecord]:
        """A grade for every assertion of the case, in its order; a trigger case has one of its own."""
        import anyio

        if self.case.should_trigger is not None:
            return [self._trigger_grade(should_trigger=self.case.should_trigger)]
        produced = await anyio.to_thread.run_sync(self.workspace.produced, self.output)
        return [await self._grade_one(assertion, produced) for assertion in self.case.assertions]

    def _trigger_grade(self, *, should_trigger: bool) -> GradeRecord:
        text = f"{'Opens' if should_trigger else 'Does not open'} the skill"
        opened = ", ".join(self.workspace.skills_opened) or "no skill"
        return grade.grade_record(
            Assertion(AssertionKind.TRIGGER, text),
            passed=self.workspace.opened_the_skill == should_trigger,
            evidence=f"opened {opened}",
        )

    async def _grade_one(self, assertion: Assertion, produced: grade.Produced) -> GradeRecord:
        import anyio

        if assertion.kind == AssertionKind.JUDGE:
            passed, evidence = await self._ask_judge(assertion, produced)
        elif assertion.kind == AssertionKind.PYTHON:
            passed, evidence = await self._run_python(str(assertion.value))
        else:
            passed, evidence = await anyio.to_thread.run_sync(limited_grade, assertion, produced)
        return grade.grade_record(assertion, passed=passed, evidence=plain(evidence))

    async def _ask_judge(self, assertion: Assertion, produced: grade.Produced) -> tuple[bool, str]:
        """(passed, evidence), one statement a call; an unreadable answer is asked for once more."""
        from inspect_ai.model import ChatMessageSystem, ChatMessageUser

        self.asks_judge = True
        if self.judge is None:
            raise NoJudge("There is no judge for this assertion.")
        prompt: list[ChatMessage] = [
            ChatMessageSystem(content=grade.JUDGE_SYSTEM),
            ChatMessageUser(content=plain(grade.judge_prompt(self.case.prompt, assertion.text, produced))),
        ]
        answer = await self.judge.generate(prompt)
        try:
            judged = grade.read_judgement(answer.completion, produced)
        except grade.UnreadableJudgement:
            second = await self.judge.generate(prompt)
            judged = grade.read_judgement(second.completion, produced)
        self.asks_judge = False
        return judged

    async def _run_python(self, program: str) -> tuple[bool, str]:
        """(passed, evidence) of a program in the sandbox, with the output on standard input.

        Its exit status decides, whatever it prints.
        """
        # A lone surrogate in an answer cannot be encoded and must not end the trial.
        stdin = self.output.encode("utf-8", "replace")
        result = await self.workspace.run(["python3", "-c", program], stdin)
        return result.succeeded, as_text(result).strip()[-_PYTHON_OUTPUT:] or "exit status 0"


def plain(text: str) -> str:
    """TEXT as PostgreSQL can keep it: no lone surrogates, no NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "�")


def transcript(messages: "Sequence[ChatMessage]") -> list[dict[str, object]]:
    """The messages as plain rows, cut where they grow past what is kept."""
    rows, left = [], _TRANSCRIPT
    for message in messages:
        text = plain(message.text)[: max(0, left)]
        left -= len(text)
        row: dict[str, object] = {"role": message.role, "text": text}
        if calls := getattr(message, "tool_calls", None):
            row["calls"] = [
                {"name": plain(str(call.function)), "arguments": plain(str(call.arguments))[:_ARGUMENTS]}
                for call in calls
            ]
        if name := getattr(message, "function", None):
            row["tool"] = plain(str(name))
        rows.append(row)
    return rows
