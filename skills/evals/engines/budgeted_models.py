"""Models of inspect_ai, each of whose calls is paid for before it is made and booked afterwards."""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from skills.budgets.call_roles import CallRole
from skills.budgets.reserve import Busy, OutOfBudget
from skills.budgets.settle import NOTHING, Usage
from skills.evals.engines.circuits import REQUEST_SECONDS, admitted, watched
from skills.evals.engines.contract import CasePlan, Ledger, TrialPlan
from skills.evals.engines.inspect_adapter import Generate, forbid_own_retries, wrap_generate
from skills.portfolio.circuit import Circuit
from skills.portfolio.model_plan import ModelPlan

if TYPE_CHECKING:
    from inspect_ai.model import ChatMessage, Model, ModelOutput
    from inspect_ai.tool import ToolInfo

_PATIENCE = 60.0  # seconds a call waits for calls in flight to give back what they hold
_RETRY_SECONDS = 300  # after which a call that failed is not tried again
_MESSAGE_TOKENS = 16  # that a message or a tool costs beside its bytes
_REFUSED = range(400, 600)  # answers that are not billed
_LONGEST_MODEL_NAME = 120
Answer = TypeVar("Answer")


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

    def add(self, model: ModelPlan, role: CallRole, usage: Usage, seconds: float = 0.0) -> None:
        """Book a call that took SECONDS; the judge's are kept apart and cost the candidate nothing."""
        if role == CallRole.JUDGE:
            self.judged = _sum(self.judged, usage)
            return
        self.seconds += seconds
        self.used = _sum(self.used, usage)
        cost = model.micros(usage)
        self.micros = None if cost is None or self.micros is None else self.micros + cost


METER: ContextVar[Meter] = ContextVar("meter")


def _sum(a: Usage, b: Usage) -> Usage:
    return Usage(a.input + b.input, a.cached + b.cached, a.output + b.output)


class LedgerThread:
    """The ledger for an event loop: Django's database calls block, so they run in the one thread of POOL."""

    def __init__(self, ledger: Ledger, pool: Executor) -> None:
        self.ledger, self.pool = ledger, pool

    async def call(self, function: Callable[..., Answer], *arguments: object) -> Answer:
        """What FUNCTION returns, run in the thread. A cancellation waits for its end: no hold is orphaned."""
        import asyncio

        import anyio

        with anyio.CancelScope(shield=True):
            answer = await asyncio.get_running_loop().run_in_executor(self.pool, function, *arguments)
        return answer  # noqa: RET504 - a cancel scope may swallow an exception, so mypy wants it here

    async def reserve(self, model: ModelPlan, role: CallRole, tokens: int) -> UUID:
        """Hold TOKENS; waits for calls in flight, raises OutOfBudget when they bring nothing back."""
        import anyio

        until = time.monotonic() + _PATIENCE
        while True:
            try:
                return await self.call(self.ledger.reserve, model, role, tokens)
            except Busy as busy:
                if time.monotonic() > until:
                    raise OutOfBudget(str(busy)) from None
            await anyio.sleep(random.uniform(0.1, 0.5))  # noqa: S311 - only spreads the waiting


def budgeted_model(plan: ModelPlan, role: CallRole, ledger: LedgerThread, script: object = None) -> "Model":
    """The model PLAN names, paying through LEDGER. SCRIPT answers for a scripted one."""
    from inspect_ai.model import GenerateConfig, get_model

    config = GenerateConfig(
        max_tokens=plan.max_output_tokens,
        temperature=plan.temperature,
        max_retries=plan.retries,
        timeout=_RETRY_SECONDS,
        attempt_timeout=REQUEST_SECONDS,
        max_connections=plan.connections,
        adaptive_connections=False,
        **plan.parameters,
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
    circuit = Circuit(plan.kind, plan.base_url)
    wrap_generate(model, lambda generate: watched(generate, plan, circuit, ledger.call))
    wrap_generate(model, lambda generate: _paying(generate, plan, role, ledger))
    wrap_generate(model, lambda generate: admitted(generate, circuit, ledger.call))
    return model


def _free(call: Generate, plan: ModelPlan, role: CallRole) -> Generate:
    """CALL, with what it would have used counted for the figures of its trial alone."""

    async def generate(input: Any, tools: Any, tool_choice: Any, config: Any, **more: Any) -> Any:
        answer = await call(input, tools, tool_choice, config, **more)
        METER.get().add(plan, role, usage_of(_output_of(answer)) or NOTHING)
        return answer

    return generate


def _paying(call: Generate, plan: ModelPlan, role: CallRole, ledger: LedgerThread) -> Generate:
    """CALL, reserved before and settled after; what was refused is released, the unknown is charged."""

    async def generate(input: Any, tools: Any, tool_choice: Any, config: Any, **more: Any) -> Any:
        held = worst_case(input, tools, config.max_tokens or plan.max_output_tokens)
        hold = await ledger.reserve(plan, role, held)
        asked_at = time.monotonic()
        try:
            answer = await call(input, tools, tool_choice, config, **more)
        # A cancellation too: a hold that nobody gives back narrows the budget until it expires, and then
        # it is charged in full.
        except BaseException as error:
            await _give_up(ledger, hold, error, why_lost(error))
            raise
        output = _output_of(answer)
        seconds = time.monotonic() - asked_at
        if isinstance(output, Exception):
            await _give_up(ledger, hold, output, "The provider answered with an error.")
            return answer
        usage = usage_of(output)
        if usage is None:
            await ledger.call(ledger.ledger.lose, hold, "The answer did not say what was used.")
            return answer
        await ledger.call(ledger.ledger.settle, hold, plan, usage, held)
        # By context, not by argument: inspect calls us from its own loop and hands on only what it knows.
        meter = METER.get()
        meter.add(plan, role, usage, seconds)
        if role == CallRole.CANDIDATE:
            meter.served_model = str(output.model or "")[:_LONGEST_MODEL_NAME]
        return answer

    return generate


def _output_of(answer: Any) -> Any:
    """Providers answer with the output alone or with (output, the call as it was made)."""
    return answer[0] if isinstance(answer, tuple) else answer


async def _give_up(ledger: LedgerThread, hold: UUID, error: BaseException, why: str) -> None:
    """Release what a refused call held; charge it in full where nobody knows whether it was billed."""
    if refused(error):
        await ledger.call(ledger.ledger.release, hold)
    else:
        await ledger.call(ledger.ledger.lose, hold, why)


def worst_case(messages: "Sequence[ChatMessage]", tools: "Iterable[ToolInfo]", max_output: int) -> int:
    """Tokens a call can cost at most: a token is at least one byte of what is sent."""
    parts = [message.model_dump_json(exclude_none=True) for message in messages]
    parts += [tool.model_dump_json(exclude_none=True) for tool in tools]
    return sum(len(part.encode()) + _MESSAGE_TOKENS for part in parts) + _MESSAGE_TOKENS + max_output


def usage_of(output: "ModelOutput") -> Usage | None:
    """What the provider says was used, None where it says nothing."""
    usage = output.usage
    if usage is None or usage.total_tokens <= 0:
        return None
    cached = usage.input_tokens_cache_read or 0
    written = usage.input_tokens_cache_write or 0
    return Usage(max(0, usage.input_tokens) + written, cached, max(0, usage.output_tokens))


def refused(error: BaseException) -> bool:
    """Whether the provider turned the call away, or was never reached, so that nothing was billed.

    Every client has its own exceptions; a status in one of three attributes is all they share.
    """
    for name in ("status_code", "code", "status"):
        value = getattr(error, name, None)
        if isinstance(value, int) and value in _REFUSED:
            return True
    if isinstance(error, ConnectionRefusedError) or type(error).__name__ == "ConnectError":
        return True
    cause = error.__cause__ or error.__context__
    return cause is not None and cause is not error and refused(cause)


def why_lost(error: BaseException) -> str:
    """What the ledger says beside a call that is charged in full."""
    if type(error).__name__ == "CancelledError":
        return "The run was stopped while the call was under way."
    return f"{type(error).__name__}: whether it was billed is unknown."
