"""Charges agents' calls: the same holds, prices and entries as for evaluations, written by the event loop.

A hold is a lease that is renewed while its call goes on. Of a process that was killed the sweep finds the
leases a moment later and charges them in full.
"""

import asyncio
import contextlib
import logging
import random
import time
import uuid
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from psycopg_pool import AsyncConnectionPool, PoolTimeout

from skills.budgets import reserve
from skills.budgets.call_roles import CallRole
from skills.budgets.measure import density_of
from skills.budgets.reserve import Busy, Call, Caller
from skills.budgets.settle import RELEASED, UNKNOWN, Attribution, End, Usage, lost, settled
from skills.gateway import refusals
from skills.gateway.database import Away, Books
from skills.gateway.kept import Lookups
from skills.gateway.threads import in_thread
from skills.lib.clock import now
from skills.portfolio.call_bounds import CallBound
from skills.portfolio.call_ledger import block_model, bounded_call, price_in_force
from skills.portfolio.model_plan import ModelPlan
from skills.portfolio.price_lists import Service, Tariff

_log = logging.getLogger(__name__)
_LEASE_SECONDS, _RENEW_SECONDS = 90, 20
_AWAY_SECONDS = 5.0  # that a call waits for a database that is away
_KEPT_SECONDS = 30.0  # before prices and densities are looked up again
_PERIOD_SECONDS = 3.0  # before the periods are: a budget may have begun a new one
_PAUSES = (0.05, 0.1, 0.2, 0.4)  # seconds between looks for room; the last one stays
_RENEW = "update skills_hold set expires_at = %s where id = any(%s) and state = 'held'"


@dataclass(frozen=True, kw_only=True)
class Held:
    """A hold, and what its end is reckoned by: the price of when it began."""

    id: uuid.UUID
    periods: list[int]
    tariff: Tariff | None
    bound: CallBound
    tokenizer: str
    model_id: int


class GatewayLedger:
    def __init__(self, pool: AsyncConnectionPool, *, patience: float) -> None:
        self._pool, self._patience = pool, patience
        self._books = Books(pool)
        self._open: set[uuid.UUID] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._periods = Lookups(_charged, seconds=_PERIOD_SECONDS)
        self._prices = Lookups(price_in_force, seconds=_KEPT_SECONDS)
        self._densities = Lookups(density_of, seconds=_KEPT_SECONDS)

    async def open(self) -> None:
        self._books.open()
        self._start(self._renew())

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._books.close()

    async def hold(
        self, plan: ModelPlan, bound: CallBound, caller: Caller, service: Service, *, instead_of: str = ""
    ) -> Held:
        """Hold what a call within BOUND may use; raises Refusal."""
        periods = await self._periods.get((caller, plan.label))
        priced = await self._prices.get(plan.id)
        density = await self._densities.get(plan.tokenizer)
        tariff = priced.tariff(service) if priced else None
        call = bounded_call(
            plan,
            bound,
            role=CallRole.WORK,
            density=density,
            tariff=tariff,
            price_id=priced.price_id if priced else None,
            caller=caller,
            instead_of=instead_of,
            seconds=_LEASE_SECONDS,
        )
        held = Held(
            id=uuid.uuid4(),
            periods=periods,
            tariff=tariff,
            bound=bound,
            tokenizer=plan.tokenizer,
            model_id=plan.id,
        )
        await self._take(held, call)
        self._open.add(held.id)
        return held

    async def _take(self, held: Held, call: Call) -> None:
        """Hold CALL, waiting a while for room beside the calls under way; raises Refusal."""
        until = time.monotonic() + self._patience
        for pause in _pauses():
            if await self._write(held, call):
                return
            refusal = await in_thread(lambda: reserve.refusal(held.periods, call))
            if isinstance(refusal, reserve.OutOfBudget):
                raise refusals.out_of_budget(refusal)
            assert isinstance(refusal, Busy)
            if time.monotonic() + pause > until:
                raise refusals.busy(max(1, int(self._patience)))
            await asyncio.sleep(pause)

    async def _write(self, held: Held, call: Call) -> bool:
        """Whether CALL fits; tried again under the same id while the database is away."""
        until = time.monotonic() + _AWAY_SECONDS
        while True:
            try:
                return await self._books.hold(held.id, held.periods, call)
            except Away:
                if time.monotonic() > until:
                    raise refusals.books_away() from None
                await asyncio.sleep(0.25)

    async def settle(self, held: Held, usage: Usage, attribution: Attribution = UNKNOWN) -> None:
        """Book what the provider says; one that says more than is possible is not asked again."""
        if held.bound.is_broken_by(usage):
            await in_thread(lambda: block_model(held.model_id, usage, held.bound))
        micros = held.tariff.cost(usage) if held.tariff else None
        await self._end(held, settled(usage, micros, attribution))
        density = await self._densities.get(held.tokenizer)
        if usage.sent > held.bound.input_tokens(density):
            self._densities.forget(held.tokenizer)

    async def release(self, held: Held) -> None:
        await self._end(held, RELEASED)

    async def lose(self, held: Held, why: str, attribution: Attribution = UNKNOWN) -> None:
        await self._end(held, lost(why, attribution))

    async def _end(self, held: Held, end: End) -> None:
        # In a task of its own: the end is booked also where whoever asked for the call is gone.
        await asyncio.shield(self._start(self._book(held, end)))

    async def _book(self, held: Held, end: End) -> None:
        try:
            await self._books.end(held.id, held.periods, end)
        except Exception:  # noqa: BLE001 - the sweep charges what nobody could book
            _log.exception("The end of a call could not be booked; the sweep will charge it")
        finally:
            self._open.discard(held.id)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            if not self._open:
                continue
            expires = now() + timedelta(seconds=_LEASE_SECONDS)
            with contextlib.suppress(*Away, PoolTimeout):
                async with self._pool.connection() as database:
                    await database.execute(_RENEW, [expires, sorted(self._open)])

    def _start(self, act: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(act)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _charged(key: tuple[Caller, str]) -> list[int]:
    caller, model = key
    return reserve.charged(
        team_id=caller.team_id,
        account_id=caller.account_id,
        token_id=caller.token_id,
        model=model,
        session=caller.session,
    )


def _pauses() -> Iterator[float]:
    for pause in _PAUSES:
        yield pause * random.uniform(0.8, 1.2)  # noqa: S311 - so that those who wait do not come together
    while True:
        yield _PAUSES[-1] * random.uniform(0.8, 1.2)  # noqa: S311
