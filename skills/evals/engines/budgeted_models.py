"""Models of inspect_ai, each of whose calls is paid for before it is made and booked afterwards."""

import random
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from skills.budgets.call_roles import CallRole
from skills.budgets.reserve import Busy
from skills.budgets.settle import NOTHING, Usage
from skills.evals.engines.circuits import REQUEST_SECONDS, admitted, watched
from skills.evals.engines.contract import CasePlan, Ledger, TrialPlan
from skills.evals.engines.inspect_adapter import Generate, forbid_own_retries, too_slow, wrap_generate
from skills.lib.clock import now
from skills.portfolio.call_bounds import CallBound, bound_of, refused, usage_of, why_lost
from skills.portfolio.circuit import Circuit
from skills.portfolio.model_plan import ModelPlan

if TYPE_CHECKING:
    from inspect_ai.model import Model

_FIRST_WAIT, _LONGEST_WAIT = 0.1, 2.0  # seconds between two looks whether a call has room
_LONGEST_MODEL_NAME = 120
Answer = TypeVar("Answer")


class RunStops(Exception):
    """The run is stopping: calls under way may end, and no other begins."""


@dataclass(kw_only=True)
class Meter:
    """What one trial has used so far; the calls of a trial find it by context."""

    trial: TrialPlan
    case: CasePlan
    used: Usage = NOTHING
    judged: Usage = NOTHING
    micros: int | None = 0  # None as soon as a call has no price
    served_model: str = ""
    # What the candidate took itself: calls that were answered, and tools. Waiting for the budget, for a
    # free connection or for an endpoint that fails is not its doing.
    seconds: float = 0.0

    def add(self, role: CallRole, usage: Usage, cost: int | None, seconds: float = 0.0) -> None:
        """Book a call that took SECONDS; the judge's are kept apart and cost the candidate nothing."""
        if role == CallRole.JUDGE:
            self.judged = _sum(self.judged, usage)
            return
        self.seconds += seconds
        self.used = _sum(self.used, usage)
        self.micros = None if cost is None or self.micros is None else self.micros + cost


METER: ContextVar[Meter] = ContextVar("meter")


def _sum(a: Usage, b: Usage) -> Usage:
    more = asdict(b)
    return Usage(**{name: tokens + more[name] for name, tokens in asdict(a).items()})


class LedgerThread:
    """The ledger for an event loop: Django's database calls block, so they run in the one thread of POOL."""

    def __init__(self, ledger: Ledger, pool: Executor) -> None:
        self.ledger, self.pool = ledger, pool
        self.is_stopping = False
        self.under_way = 0  # calls

    async def call(self, function: Callable[..., Answer], *arguments: object) -> Answer:
        """What FUNCTION returns, run in the thread. A cancellation waits for its end: no hold is orphaned."""
        import asyncio

        import anyio

        with anyio.CancelScope(shield=True):
            answer = await asyncio.get_running_loop().run_in_executor(self.pool, function, *arguments)
        return answer  # noqa: RET504 - a cancel scope may swallow an exception, so mypy wants it here

    async def reserve(self, model: ModelPlan, role: CallRole, bound: CallBound) -> UUID:
        """Hold what a call may use, however long it takes until calls under way give back enough.

        Raises OutOfBudget as soon as it would not fit beside what is spent; the run's end ends the waiting.
        """
        import anyio

        wait = _FIRST_WAIT
        while not self.is_stopping:
            try:
                return await self.call(self.ledger.reserve, model, role, bound)
            except Busy:
                pause = random.uniform(wait / 2, wait)  # noqa: S311 - only spreads the waiting
                await anyio.sleep(pause)
                wait = min(_LONGEST_WAIT, wait * 1.5)
        raise RunStops


def budgeted_model(plan: ModelPlan, role: CallRole, ledger: LedgerThread, script: object = None) -> "Model":
    """The model PLAN names, paying through LEDGER. SCRIPT answers for a scripted one."""
    from inspect_ai.model import GenerateConfig, get_model

    config = GenerateConfig(
        max_tokens=plan.max_output_tokens,
        temperature=plan.temperature,
        # No `timeout`: it counts the waiting for room in the budget too, and a call that waited long would
        # not be tried again. Each try has REQUEST_SECONDS, and a dead endpoint is broken off by its circuit.
        max_retries=plan.retries,
        max_connections=plan.connections,
        adaptive_connections=False,
        **plan.generate_parameters,
    )
    name, arguments = plan.client()
    if plan.is_scripted:
        arguments = {"custom_outputs": script}
    model = get_model(name, config=config, memoize=False, **arguments)
    if plan.is_scripted:  # nobody is asked, so nothing is held and nothing is booked
        wrap_generate(model, lambda generate: _free(generate, plan, role))
        return model
    forbid_own_retries(model)
    # Outermost is whether the endpoint is called at all: what is not called is not paid for.
    circuit = Circuit.to(plan)
    wrap_generate(model, lambda generate: watched(generate, plan, circuit, ledger.call))
    wrap_generate(model, lambda generate: _paying(generate, plan, role, ledger))
    wrap_generate(model, lambda generate: admitted(generate, circuit, ledger.call))
    return model


def _free(call: Generate, plan: ModelPlan, role: CallRole) -> Generate:
    """CALL, with what it would have used counted for the figures of its trial alone."""

    async def generate(input: Any, tools: Any, tool_choice: Any, config: Any, **more: Any) -> Any:
        answer = await call(input, tools, tool_choice, config, **more)
        usage, tariff = usage_of(_output_of(answer)) or NOTHING, plan.tariff(now())
        METER.get().add(role, usage, tariff.cost(usage) if tariff else None)
        return answer

    return generate


def _paying(call: Generate, plan: ModelPlan, role: CallRole, ledger: LedgerThread) -> Generate:
    """CALL, reserved before and settled after; what was refused is released, the unknown is charged."""

    async def generate(input: Any, tools: Any, tool_choice: Any, config: Any, **more: Any) -> Any:
        bound = bound_of(input, tools, config.max_tokens or plan.max_output_tokens)
        hold = await ledger.reserve(plan, role, bound)
        ledger.under_way += 1
        asked_at = time.monotonic()
        try:
            answer = await _in_time(call(input, tools, tool_choice, config, **more))
        # A cancellation too: a hold that nobody gives back narrows the budget until it expires, and then
        # it is charged in full.
        except BaseException as error:
            await _give_up(ledger, hold, error, why_lost(error))
            raise
        finally:
            ledger.under_way -= 1
        output = _output_of(answer)
        seconds = time.monotonic() - asked_at
        if isinstance(output, Exception):
            await _give_up(ledger, hold, output, "The provider answered with an error.")
            return answer
        usage = usage_of(output)
        if usage is None:
            await ledger.call(ledger.ledger.lose, hold, "The answer did not say what was used.")
            return answer
        cost = await ledger.call(ledger.ledger.settle, hold, plan, usage, bound)
        # By context, not by argument: inspect calls us from its own loop and hands on only what it knows.
        meter = METER.get()
        meter.add(role, usage, cost, seconds)
        if role == CallRole.CANDIDATE:
            meter.served_model = str(output.model or "")[:_LONGEST_MODEL_NAME]
        return answer

    return generate


def _output_of(answer: Any) -> Any:
    """Providers answer with the output alone or with (output, the call as it was made)."""
    return answer[0] if isinstance(answer, tuple) else answer


async def _in_time(call: Awaitable[Answer]) -> Answer:
    """What CALL answers. Timed here and not by inspect, which would count the waiting for the budget too."""
    import anyio

    with anyio.move_on_after(REQUEST_SECONDS):
        return await call
    raise too_slow(REQUEST_SECONDS)


async def _give_up(ledger: LedgerThread, hold: UUID, error: BaseException, why: str) -> None:
    """Release what a refused call held; charge it in full where nobody knows whether it was billed."""
    if refused(error):
        await ledger.call(ledger.ledger.release, hold)
    else:
        await ledger.call(ledger.ledger.lose, hold, why)
