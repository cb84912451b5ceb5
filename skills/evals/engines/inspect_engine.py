"""Runs a plan with inspect_ai: its models, retries and tool loop; our tools, budgets and grades.

inspect_ai is imported here and only when a plan runs: it costs seconds and a hundred megabytes.
Traps this goes around are listed in docs/decisions/0008.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from skills.budgets.reserve import OutOfBudget
from skills.bundles.eval_cases import Assertion, AssertionKind
from skills.evals.engines.budgeted_models import CANDIDATE_ROLE, JUDGE_ROLE, METER, Book, Meter, metered
from skills.evals.engines.contract import Ledger, Result, RunPlan, Sink, StopWord, TrialPlan
from skills.evals.engines.scripted import answering, judging
from skills.evals.engines.trial_tools import SYSTEM, Desk, NoSandbox, in_box, prompt_of, tools_of
from skills.verdicts import grade
from skills.verdicts.records import GradeRecord

if TYPE_CHECKING:
    from inspect_ai.model import Model

_LOOK = 0.5  # seconds between two looks at the stop word, and two batches of results
_MESSAGES = 200_000  # characters of a transcript that are kept


class InspectEngine:
    """See base.EvalEngine."""

    name = "inspect_ai"

    def run(self, plan: RunPlan, ledger: Ledger, sink: Sink, should_stop: StopWord) -> str:
        import anyio

        if not plan.trials:
            return ""
        return anyio.run(_Session(plan, ledger, sink, should_stop).run, backend="asyncio")


class _Limit(Exception):
    """A trial met one of its own bounds."""


class _Session:
    """One run of one plan: models, the results not yet written, and why it ended."""

    def __init__(self, plan: RunPlan, ledger: Ledger, sink: Sink, should_stop: StopWord) -> None:
        self.plan, self.sink, self.should_stop = plan, sink, should_stop
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self.book = Book(ledger, self.pool)
        self.ready: list[Result] = []
        self.ended = ""
        self.judge: Model | None = None

    async def run(self) -> str:
        """Everything that is ready is written, however the run ends."""
        import anyio

        try:
            self.judge = self._judge()
            async with anyio.create_task_group() as group:
                group.start_soon(self._watch, group.cancel_scope)
                await self._evaluate()
                group.cancel_scope.cancel()
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from several
        finally:
            await self._write()
            self.pool.submit(_close_connection).result()
            self.pool.shutdown()
        return self.ended

    async def _watch(self, scope: Any) -> None:
        """Write what is ready and stop everything when a stop word comes."""
        import anyio

        while True:
            await anyio.sleep(_LOOK)
            word = await self.book.do(self.should_stop)
            if word:
                self.ended = word
                scope.cancel()
                return
            await self._write()

    async def _write(self) -> None:
        batch, self.ready = self.ready, []
        if batch and self.ended != "lost":
            await self.book.do(self.sink.take, batch)

    async def _evaluate(self) -> None:
        """One inspect task a model, all at once; samples in the order of the plan, arms interleaved."""
        import tempfile

        from inspect_ai import Task, eval_async
        from inspect_ai.dataset import MemoryDataset, Sample
        from inspect_ai.util._display import init_display_type

        init_display_type("none")
        tasks = []
        for pk, chosen in self.plan.models.items():
            trials = [number for number, trial in enumerate(self.plan.trials) if trial.model == pk]
            if not trials:
                continue
            script = answering(self.plan.script, chosen.name, self._skill_name())
            model = metered(chosen, CANDIDATE_ROLE, self.book, script)
            samples = [Sample(input="-", id=number) for number in trials]
            tasks.append(
                Task(MemoryDataset(samples), solver=self._solver(model), model=model, name=f"model-{pk}")
            )
        most = max(model.connections for model in self.plan.models.values())
        with tempfile.TemporaryDirectory(prefix="run-") as logs:
            await eval_async(
                tasks,
                model=None,
                log_dir=logs,
                log_samples=False,
                log_realtime=False,
                log_model_api=False,
                ctl_server=False,
                fail_on_error=False,
                score=False,
                score_display=False,
                max_tasks=len(tasks),
                max_samples=most + 1,
                log_level="error",
            )

    def _skill_name(self) -> str:
        return next((skill.name for skill in self.plan.arms.values() if skill), "")

    def _judge(self) -> "Model | None":
        if self.plan.judge is None:
            return None
        return metered(
            self.plan.judge, JUDGE_ROLE, self.book, judging(self.plan.script, self.plan.judge.name)
        )

    def _solver(self, model: "Model") -> Any:
        from inspect_ai.solver import solver

        @solver
        def trial() -> Any:
            async def solve(state: Any, _generate: Any) -> Any:
                result = None
                if not self.ended:
                    result = await self._trial(self.plan.trials[int(state.sample_id)], model)
                if result is not None:
                    self.ready.append(result)
                return state

            return solve

        return trial()

    async def _trial(self, trial: TrialPlan, model: "Model") -> Result | None:
        """One trial to its end; None when the budget ended the run before it."""
        import anyio

        case, skill = self.plan.cases[trial.case], self.plan.arms[trial.arm]
        meter, desk = Meter(trial, case), Desk(case, skill, self.plan.sandbox)
        METER.set(meter)
        messages: list[Any] = []
        started, outcome, problem, output = time.monotonic(), "scored", "", ""
        grades: Sequence[GradeRecord] = ()
        try:
            with anyio.fail_after(self.plan.limits.seconds):
                output = await self._converse(desk, model, meter, messages)
                grades = await self._grades(desk, output)
        except OutOfBudget:
            self.ended = self.ended or "out_of_budget"
            return None
        except (_Limit, TimeoutError) as error:
            outcome, problem = (
                "limit",
                str(error) or f"It took longer than {self.plan.limits.seconds} seconds.",
            )
        except Exception as error:
            outcome, problem = "error", self._said(error)
        finally:
            desk.close()
        return Result(
            trial,
            outcome,
            tuple(grades),
            bool(skill and skill.name in desk.opened),
            plain(output),
            plain(problem)[:500],
            meter.used,
            meter.judged,
            meter.micros,
            time.monotonic() - started,
            len(desk.called),
            meter.served,
            tuple(transcript(messages)),
        )

    def _said(self, error: Exception) -> str:
        """An error in words, without any provider's key in them."""
        cause = error.__cause__ if type(error).__name__ == "RetryError" and error.__cause__ else error
        text = f"{type(cause).__name__}: {cause}"
        for model in (*self.plan.models.values(), *([self.plan.judge] if self.plan.judge else [])):
            text = text.replace(model.secret, "…") if len(model.secret) > 3 else text
        return text

    async def _converse(self, desk: Desk, model: "Model", meter: Meter, messages: list[Any]) -> str:
        """Let the model work until it answers without calling a tool; its last words."""
        from inspect_ai.model import ChatMessageSystem, ChatMessageUser, execute_tools

        limits, tools = self.plan.limits, tools_of(desk)
        messages += [
            ChatMessageSystem(content=SYSTEM),
            ChatMessageUser(content=prompt_of(desk.case, desk.sandbox)),
        ]
        for _ in range(limits.turns):
            answer = await model.generate(messages, tools)
            messages.append(answer.message)
            if answer.stop_reason in ("max_tokens", "model_length"):
                raise _Limit("The answer was cut at the most tokens one may have.")
            if not answer.message.tool_calls:
                return str(answer.completion)
            if meter.used.total > limits.tokens:
                raise _Limit(f"The trial used more than {limits.tokens:,} tokens.")
            messages += (await execute_tools(messages, tools)).messages
            if desk.case.should_trigger is not None:
                return ""
        raise _Limit(f"There was no answer after {limits.turns} turns.")

    async def _grades(self, desk: Desk, output: str) -> list[GradeRecord]:
        """A row for every assertion of the case: the sure ones first, then those a judge reads."""
        import anyio

        case = desk.case
        if case.should_trigger is not None:
            opened = bool(desk.skill and desk.skill.name in desk.opened)
            said = f"opened {', '.join(desk.opened)}" if desk.opened else "opened no skill"
            text = f"{'Opens' if case.should_trigger else 'Does not open'} the skill"
            sure = Assertion(AssertionKind.TRIGGER, text)
            return [grade.row(sure, passed=opened == case.should_trigger, evidence=said)]
        produced = await anyio.to_thread.run_sync(desk.produced, output)
        found = {}
        for number, one in enumerate(case.assertions):
            if one.kind == AssertionKind.JUDGE:
                passed, evidence = await self._ask_judge(case.prompt, one, produced)
            elif one.kind == AssertionKind.PYTHON:
                passed, evidence = await _python(desk, one, output)
            else:
                passed, evidence = await anyio.to_thread.run_sync(grade.grade, one, produced)
            found[number] = grade.row(one, passed=passed, evidence=plain(evidence))
        return [found[number] for number in sorted(found)]

    async def _ask_judge(self, task: str, one: Assertion, produced: grade.Produced) -> tuple[bool, str]:
        """One statement a call; an unreadable answer is asked for once more."""
        if self.judge is None:
            raise NoSandbox("There is no judge for this assertion.")
        prompt = grade.judge_prompt(task, one.text, produced)
        for attempt in (1, 2):
            answer = await self.judge.generate(prompt)
            try:
                return grade.read_judgement(answer.completion, produced)
            except grade.Unreadable:
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")


async def _python(desk: Desk, one: Assertion, output: str) -> tuple[bool, str]:
    """Run a Python assertion in the sandbox, the output on standard input; it passes by exit status."""
    said = await in_box(desk, ["python3", "-c", str(one.value)], output.encode("utf-8", "replace"))
    return "\n[" not in said, said.strip()[-500:] or "exit status 0"


def plain(text: str) -> str:
    """TEXT as PostgreSQL can keep it: no lone surrogates, no NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "�")


def transcript(messages: Sequence[Any]) -> list[dict[str, Any]]:
    """The messages as plain rows, cut where they grow past what is kept."""
    rows, left = [], _MESSAGES
    for message in messages:
        text = plain(message.text)[: max(0, left)]
        left -= len(text)
        row: dict[str, Any] = {"role": message.role, "text": text}
        if calls := getattr(message, "tool_calls", None):
            row["calls"] = [
                {"name": plain(str(c.function)), "arguments": plain(str(c.arguments))[:4000]} for c in calls
            ]
        if name := getattr(message, "function", None):
            row["tool"] = plain(str(name))
        rows.append(row)
    return rows


def _close_connection() -> None:
    from django.db import connection

    connection.close()
