"""Calls are held by what earlier ones used, booked at the price of their moment, and never overspend."""

import random

import pytest

from skills.budgets import allowances, verify
from skills.budgets.call_roles import CallRole
from skills.budgets.models import Hold, LedgerEntry, Period
from skills.budgets.reserve import Busy, OutOfBudget
from skills.budgets.settle import Usage
from skills.portfolio import call_ledger, configure
from skills.portfolio.call_bounds import CallBound
from skills.portfolio.call_ledger import CallLedger
from skills.portfolio.model_plan import model_plan
from skills.portfolio.price_lists import LongPrice
from tests.budgets.making import set_limits
from tests.factories import a_person, actor

pytestmark = pytest.mark.django_db

INPUT, CAP = 12_000, 8_000
BYTES = 48_000  # that make 12,000 tokens, give or take


@pytest.fixture
def staff(db):
    return a_person("chief", staff=True)


@pytest.fixture
def model(staff):
    by = actor(staff)
    provider = configure.save_provider(actor=by, name="Ours", kind="vllm", base_url="http://127.0.0.1:9/v1")
    return configure.save_model(actor=by, provider=provider, name="m", label="m", max_output_tokens=CAP)


def a_call(ledger: CallLedger, model, sent: int = INPUT, sent_bytes: int = BYTES, output: int = 100) -> None:
    plan, bound = model_plan(model), CallBound(sent_bytes, CAP)
    hold = ledger.reserve(plan, CallRole.CANDIDATE, bound)
    ledger.settle(hold, plan, Usage(input=sent, output=output), bound)


def teach(model, calls: int = 25) -> None:
    """Calls of several lengths, whose bytes make tokens as those of English text and code do."""
    chance = random.Random(7)
    for _ in range(calls):
        sent_bytes = chance.randrange(2_000, 80_000)
        a_call(CallLedger(), model, int(sent_bytes / chance.uniform(3.7, 4.2)), sent_bytes)


def test_holds_of_sixteen_agents_are_close_to_what_they_use(model):
    teach(model)
    ledger, plan = CallLedger(), model_plan(model)

    for _ in range(16):
        ledger.reserve(plan, CallRole.CANDIDATE, CallBound(BYTES, CAP))

    held = Period.objects.get(budget__team=None, budget__account=None).held_tokens
    assert held <= 16 * (1.5 * INPUT + CAP)
    assert held >= 16 * (INPUT + CAP)


def test_before_anything_is_known_every_byte_is_held(model):
    CallLedger().reserve(model_plan(model), CallRole.CANDIDATE, CallBound(BYTES, CAP))

    assert Hold.objects.get().tokens == BYTES + CAP


def test_a_call_that_uses_more_than_it_holds_is_booked_whole_and_teaches_the_next(model):
    teach(model)
    ledger = CallLedger()
    a_call(ledger, model)
    before = Hold.objects.order_by("-created_at").first().tokens

    a_call(ledger, model, sent=3 * INPUT)
    a_call(ledger, model)

    excess, after = list(Hold.objects.order_by("created_at"))[-2:]
    assert (excess.tokens, excess.used_tokens) == (before, 3 * INPUT + 100)
    assert after.tokens >= 3 * INPUT + CAP
    assert verify.differences() == []


def test_an_excess_of_one_call_stays_within_the_limit(model, staff):
    teach(model)
    budget = allowances.budget_of()
    period = Period.objects.get()
    limit = period.spent_tokens + 2 * (BYTES + CAP)
    set_limits(staff, budget, limit_tokens=limit)
    ledger, plan, bound = CallLedger(), model_plan(model), CallBound(BYTES, CAP)
    holds = []

    with pytest.raises(Busy):
        while True:
            holds.append(ledger.reserve(plan, CallRole.CANDIDATE, bound))
    ledger.settle(holds.pop(), plan, Usage(input=BYTES, output=CAP), bound)
    for hold in holds:
        ledger.settle(hold, plan, Usage(input=INPUT, output=CAP), bound)

    period.refresh_from_db()
    assert len(holds) >= 2
    assert period.spent_tokens <= limit


def test_what_calls_in_flight_exceed_together_is_booked_and_ends_the_budget(model, staff):
    teach(model)
    period = Period.objects.get()
    limit = period.spent_tokens + 3 * (BYTES + CAP)
    set_limits(staff, allowances.budget_of(), limit_tokens=limit)
    ledger, plan, bound = CallLedger(), model_plan(model), CallBound(BYTES, CAP)
    holds = []
    with pytest.raises(Busy):
        while True:
            holds.append(ledger.reserve(plan, CallRole.CANDIDATE, bound))
    gap = bound.most - Hold.objects.get(pk=holds[0]).tokens

    for hold in holds:
        ledger.settle(hold, plan, Usage(input=BYTES, output=CAP), bound)

    period.refresh_from_db()
    # One call's excess has room; of the others no more than each could exceed its hold by.
    assert 0 < period.spent_tokens - limit <= (len(holds) - 1) * gap
    assert verify.differences() == []
    with pytest.raises(OutOfBudget):
        ledger.reserve(plan, CallRole.CANDIDATE, CallBound(1, 1))


def test_a_call_is_out_of_budget_only_where_its_worst_case_does_not_fit_beside_what_is_spent(model, staff):
    teach(model)
    set_limits(staff, allowances.budget_of(), limit_tokens=Period.objects.get().spent_tokens + BYTES + CAP)
    ledger, plan, bound = CallLedger(), model_plan(model), CallBound(BYTES, CAP)
    first = ledger.reserve(plan, CallRole.CANDIDATE, bound)

    with pytest.raises(Busy):
        ledger.reserve(plan, CallRole.CANDIDATE, bound)
    ledger.settle(first, plan, Usage(input=1), bound)
    with pytest.raises(OutOfBudget):
        ledger.reserve(plan, CallRole.CANDIDATE, bound)


def test_a_provider_that_says_more_than_is_possible_is_not_asked_again(model):
    a_call(CallLedger(), model, sent=BYTES + CAP + 2_048 + 1)

    model.refresh_from_db()
    assert "it reported 58,149 tokens" in model.blocked.lower()


def a_price(staff, dollars: int):
    """The price that counts from now on: of input, the same for output."""
    micros = dollars * 1_000_000
    price = configure.set_price(
        actor=actor(staff), kind="vllm", model="m", micros=(micros, micros, micros), source="hand"
    )
    return price.pk


def test_each_call_costs_what_counts_when_it_begins(model, staff, monkeypatch):
    monkeypatch.setattr(call_ledger, "_KEPT_SECONDS", -1.0)
    ledger, plan, bound = CallLedger(), model_plan(model), CallBound(BYTES, CAP)
    prices = [None, a_price(staff, 1)]
    begun_before = ledger.reserve(plan, CallRole.CANDIDATE, bound)
    prices.append(a_price(staff, 2))

    a_call(ledger, model)
    ledger.settle(begun_before, plan, Usage(input=INPUT, output=100), bound)

    assert list(LedgerEntry.objects.order_by("pk").values_list("micros", "price_id")) == [
        (24_200, prices[2]),
        (12_100, prices[1]),
    ]


def test_money_is_held_by_the_worst_tier_that_a_call_can_reach(model, staff):
    long = LongPrice(above=50_000, input=2_000_000, cached=0, output=2_000_000)
    configure.set_price(
        actor=actor(staff),
        kind="vllm",
        model="m",
        micros=(1_000_000, 0, 1_000_000),
        source="hand",
        written=1_500_000,
        long=long,
    )
    model.refresh_from_db()

    for sent_bytes in (50_000, 50_001):
        CallLedger().reserve(model_plan(model), CallRole.CANDIDATE, CallBound(sent_bytes, 1_000))

    assert list(Hold.objects.order_by("sent_bytes").values_list("micros", flat=True)) == [76_000, 152_003]


def test_tokens_of_the_cache_are_booked_by_their_kind(model):
    plan, bound = model_plan(model), CallBound(BYTES, CAP)
    ledger = CallLedger()

    hold = ledger.reserve(plan, CallRole.CANDIDATE, bound)
    ledger.settle(hold, plan, Usage(input=1, cached=20, output=300, written=4_000), bound)

    entry = LedgerEntry.objects.get()
    assert (entry.input_tokens, entry.cached_tokens, entry.written_tokens, entry.output_tokens) == (
        1,
        20,
        4_000,
        300,
    )
    assert entry.tokens == 4_321
