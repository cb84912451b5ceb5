"""Calls of several shapes, and what genai-prices itself says that they cost."""

from datetime import UTC, datetime
from decimal import ROUND_CEILING

from genai_prices import Usage as PackageUsage
from genai_prices import calc_price
from genai_prices.data_snapshot import get_snapshot

from skills.budgets.settle import Usage
from skills.portfolio import prices
from skills.portfolio.price_lists import PriceList, Service

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)
CALLS = {
    "short": Usage(input=5_000, output=500),
    "long": Usage(input=300_000, output=5_000),
    "cached": Usage(input=1_000, cached=4_000, written=12_000, output=700),
    "long and cached": Usage(input=20_000, cached=250_000, written=30_000, output=900),
}
CONTEXTS = {
    Service.STANDARD: None,
    Service.BATCH: {"processing": "batch"},
    Service.FLEX: {"service_tier": "flex"},
    Service.PRIORITY: {"service_tier": "priority"},
}


def by_the_package(provider: str, model: str, usage: Usage, service: Service, at: datetime) -> int:
    """Micros of a call by genai-prices' own calculation, rounded up as we do."""
    told = PackageUsage(
        input_tokens=usage.sent,
        cache_read_tokens=usage.cached,
        cache_write_tokens=usage.written,
        output_tokens=usage.output,
    )
    price = calc_price(
        told,
        model,
        provider_id=provider,
        genai_request_timestamp=at,
        price_context=CONTEXTS[service],
    )
    return int((price.total_price * 1_000_000).to_integral_value(ROUND_CEILING))


def known_models() -> list[tuple[str, str]]:
    """(provider, model) of every model that the package prices by tokens."""
    return [
        (provider.id, model.id)
        for provider in get_snapshot().providers
        for model in provider.models
        if prices.price_of(provider.id, model.id, AT) is not None
    ]


def differences(provider: str, model: str) -> list[tuple[str, str, Service, str]]:
    """(provider, model, service, call) of each of CALLS that the package prices otherwise."""
    found = prices.price_of(provider, model, AT)
    assert found is not None
    # What is kept in the database, and nothing else, decides what calls cost.
    kept = PriceList.from_json(found.to_json())
    return [
        (provider, model, service, name)
        for service in {tariff.service for tariff in kept.tariffs}
        for name, usage in CALLS.items()
        if kept.tariff(service, AT).cost(usage) != by_the_package(provider, model, usage, service, AT)
    ]
