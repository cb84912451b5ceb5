"""Calls a model at an address from a process of its own: what each waited for, and how it ended."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp

_SESSIONS = 16


@dataclass(kw_only=True)
class Ends:
    """Milliseconds to the first byte of each answer, calls and bytes a second, and how many ended how."""

    first: list[float] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    seconds: float = 0

    @property
    def each_second(self) -> float:
        return len(self.first) / self.seconds

    @property
    def p50(self) -> float:
        return statistics.median(self.first)

    @property
    def p95(self) -> float:
        return sorted(self.first)[int(len(self.first) * 0.95)]


class _Agents:
    def __init__(self, address: str, key: str, model: str, calls: int) -> None:
        self._url, self._model, self._calls = f"{address}/v1/messages", model, iter(range(calls))
        self._headers = {"x-api-key": key, "anthropic-version": "2023-06-01", "user-agent": "claude-cli/2.0"}
        self._numbers = count(1)
        self.seen = Ends()
        self.ends: Counter[str] = Counter()

    def _asked(self) -> dict[str, Any]:
        session = f"session_{next(self._numbers) % _SESSIONS:08x}"
        return {
            "model": self._model,
            "max_tokens": 100,
            "stream": True,
            "metadata": {"user_id": session},
            "messages": [{"role": "user", "content": "Say hello to the person who reads this. " * 40}],
        }

    async def work(self, http: aiohttp.ClientSession) -> None:
        """One agent: one call after another, as long as there are some."""
        for _ in self._calls:
            self.ends[await self._call(http)] += 1

    async def _call(self, http: aiohttp.ClientSession) -> str:
        started = time.perf_counter()
        try:
            async with http.post(self._url, json=self._asked(), headers=self._headers) as answer:
                await answer.content.readany()
                self.seen.first.append((time.perf_counter() - started) * 1000)
                async for chunk in answer.content.iter_any():
                    self.seen.bytes += len(chunk)
                return str(answer.status)
        except aiohttp.ClientError as error:
            return type(error).__name__


async def _all(address: str, key: str, model: str, calls: int, at_once: int) -> Ends:
    agents = _Agents(address, key, model, calls)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        started = time.perf_counter()
        await asyncio.gather(*(agents.work(http) for _ in range(at_once)))
        agents.seen.seconds = time.perf_counter() - started
    agents.seen.ends = dict(agents.ends)
    return agents.seen


def run(address: str, key: str, *, model: str, calls: int, at_once: int) -> Ends:
    facts = json.dumps([address, key, model, calls, at_once])
    done = subprocess.run(
        [sys.executable, "-m", "bench.model_calls", facts], capture_output=True, text=True, check=True
    )
    return Ends(**json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(vars(asyncio.run(_all(*json.loads(sys.argv[1]))))))
