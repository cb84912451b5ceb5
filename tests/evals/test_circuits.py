"""The engine asks the circuit of an endpoint before each call and tells it how the call ended."""

import asyncio
import uuid

import pytest

from skills.evals.engines.circuits import admitted, watched
from skills.evals.models import Trial
from skills.portfolio import circuit as module
from skills.portfolio.circuit import Circuit, EndpointAway
from skills.portfolio.model_plan import ModelPlan
from skills.portfolio.models import PortfolioModel, Provider
from skills.portfolio.provider_keys import encrypt_key
from tests.evals.making import a_run
from tests.factories import a_version, files
from tests.portfolio.endpoints import openai, serving


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """No failure is too fresh to count."""
    monkeypatch.setattr(module, "_LEAST_SECONDS", 0.0)


@pytest.fixture
def plan() -> ModelPlan:
    base_url = f"http://{uuid.uuid4().hex}.example/v1"
    return ModelPlan(id=1, label="m", kind="openai_compatible", name="m", base_url=base_url)


async def beside(function, *arguments):
    return await asyncio.to_thread(function, *arguments)


def ask(plan: ModelPlan, end, times: int = 1) -> None:
    """Call an endpoint that ends each call with END: an answer, or an exception."""

    async def call():
        if isinstance(end, Exception):
            raise end
        return end

    circuit = Circuit.to(plan)
    way = admitted(watched(call, plan, circuit, beside), circuit, beside)
    for _ in range(times):
        asyncio.run(way())


class Status(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status_code = status


@pytest.mark.parametrize(
    "end", [ConnectionRefusedError(), TimeoutError(), Status(503), ConnectionResetError()]
)
def test_where_nobody_answers_the_endpoint_is_broken_off(plan, end):
    for _ in range(5):
        with pytest.raises(type(end)):
            ask(plan, end)

    with pytest.raises(EndpointAway):
        ask(plan, end)


@pytest.mark.parametrize("status", [400, 401, 404, 429])
def test_a_refusal_is_an_answer(plan, status):
    for _ in range(10):
        with pytest.raises(Status):
            ask(plan, Status(status))


def test_an_exception_that_a_client_returns_counts_as_if_it_were_raised(plan):
    ask(plan, (Status(500), "the call as it was made"), times=5)

    with pytest.raises(EndpointAway):
        ask(plan, "never")


def test_a_run_that_is_stopped_says_nothing_of_the_endpoint(plan):
    circuit = Circuit.to(plan)

    async def call():
        await asyncio.sleep(60)

    async def stopped():
        way = watched(call, plan, circuit, beside)
        for _ in range(6):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(way(), 0.01)

    asyncio.run(stopped())

    circuit.check()


@pytest.mark.django_db(transaction=True)
def test_a_dead_endpoint_ends_its_own_trials_and_holds_up_no_others(owner, team, as_json, settings):
    settings.SANDBOX = "none"
    with serving(openai) as address:
        for name, base_url in (("a", f"{address}/v1"), ("dead", f"http://127.0.0.1:9/{uuid.uuid4().hex}")):
            provider = Provider.objects.create(
                name=name, kind="openai_compatible", base_url=base_url, secret=encrypt_key("right")
            )
            PortfolioModel.objects.create(provider=provider, name=name, label=name, max_output_tokens=64)
        cases = [
            {"id": n, "prompt": f"Say ok {n}.", "assertions": [{"type": "contains", "value": "ok"}]}
            for n in range(6)
        ]
        content = files("say-ok") | {"evals/evals.json": as_json(cases)}
        run = a_run(owner, a_version(owner, team, "say-ok", content=content), repeats=1)

    run.refresh_from_db()
    dead = Trial.objects.filter(run=run, model__label="dead")
    assert run.state == "done", run.problem
    assert set(Trial.objects.filter(run=run, model__label="a").values_list("outcome", flat=True)) == {
        "scored"
    }
    assert set(dead.values_list("outcome", flat=True)) == {"error"}
    assert (run.finished_at - run.started_at).total_seconds() < 60  # four retries of each would take minutes
