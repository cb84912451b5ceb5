"""Runs a plan with inspect_ai: its models, retries and tool loop; our tools, budgets and grades.

inspect_ai is imported here and only when a plan runs: it costs seconds and a hundred megabytes.
docs/decisions/0008 lists the traps that this avoids.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from skills.budgets.call_roles import CallRole
from skills.budgets.reserve import OutOfBudget
from skills.evals.engines.budgeted_models import LedgerThread, RunStops, budgeted_model
from skills.evals.engines.contract import Ledger, Result, RunPlan, Sink, StopCheck, StopReason
from skills.evals.engines.inspect_adapter import silence_display
from skills.evals.engines.inspect_trial import InspectTrial
from skills.evals.engines.scripted import answering, judging

if TYPE_CHECKING:
    from anyio import CancelScope
    from inspect_ai import Task
    from inspect_ai.model import Model

_LOOK_SECONDS = 0.5  # between two looks at whether to stop, and two batches of results
# Calls under way have a moment when a run stops, because what is cut off is charged in full; whoever cancels
# waits no two seconds.
_GRACE_SECONDS = 0.6


class InspectEngine:
    """See contract.EvalEngine."""

    name = "inspect_ai"

    def run(self, plan: RunPlan, ledger: Ledger, sink: Sink, should_stop: StopCheck) -> StopReason | None:
        import anyio

        if not plan.trials:
            return None
        return anyio.run(_Session(plan, ledger, sink, should_stop).run, backend="asyncio")


class _Session:
    """One run of one plan: its models, the results not yet written, and why it stops early."""

    def __init__(self, plan: RunPlan, ledger: Ledger, sink: Sink, should_stop: StopCheck) -> None:
        self.plan, self.sink, self.should_stop = plan, sink, should_stop
        # Django's ORM is not for event loops (docs/decisions/0008). One thread has one connection.
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self.ledger = LedgerThread(ledger, self.pool)
        self.unwritten: list[Result] = []
        self.stopped: StopReason | None = None
        self.judge: Model | None = None

    async def run(self) -> StopReason | None:
        """Whatever has a result is written, however the run ends."""
        import anyio

        try:
            self.judge = self._judge()
            async with anyio.create_task_group() as group:
                group.start_soon(self._watch, group.cancel_scope)
                await self._evaluate()
                group.cancel_scope.cancel()
        # anyio wraps even a single error into a group; what calls us tells errors apart by their class.
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from several
        finally:
            await self._write()
            self.pool.submit(_close_connection).result()
            self.pool.shutdown()
        return self.stopped

    async def _watch(self, scope: "CancelScope") -> None:
        """Write what is ready, and stop everything as soon as there is a reason to."""
        import anyio

        while True:
            await anyio.sleep(_LOOK_SECONDS)
            reason = await self.ledger.call(self.should_stop)
            if reason is not None:
                self.stopped = reason
                await self._let_calls_end()
                scope.cancel()
                return
            await self._write()

    async def _let_calls_end(self) -> None:
        """No call begins any more; those under way have a moment to be answered and booked as they were."""
        import anyio

        self.ledger.is_stopping = True
        with anyio.move_on_after(_GRACE_SECONDS):
            while self.ledger.under_way:  # noqa: ASYNC110 - a count has no event
                await anyio.sleep(_LOOK_SECONDS / 10)

    async def _write(self) -> None:
        batch, self.unwritten = self.unwritten, []
        # A run that another worker has taken is that worker's: what we have would stand beside its rows.
        if batch and self.stopped != StopReason.LOST:
            await self.ledger.call(self.sink.take, batch)

    async def _evaluate(self) -> None:
        """One inspect task a model, all at once; samples in the order of the plan, arms interleaved."""
        import tempfile

        from inspect_ai import eval_async

        silence_display()
        tasks = self._tasks()
        most_connections = max(model.connections for model in self.plan.models.values())
        with tempfile.TemporaryDirectory(prefix="run-") as logs:
            await eval_async(
                tasks,
                model=None,
                log_dir=logs,  # thrown away: what we keep is in the database
                log_samples=False,
                log_realtime=False,
                log_model_api=False,
                ctl_server=False,
                fail_on_error=False,
                score=False,  # grades are ours: inspect scores a trial that met a limit as failed
                score_display=False,
                max_tasks=len(tasks),
                max_samples=most_connections + 1,  # one works on its tools while the others wait for answers
                log_level="error",
            )

    def _tasks(self) -> "list[Task]":
        """A task for each model that has trials; a sample is the place of a trial in the plan."""
        from inspect_ai import Task
        from inspect_ai.dataset import MemoryDataset, Sample

        tasks = []
        for pk, model_plan in self.plan.models.items():
            samples = [
                Sample(input="-", id=number)
                for number, trial in enumerate(self.plan.trials)
                if trial.model == pk
            ]
            if samples:
                script = answering(self.plan.script, model_plan.name, self._skill_name())
                model = budgeted_model(model_plan, CallRole.CANDIDATE, self.ledger, script)
                solver = self._solver(model)
                tasks.append(Task(MemoryDataset(samples), solver=solver, model=model, name=f"model-{pk}"))
        return tasks

    def _skill_name(self) -> str:
        return next((skill.name for skill in self.plan.arms.values() if skill), "")

    def _judge(self) -> "Model | None":
        judge = self.plan.judge
        if judge is None:
            return None
        return budgeted_model(judge, CallRole.JUDGE, self.ledger, judging(self.plan.script, judge.name))

    def _solver(self, model: "Model") -> Any:
        from inspect_ai.solver import solver

        @solver
        def trial() -> Any:
            async def solve(state: Any, _generate: Any) -> Any:
                await self._run_trial(int(state.sample_id), model)
                return state

            return solve

        return trial()

    async def _run_trial(self, number: int, model: "Model") -> None:
        """One trial of the plan, unless the run is stopping; without budget it is the trial that stops it."""
        if self.stopped is not None:
            return
        trial = InspectTrial(self.plan, self.plan.trials[number], model, self.judge)
        try:
            result = await trial.run()
        except OutOfBudget:
            self.stopped = self.stopped or StopReason.OUT_OF_BUDGET
        except RunStops:
            pass
        else:
            # Looked up after the await: `_write` puts a new list in its place meanwhile.
            self.unwritten.append(result)


def _close_connection() -> None:
    """Close the connection of the ledger's thread: Django opens one a thread and closes none."""
    from django.db import connection

    connection.close()
