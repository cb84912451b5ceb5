"""A call waits for its budget as long as its run goes on; a run that stops lets calls under way end."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import anyio
import anyio.lowlevel
import pytest

from skills.budgets.call_roles import CallRole
from skills.budgets.reserve import Busy, OutOfBudget
from skills.evals.engines import budgeted_models, inspect_engine
from skills.evals.engines.budgeted_models import METER, LedgerThread, Meter, RunStops
from skills.evals.engines.contract import CasePlan, TrialPlan
from skills.portfolio.call_bounds import CallBound
from skills.portfolio.model_plan import model_plan

HOLD = uuid4()
METER_OF_A_TRIAL = Meter(
    trial=TrialPlan("c", "candidate", 1, 1), case=CasePlan(key="c", label="c", prompt="p")
)


class BusyLedger:
    """Has no room until it was asked so many times; then it holds, or ends for good."""

    def __init__(self, times: int, end: Exception | None = None) -> None:
        self.times, self.end, self.asked = times, end, 0

    def reserve(self, _model, _role, _bound):
        self.asked += 1
        if self.asked <= self.times:
            raise Busy
        if self.end:
            raise self.end
        return HOLD


@pytest.fixture
def waiting(monkeypatch):
    """Reserves through a ledger thread; waiting takes next to no time."""
    monkeypatch.setattr(budgeted_models, "_LONGEST_WAIT", 0.002)
    monkeypatch.setattr(budgeted_models, "_FIRST_WAIT", 0.001)

    def reserve(ledger, prepare=lambda thread: None, meter=METER_OF_A_TRIAL):
        async def run():
            METER.set(meter)
            with ThreadPoolExecutor(1) as pool:
                thread = LedgerThread(ledger, pool)
                prepare(thread)
                return await thread.reserve(None, CallRole.CANDIDATE, CallBound(1, 1))

        return anyio.run(run)

    return reserve


def test_a_call_waits_until_there_is_room(waiting):
    ledger = BusyLedger(300)

    assert waiting(ledger) == HOLD
    assert ledger.asked == 301


def test_waiting_ends_when_the_call_can_never_fit(waiting):
    with pytest.raises(OutOfBudget):
        waiting(BusyLedger(3, OutOfBudget("There is no room.")))


def test_no_call_begins_once_the_run_stops(waiting):
    with pytest.raises(RunStops):
        waiting(BusyLedger(0), lambda thread: setattr(thread, "is_stopping", True))


@pytest.mark.parametrize(("seconds", "ends"), [(0.05, 1), (5, 0)], ids=["a short one ends", "a long one not"])
def test_a_run_that_stops_gives_calls_under_way_a_moment(seconds, ends, monkeypatch):
    monkeypatch.setattr(inspect_engine, "_GRACE_SECONDS", 0.3)
    session = inspect_engine._Session(None, None, None, None)
    ended = []

    async def a_call():
        session.ledger.under_way += 1
        try:
            await anyio.sleep(seconds)
            ended.append(1)
        finally:
            session.ledger.under_way -= 1

    async def run():
        async with anyio.create_task_group() as group:
            group.start_soon(a_call)
            await anyio.lowlevel.checkpoint()
            await session._let_calls_end()
            group.cancel_scope.cancel()

    anyio.run(run)
    session.pool.shutdown()
    assert len(ended) == ends
    assert session.ledger.is_stopping


def test_how_often_a_call_is_tried_again_does_not_go_by_the_clock(scripted):
    """The clock would run while a call waits for room in the budget."""
    plan = replace(
        model_plan(scripted[0]), kind="openai_compatible", base_url="http://127.0.0.1:9/v1", retries=3
    )

    model = budgeted_models.budgeted_model(plan, CallRole.CANDIDATE, LedgerThread(None, None))

    assert (model.config.max_retries, model.config.timeout) == (3, None)
