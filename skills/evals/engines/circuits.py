"""Calls of inspect's models through the circuit of their endpoint; see skills/portfolio/circuit.py."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

from skills.evals.engines.inspect_adapter import Generate
from skills.portfolio.circuit import Circuit, EndpointAway
from skills.portfolio.faults import AWAY, Endpoint, fault_of
from skills.portfolio.kinds import KINDS
from skills.portfolio.model_plan import ModelPlan

REQUEST_SECONDS = 240  # that one request may take
_PATIENCE = 60.0  # seconds a call waits for an endpoint that answered not long ago
OffLoop = Callable[..., Awaitable[Any]]  # runs a function beside the event loop


def admitted(call: Generate, circuit: Circuit, off_loop: OffLoop) -> Generate:
    """CALL, made only while its endpoint is not broken off; raises EndpointAway."""

    async def generate(*arguments: Any, **more: Any) -> Any:
        await _wait(circuit, off_loop)
        return await call(*arguments, **more)

    return generate


async def _wait(circuit: Circuit, off_loop: OffLoop) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            await off_loop(circuit.check)
        except EndpointAway as away:
            if not away.may_return or time.monotonic() > until:
                raise
        else:
            return
        await asyncio.sleep(random.uniform(0.5, 1.5))  # noqa: S311 - only spreads the waiting


def watched(call: Generate, plan: ModelPlan, circuit: Circuit, off_loop: OffLoop) -> Generate:
    """CALL, whose end tells the circuit whether anybody answers at the endpoint."""
    endpoint = Endpoint(kind=KINDS[plan.kind], base_url=plan.base_url, model=plan.name)

    async def generate(*arguments: Any, **more: Any) -> Any:
        started = time.monotonic()
        try:
            answer = await call(*arguments, **more)
        except asyncio.CancelledError:
            # A run that is stopped says nothing of the endpoint; a request that had all its time does.
            if time.monotonic() - started >= REQUEST_SECONDS - 1:
                await off_loop(circuit.failed)
            raise
        except Exception as error:
            await off_loop(_outcome(circuit, error, endpoint))
            raise
        # Some clients return their exception, beside the call as it was made.
        output = answer[0] if isinstance(answer, tuple) else answer
        is_error = isinstance(output, Exception)
        await off_loop(_outcome(circuit, output, endpoint) if is_error else circuit.succeeded)
        return answer

    return generate


def _outcome(circuit: Circuit, error: Exception, endpoint: Endpoint) -> Callable[[], None]:
    """A refusal is an answer too."""
    return circuit.failed if fault_of(error, endpoint).kind in AWAY else circuit.succeeded
