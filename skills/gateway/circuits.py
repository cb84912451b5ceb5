"""The circuit of each provider (portfolio/circuit.py), looked at from an event loop.

Every call that is answered would be two trips to Valkey; so an endpoint that answered a moment ago is not
asked about, and that it answers is said now and then.
"""

import time

from skills.gateway.threads import in_thread
from skills.portfolio.circuit import Circuit, EndpointAway
from skills.portfolio.model_plan import ModelPlan

_SECONDS = 2.0  # that what was seen of an endpoint stands


class Circuits:
    def __init__(self) -> None:
        self._answered: dict[str, float] = {}

    async def is_closed_off(self, plan: ModelPlan) -> bool:
        """Whether a call would only find out again that nobody answers."""
        if self._is_fresh(plan):
            return False
        try:
            await in_thread(Circuit.to(plan).check)
        except EndpointAway:
            return True
        return False

    async def answered(self, plan: ModelPlan) -> None:
        if not self._is_fresh(plan):
            circuit = Circuit.to(plan)
            self._answered[circuit.key] = time.monotonic()
            await in_thread(circuit.succeeded)

    async def failed(self, plan: ModelPlan) -> None:
        circuit = Circuit.to(plan)
        self._answered.pop(circuit.key, None)
        await in_thread(circuit.failed)

    def _is_fresh(self, plan: ModelPlan) -> bool:
        at = self._answered.get(Circuit.to(plan).key)
        return at is not None and time.monotonic() - at < _SECONDS
