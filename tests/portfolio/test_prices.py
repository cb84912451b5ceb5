"""Imported prices cost what the package says that they do, for every model that it knows."""

from datetime import UTC, datetime, timedelta

import pytest

from skills.budgets.settle import Usage
from skills.portfolio import configure, prices
from skills.portfolio.models import Price
from skills.portfolio.price_lists import Service
from tests.factories import a_person, actor
from tests.portfolio.priced_calls import AT, CALLS, by_the_package, differences, known_models


def ours(provider: str, model: str, usage: Usage, service: Service, at: datetime) -> int:
    """Micros of a call of AT by the prices that were looked up at noon."""
    found = prices.price_of(provider, model, AT)
    assert found is not None
    return found.tariff(service, at).cost(usage)


def test_every_model_of_the_package_costs_what_it_says():
    models = known_models()

    wrong = [difference for model in models for difference in differences(*model)]

    assert len(models) > 2_000
    assert wrong == []


@pytest.mark.parametrize("hour", [0, 2, 5, 8, 16, 23])
@pytest.mark.parametrize("model", ["deepseek-chat", "deepseek-v4-pro", "deepseek-flash"])
def test_a_price_that_changes_with_the_hour_is_that_of_the_call(model, hour):
    at = AT.replace(hour=hour, minute=45)

    assert ours("deepseek", model, CALLS["short"], Service.STANDARD, at) == by_the_package(
        "deepseek", model, CALLS["short"], Service.STANDARD, at
    )


def test_a_price_that_will_change_is_known_beforehand():
    usage, later = CALLS["short"], datetime(2027, 1, 1, tzinfo=UTC)
    before = later - timedelta(seconds=1)

    costs = [ours("google", "gemini-3.6-flash", usage, Service.STANDARD, at) for at in (before, later)]

    assert costs == [
        by_the_package("google", "gemini-3.6-flash", usage, Service.STANDARD, at) for at in (before, later)
    ]
    assert costs[0] != costs[1]


def test_a_service_without_a_price_of_its_own_costs_what_the_standard_one_does():
    model, usage = "claude-haiku-4-5", CALLS["cached"]

    costs = {service: ours("anthropic", model, usage, service, AT) for service in Service}

    assert costs == {service: by_the_package("anthropic", model, usage, service, AT) for service in Service}
    assert costs[Service.FLEX] == costs[Service.STANDARD] != costs[Service.BATCH]


@pytest.mark.parametrize(("provider", "model"), [("openai", "no-such-model"), ("nobody", "gpt-4o")])
def test_what_the_package_does_not_know_has_no_price(provider, model):
    assert prices.price_of(provider, model) is None


@pytest.fixture
def google(db):
    staff = actor(a_person("chief", staff=True))
    provider = configure.save_provider(actor=staff, name="Google", kind="google")
    return configure.save_model(actor=staff, provider=provider, name="gemini-2.5-pro", label="pro")


def test_a_price_is_imported_at_its_base_tier(google):
    (row,) = prices.import_prices()

    assert row.input_micros == 1_250_000
    assert [rates.above for rates in row.long_rates] == [200_000]
    assert row.long_rates[0].input == 2_500_000


def test_the_price_of_an_earlier_release_without_tiers_is_offered_anew(google):
    Price.objects.create(
        kind="google",
        model="gemini-2.5-pro",
        input_micros=2_500_000,
        cached_micros=250_000,
        output_micros=15_000_000,
        source="genai-prices",
    )

    assert len(prices.import_prices()) == 1
    assert prices.import_prices() == []


def test_a_change_that_was_announced_and_has_come_is_no_new_price(google, monkeypatch):
    google.name = "gemini-3.6-flash"
    google.save()
    monkeypatch.setattr(prices, "now", lambda: datetime(2026, 12, 31, tzinfo=UTC))
    prices.import_prices()

    monkeypatch.setattr(prices, "now", lambda: datetime(2027, 1, 2, tzinfo=UTC))

    assert prices.import_prices() == []
