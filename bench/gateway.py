"""The gateway before an endpoint on this machine, against the endpoint itself and a bare pass-through.

All of them run under the same Uvicorn, one process each, and take turns.
"""

import statistics
from collections.abc import Callable, Sequence
from functools import partial

import psutil

from bench import model_calls, passing
from bench.model_calls import Ends
from bench.report import Figure

TURNS, CALLS = 5, 400
STREAMS, AT_ONCE, MANY = 1_000, 8, 200
Work = Callable[[], Ends]


def fill(address: str, *, models: Sequence[str] = ("short", "long", "slow")) -> str:
    """A person's key, and MODELS of the endpoint at ADDRESS."""
    from skills.people.models import Scope
    from skills.people.tokens import create_token
    from skills.portfolio.configure import save_model, save_provider, set_price
    from tests.factories import a_person, actor

    chief = actor(a_person("gateway-chief", staff=True))
    person = a_person("gateway-caller")
    provider = save_provider(actor=chief, name="gateway", kind="anthropic", base_url=address, secret="x")
    for name in models:
        save_model(actor=chief, provider=provider, name=name, label=name, max_output_tokens=1000)
        set_price(
            actor=chief, kind="anthropic", model=name, micros=(3_000_000, 300_000, 15_000_000), source=""
        )
    return create_token(actor=actor(person), owner=person, name="gateway", scopes=[Scope.MODELS])[1]


def measure() -> list[Figure]:
    endpoint = passing.endpoint()
    key = fill(endpoint.address)
    bare, gateway = passing.bare(endpoint.address), passing.gateway()
    for process in (endpoint, bare, gateway):
        process.wait()

    def short(address: str, at_once: int) -> Ends:
        ends = model_calls.run(address, key, model="short", calls=CALLS, at_once=at_once)
        assert set(ends.ends) == {"200"}, ends.ends
        return ends

    try:
        for warm in (bare, gateway):
            short(warm.address, AT_ONCE)
        return [
            *_latency(*(partial(short, process.address, 2) for process in (endpoint, bare, gateway))),
            _rate(partial(short, bare.address, AT_ONCE), partial(short, gateway.address, AT_ONCE)),
            _memory(gateway, key),
            _many(gateway, key),
        ]
    finally:
        for process in (gateway, bare, endpoint):
            process.stop()


def _latency(direct: Work, bare: Work, passed: Work) -> list[Figure]:
    """What is added to the endpoint's own median of the same turn."""
    turns = [(direct().p50, bare(), passed()) for _ in range(TURNS)]
    figures = []
    for name, most in (("p50", 10), ("p95", 30)):
        ours, least = (
            statistics.median(getattr(turn[at], name) - turn[0] for turn in turns) for at in (2, 1)
        )
        figures.append(
            Figure(
                f"what the gateway adds to the first byte, {name}, through {most} ms",
                ours / most,
                most=1.0,
                note=f"{ours:.1f} ms, the bare pass-through {least:.1f} ms; two agents at once",
            )
        )
    return figures


def _rate(bare: Work, passed: Work) -> Figure:
    turns = [(bare(), passed()) for _ in range(TURNS)]
    value = statistics.median(ours.each_second / least.each_second for least, ours in turns)
    least, ours = turns[-1]
    return Figure(
        "calls a second through the gateway",
        value,
        least=0.5,
        note=f"{ours.each_second:.0f} against {least.each_second:.0f} of a bare pass-through by httpx",
    )


def _memory(gateway: passing.Process, key: str) -> Figure:
    process = psutil.Process(gateway.process.pid)

    def streams(number: int) -> int:
        ends = model_calls.run(gateway.address, key, model="long", calls=number, at_once=AT_ONCE)
        assert ends.ends == {"200": number}, ends.ends
        return process.memory_info().rss

    before = streams(STREAMS // 10)
    after = streams(STREAMS)
    return Figure(
        f"memory after {STREAMS:,} streams of 1 MB",
        after / before,
        most=1.05,
        note=f"{after / 1e6:.0f} MB; {before / 1e6:.0f} MB after the first {STREAMS // 10}",
    )


def _many(gateway: passing.Process, key: str) -> Figure:
    ends = model_calls.run(gateway.address, key, model="slow", calls=MANY, at_once=MANY)
    return Figure(
        f"of {MANY} streams at once, those that are served",
        ends.ends.get("200", 0) / MANY,
        least=1.0,
        note=f"first bytes p50 {ends.p50:.0f}, p95 {ends.p95:.0f} ms after all began in the same moment",
    )
