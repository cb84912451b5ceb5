"""One trial from its prompt to its grades, with inspect's models and its tool loop."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from skills.budgets.reserve import OutOfBudget
from skills.bundles.eval_cases import Assertion, AssertionKind
from skills.evals.engines.budgeted_models import METER, Meter
from skills.evals.engines.contract import Result, RunPlan, TrialPlan
from skills.evals.engines.trial_tools import SYSTEM, Workspace, as_text, prompt_of, tools_of
from skills.evals.readings import limited_grade
from skills.verdicts import grade
from skills.verdicts.outcomes import Outcome
from skills.verdicts.records import GradeRecord

if TYPE_CHECKING:
    from inspect_ai.model import ChatMessage, Model

_TRANSCRIPT = 200_000  # characters of a transcript that are kept
_ARGUMENTS = 4_000  # characters of a tool call's arguments that are kept
_PROBLEM = 500  # characters, as the column
_SHORTEST_KEY = 4  # what is shorter is no key, and to blank it out would blank out words
_PYTHON_OUTPUT = 500  # the last characters that a check printed: a traceback ends with its reason


class _Limit(Exception):
    """A trial met one of its own bounds."""


class NoJudge(Exception):
    """An assertion needs a judge, and the run has none."""


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

    async def run(self) -> Result:
        """The trial to its end. Raises OutOfBudget, which ends the run; everything else is an outcome."""
        import anyio

        METER.set(self.meter)
        started = time.monotonic()
        outcome, problem = Outcome.SCORED, ""
        try:
            with anyio.fail_after(self.plan.limits.seconds):
                self.output = await self._converse()
                self.grades = await self._grade()
        # Named first, because `except Exception` below would make it a fault of this one trial.
        except OutOfBudget:
            raise
        except (_Limit, TimeoutError) as error:
            outcome = Outcome.LIMIT
            problem = str(error) or f"It took longer than {self.plan.limits.seconds} seconds."
        except Exception as error:  # noqa: BLE001 - any fault of engine, model or script ends this trial only
            outcome, problem = Outcome.ERROR, self._without_keys(error)
        finally:
            self.workspace.close()
        return Result(
            trial=self.trial,
            outcome=outcome,
            grades=tuple(self.grades),
            invoked=self.workspace.opened_the_skill,
            output=plain(self.output),
            problem=plain(problem)[:_PROBLEM],
            usage=self.meter.used,
            judge_usage=self.meter.judged,
            micros=self.meter.micros,
            seconds=time.monotonic() - started,
            tool_calls=len(self.workspace.tools_called),
            served_model=self.meter.served_model,
            messages=tuple(transcript(self.messages)),
        )

    def _without_keys(self, error: Exception) -> str:
        """An error in words. Clients quote the request in some, so every provider's key is blanked out."""
        cause = error.__cause__ if type(error).__name__ == "RetryError" and error.__cause__ else error
        text = f"{type(cause).__name__}: {cause}"
        judge = [self.plan.judge] if self.plan.judge else []
        for model in (*self.plan.models.values(), *judge):
            if len(model.secret) >= _SHORTEST_KEY:
                text = text.replace(model.secret, "…")
        return text

    async def _converse(self) -> str:
        """Let the model work until it answers without calling a tool; its last words.

        A trigger case ends with the first round of tools: only what is opened counts, so its answer is "".
        """
        from inspect_ai.model import ChatMessageSystem, ChatMessageUser, execute_tools

        limits, tools = self.plan.limits, tools_of(self.workspace)
        prompt = prompt_of(self.case, self.workspace.sandbox_kind)
        self.messages += [ChatMessageSystem(content=SYSTEM), ChatMessageUser(content=prompt)]
        for _ in range(limits.turns):
            answer = await self.model.generate(self.messages, tools)
            self.messages.append(answer.message)
            if answer.stop_reason in ("max_tokens", "model_length"):
                raise _Limit("The answer was cut at the most tokens one may have.")
            if not answer.message.tool_calls:
                return str(answer.completion)
            # Looked at between turns: a call under way is bounded by its own most tokens.
            if self.meter.used.total > limits.tokens:
                raise _Limit(f"The trial used more than {limits.tokens:,} tokens.")
            self.messages += (await execute_tools(self.messages, tools)).messages
            if self.case.should_trigger is not None:
                return ""
        raise _Limit(f"There was no answer after {limits.turns} turns.")

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

        if self.judge is None:
            raise NoJudge("There is no judge for this assertion.")
        prompt: list[ChatMessage] = [
            ChatMessageSystem(content=grade.JUDGE_SYSTEM),
            ChatMessageUser(content=plain(grade.judge_prompt(self.case.prompt, assertion.text, produced))),
        ]
        answer = await self.judge.generate(prompt)
        try:
            return grade.read_judgement(answer.completion, produced)
        except grade.UnreadableJudgement:
            second = await self.judge.generate(prompt)
            return grade.read_judgement(second.completion, produced)

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
