"""One trial from its prompt to its grades, with inspect's models and its tool loop."""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from skills.budgets.reserve import OutOfBudget
from skills.bundles.conversations import answered
from skills.bundles.conversations import as_text as as_dialogue
from skills.bundles.eval_cases import Assertion, AssertionKind, Likeness, Speaker, Turn
from skills.evals.engines.budgeted_models import METER, Meter, RunStops
from skills.evals.engines.contract import Result, RunPlan, TrialPlan, trigger_assertion
from skills.evals.engines.failures import CaseTooLong, NoJudge, NoVectors, cause_of, sentence_of, status_of
from skills.evals.engines.trial_tools import SYSTEM, Workspace, as_text, tools_of, turns_of
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
        self.answers: list[str] = []  # one for each turn of the user that is answered
        self.grades: list[GradeRecord] = []
        self.asks_judge = False

    async def run(self) -> Result:
        """The trial to its end. Raises OutOfBudget or RunStops, which end the run; the rest is an outcome."""
        METER.set(self.meter)
        started = time.monotonic()
        outcome, failure, problem = Outcome.SCORED, None, ""
        try:
            await self._converse()
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

    @property
    def output(self) -> str:
        """The last answer, "" while there is none."""
        return self.answers[-1] if self.answers else ""

    async def _converse(self) -> None:
        """Say what the case says, turn by turn, and let the model answer where no answer is written down."""
        from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser

        by_speaker = {
            Speaker.SYSTEM: ChatMessageSystem,
            Speaker.USER: ChatMessageUser,
            Speaker.ASSISTANT: ChatMessageAssistant,
        }
        self.messages.append(ChatMessageSystem(content=SYSTEM))
        turns = turns_of(self.case, self.workspace.sandbox_kind)
        places = answered(turns)
        for place, turn in enumerate(turns):
            self.messages.append(by_speaker[turn.speaker](content=turn.text))
            if place in places:
                self._check_used()
                self.answers.append(await self._answer())

    async def _answer(self) -> str:
        """Let the model work until it answers without calling a tool; its last words. Raises Overrun.

        A case that looks only at skills ends with the first round of tools, without an answer.
        """
        from inspect_ai.model import execute_tools

        limits, tools = self.plan.limits, tools_of(self.workspace)
        for turn in range(limits.turns):
            answer = await self._next_answer(tools, is_first=turn == 0 and not self.answers)
            if not answer.message.tool_calls:
                return str(answer.completion)
            self._check_used()
            started = time.monotonic()
            self.messages += (await execute_tools(self.messages, tools)).messages
            self.meter.seconds += time.monotonic() - started
            if self.case.looks_only_at_skills:
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
        if answer.stop_reason == "max_tokens" and not self.case.looks_only_at_skills:
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

        if self.case.looks_only_at_skills:
            return [self._trigger_grade(trigger_assertion(should_trigger=bool(self.case.should_trigger)))]
        left = await anyio.to_thread.run_sync(self.workspace.produced, self.output)
        produced = replace(
            left,
            earlier=tuple(self.answers[:-1]),
            micros=self.meter.micros,
            seconds=self.meter.seconds,
        )
        return [await self._grade_one(assertion, produced) for assertion in self.case.assertions]

    def _trigger_grade(self, assertion: Assertion) -> GradeRecord:
        opened = ", ".join(self.workspace.skills_opened) or "no skill"
        return grade.grade_record(
            assertion,
            passed=self.workspace.opened_the_skill == self.case.should_trigger,
            evidence=f"opened {opened}",
        )

    async def _grade_one(self, assertion: Assertion, produced: grade.Produced) -> GradeRecord:
        import anyio

        if assertion.kind == AssertionKind.TRIGGER:
            return self._trigger_grade(assertion)
        if assertion.kind == AssertionKind.JUDGE:
            passed, evidence = await self._ask_judge(assertion, produced)
        elif assertion.kind == AssertionKind.PYTHON:
            answer = produced.at(assertion.answer).output
            passed, evidence = await self._run_python(str(assertion.value), answer)
        elif assertion.kind == AssertionKind.SIMILAR:
            passed, evidence = await anyio.to_thread.run_sync(self._likeness, assertion, produced)
        else:
            passed, evidence = await anyio.to_thread.run_sync(limited_grade, assertion, produced)
        return grade.grade_record(assertion, passed=passed, evidence=plain(evidence))

    def _likeness(self, assertion: Assertion, produced: grade.Produced) -> grade.Grade:
        """By the embedding model; raises NoVectors where the instance has none."""
        if self.plan.nearness is None:
            raise NoVectors("This assertion compares meanings, and this instance makes no vectors.")
        value: Likeness = assertion.value
        return grade.likeness(value, self.plan.nearness(produced.at(assertion.answer).output, value["texts"]))

    def _judged_task(self) -> str:
        """What was asked: the prompt, or a conversation down to its last question."""
        if not self.case.turns:
            return self.case.prompt
        last = max(place for place, message in enumerate(self.messages) if message.role == "user")
        said = [
            Turn(Speaker(message.role), message.text)
            for message in self.messages[1 : last + 1]  # without our own instructions
            if message.role != "tool" and message.text.strip()
        ]
        # It ends with what is answered, so its beginning is what can be spared.
        return as_dialogue(said)[-grade.LONGEST_TASK :]

    def _for_judge(self, produced: grade.Produced) -> grade.Produced:
        """A negative control is about which skill is opened too, which nothing else shows."""
        if self.case.should_trigger is None:
            return produced
        opened = ", ".join(self.workspace.skills_opened) or "no skill"
        note = {"skills opened": f"The assistant opened {opened}.".encode()}
        return replace(produced, files={**note, **produced.files})

    async def _ask_judge(self, assertion: Assertion, produced: grade.Produced) -> tuple[bool, str]:
        """(passed, evidence), one statement a call; an unreadable answer is asked for once more."""
        from inspect_ai.model import ChatMessageSystem, ChatMessageUser

        self.asks_judge = True
        if self.judge is None:
            raise NoJudge("There is no judge for this assertion.")
        produced = self._for_judge(produced)
        question = grade.judge_prompt(self._judged_task(), assertion.text, produced)
        prompt: list[ChatMessage] = [
            ChatMessageSystem(content=grade.JUDGE_SYSTEM),
            ChatMessageUser(content=plain(question)),
        ]
        answer = await self.judge.generate(prompt)
        try:
            judged = grade.read_judgement(answer.completion, produced)
        except grade.UnreadableJudgement:
            second = await self.judge.generate(prompt)
            judged = grade.read_judgement(second.completion, produced)
        self.asks_judge = False
        return judged

    async def _run_python(self, program: str, answer: str) -> tuple[bool, str]:
        """(passed, evidence) of a program in the sandbox, with the answer on standard input.

        Its exit status decides, whatever it prints.
        """
        # A lone surrogate in an answer cannot be encoded and must not end the trial.
        stdin = answer.encode("utf-8", "replace")
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
