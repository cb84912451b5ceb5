"""Whether the ledger says what the endpoint billed, whatever dies: `python -m bench.gateway_kills 10000 100`.

Sixteen agents make so many calls through gateways that share a port. One call of a hundred is cut by the
endpoint, one of a hundred by its client; so many times a gateway is killed, and ten times the database is
restarted. Each call names a session of its own, by which endpoint and ledger are compared in the end.
"""

import asyncio
import json
import os
import random
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import aiohttp

from bench import passing

AGENTS, GATEWAYS, RESTARTS = 16, 4, 10
_NARROW = 4  # of the agents, those that spend from a budget that ends in the middle
_CALL_SECONDS = 20


class Load:
    """Agents that call until so many calls have been made, in a thread of their own."""

    def __init__(self, address: str, keys: list[str], calls: int) -> None:
        self._url, self._keys, self._calls = f"{address}/v1/messages", keys, calls
        self._numbers = count()
        self.made = 0
        self.ends: Counter[str] = Counter()
        self.served: set[str] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._work()))
        self._thread.start()

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    async def _work(self) -> None:
        timeout = aiohttp.ClientTimeout(total=_CALL_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            await asyncio.gather(*(self._agent(http, key) for key in self._keys))

    async def _agent(self, http: aiohttp.ClientSession, key: str) -> None:
        while self.made < self._calls:
            session = f"{next(self._numbers):08x}"
            self.made += 1
            try:
                end = await self._call(http, key, session)
            except aiohttp.ClientConnectorError:  # all gateways are dead at the moment
                self.made -= 1
                end = "nobody there"
            except (aiohttp.ClientError, TimeoutError) as error:
                end = type(error).__name__
            self.ends[end] += 1
            if end != "200":
                await asyncio.sleep(0.05)

    async def _call(self, http: aiohttp.ClientSession, key: str, session: str) -> str:
        body = {
            "model": "unsteady",
            "max_tokens": 100,
            "stream": True,
            "metadata": {"user_id": f"session_{session}"},
            "messages": [{"role": "user", "content": "Hello."}],
        }
        async with http.post(self._url, json=body, headers={"x-api-key": key}) as answer:
            if random.random() < 0.01:
                return "left"
            text = await answer.read()
            if b"message_stop" in text:
                self.served.add(session)
            return str(answer.status)


@dataclass(kw_only=True)
class Reckoning:
    """What is left when all is over; everything but the counts of calls has to be nothing."""

    billed: int
    settled: int
    lost: int
    unbooked: list[str]
    unequal: list[str]
    unsettled: list[str]
    held: int
    overspent: int
    differences: list[str]

    @property
    def is_right(self) -> bool:
        wrong = [*self.unbooked, *self.unequal, *self.unsettled, *self.differences]
        return not (wrong or self.held or self.overspent)

    def __str__(self) -> str:
        return (
            f"{self.billed:,} calls billed by the endpoint, {self.settled:,} settled, {self.lost:,} charged"
            f" in full; billed and unbooked {len(self.unbooked)}, settled otherwise than billed"
            f" {len(self.unequal)}, served whole and not settled {len(self.unsettled)}, still held"
            f" {self.held}, periods overspent {self.overspent}, counters that differ {len(self.differences)}"
        )


def reckon(endpoint: passing.Process, served: set[str], accounts: list[int]) -> Reckoning:
    """Compare the endpoint's count with the holds of ACCOUNTS, once the sweep has been."""
    from django.db.models import F

    from skills.budgets import verify
    from skills.budgets.models import Hold, HoldState, Period
    from skills.budgets.settle import charge_expired_holds
    from skills.lib.clock import now

    mine = Hold.objects.filter(account_id__in=accounts)
    mine.filter(state=HoldState.HELD).update(expires_at=now())  # in place of 90 seconds
    while charge_expired_holds():
        pass
    billed: dict[str, int] = json.load(urllib.request.urlopen(f"{endpoint.address}/billed"))
    rows = {
        session: (state, used) for session, state, used in mine.values_list("session", "state", "used_tokens")
    }
    nothing = (HoldState.RELEASED, 0)
    ended = Counter(state for state, _ in rows.values())
    return Reckoning(
        billed=len(billed),
        settled=ended[HoldState.SETTLED],
        lost=ended[HoldState.LOST],
        unbooked=[session for session, tokens in billed.items() if rows.get(session, nothing)[1] < tokens],
        unequal=[
            session
            for session, (state, used) in rows.items()
            if state == HoldState.SETTLED and used != billed.get(session)
        ],
        unsettled=[session for session in served if rows.get(session, nothing)[0] != HoldState.SETTLED],
        held=mine.filter(state=HoldState.HELD).count(),
        overspent=Period.objects.filter(spent_tokens__gt=F("limit_tokens"), budget__hard=True).count(),
        differences=[str(difference) for difference in verify.differences()],
    )


def kill(gateways: list[passing.Process], times: int, load: Load, restart: Callable[[], None]) -> int:
    """Kill gateways one after the other while LOAD goes on, and RESTART the database in between."""
    killed = 0
    while not load.is_over:
        if killed >= times:
            time.sleep(0.1)
            continue
        one = gateways[killed % len(gateways)]
        time.sleep(random.random())
        one.process.kill()
        one.process.wait()
        killed += 1
        one.start()
        if killed % max(1, times // RESTARTS) == 0:
            restart()
    return killed


def fill(address: str) -> tuple[list[str], list[int]]:
    """Keys of one person with room and of one without, as often as there are agents; both people's ids."""
    from bench import gateway
    from skills.budgets import allowances
    from skills.budgets.allowances import budget_of
    from skills.budgets.terms import Terms
    from skills.people.models import Account, Scope
    from skills.people.tokens import create_token
    from tests.factories import a_person, actor

    wide_key = gateway.fill(address, models=["unsteady"])
    wide, chief = (Account.objects.get(username=name) for name in ("gateway-caller", "gateway-chief"))
    narrow = a_person("gateway-narrow")
    terms = Terms(limit_tokens=100_000)
    allowances.set_limits(actor=actor(chief), budget=budget_of(account=narrow), terms=terms)
    _, narrow_key = create_token(actor=actor(narrow), owner=narrow, name="narrow", scopes=[Scope.MODELS])
    keys = [wide_key] * (AGENTS - _NARROW) + [narrow_key] * _NARROW
    return keys, [wide.pk, narrow.pk]


def siege(calls: int, kills: int, restart: Callable[[], None], gateways: int = GATEWAYS) -> Reckoning:
    """Make CALLS while gateways are killed KILLS times, and say what is in the books then."""
    endpoint = passing.endpoint()
    keys, accounts = fill(endpoint.address)
    first = passing.gateway(GATEWAY_WAIT_SECONDS="1")
    others = (passing.gateway(port=first.port, GATEWAY_WAIT_SECONDS="1") for _ in range(gateways - 1))
    running = [first, *others]
    for process in (endpoint, *running):
        process.wait()
    try:
        load = Load(first.address, keys, calls)
        started = time.monotonic()
        killed = kill(running, kills, load, restart)
        print(f"{load.made:,} calls in {time.monotonic() - started:.0f} s, {killed} kills: {dict(load.ends)}")
    finally:
        for process in running:
            process.stop()
    try:
        return reckon(endpoint, load.served, accounts)
    finally:
        endpoint.stop()


def main(calls: int, kills: int) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    folder = tempfile.TemporaryDirectory(prefix="skillhub-bench-")
    Path(folder.name).chmod(0o711)
    os.environ["DATA_DIR"] = str(Path(folder.name) / "data")
    from skillhub.embedded.services import Services

    services = Services()
    services.start()

    def restart() -> None:
        from django.db import connections

        assert services.postgres is not None
        services.postgres.stop()
        services.postgres.start()
        connections.close_all()

    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        reckoning = siege(calls, kills, restart)
    finally:
        services.stop()
        folder.cleanup()
    print(reckoning)
    return 0 if reckoning.is_right else 1


if __name__ == "__main__":
    raise SystemExit(main(*(int(number) for number in sys.argv[1:])))
