"""Imports prices from the pinned package genai-prices into our own table; nothing counts until approved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from skills.lib.clock import now
from skills.portfolio.kinds import KINDS
from skills.portfolio.models import PortfolioModel, Price
from skills.portfolio.price_lists import PriceList, Rates, Service, Tariff

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

_MICROS = 1_000_000  # of a dollar
_CALLS = 1_000  # that the package prices calls by
# How the package calls the services that we know.
_CONTEXTS: dict[Service, dict[str, str]] = {
    Service.STANDARD: {},
    Service.BATCH: {"processing": "batch"},
    Service.FLEX: {"service_tier": "flex"},
    Service.PRIORITY: {"service_tier": "priority"},
}


def import_prices() -> list[Price]:
    """Add a row for each portfolio model whose price in the package differs from our last; returns them."""
    import genai_prices

    source = f"genai-prices {genai_prices.__version__}"
    kinds = [kind.code for kind in KINDS.values() if kind.price_name]
    new_rows = []
    for model in PortfolioModel.objects.filter(provider__kind__in=kinds).select_related("provider"):
        kind = KINDS[model.provider.kind]
        prices = price_of(kind.price_name, model.name)
        if prices is None or prices == _last_price(kind.code, model.name):
            continue
        new_rows.append(Price.of_list(prices, kind=kind.code, model=model.name, source=source))
    return new_rows


def _last_price(kind: str, model: str) -> PriceList | None:
    row = Price.objects.filter(kind=kind, model=model).order_by("-pk").first()
    return row.price_list.as_of(now().date()) if row else None


def price_of(provider: str, model: str, at: datetime | None = None) -> PriceList | None:
    """The package's prices of MODEL from AT on, all tiers; None where it knows none for tokens."""
    from genai_prices.data_snapshot import get_snapshot

    try:
        owner, info = get_snapshot().find_provider_model(model, None, provider, None)
    except (LookupError, ValueError):
        return None
    at = at or now()
    standard = info.get_prices(at)
    if standard.input_mtok is None and standard.output_mtok is None:
        return None
    # The package gives the services of a model only to calls of the provider that the model belongs to.
    is_own = any(info is row for row in owner.models)
    tariffs: list[Tariff] = []
    for service, context in _CONTEXTS.items():
        if service == Service.STANDARD or (is_own and _has_variant(info, context)):
            tariffs += _tariffs(info, service, at)
    return PriceList(tuple(tariffs))


def _has_variant(info: "ModelInfo", context: dict[str, str]) -> bool:
    return any(variant.when == context for variant in info.price_variants or ())


def _tariffs(info: "ModelInfo", service: Service, at: datetime) -> list[Tariff]:
    """The prices of a service from AT on: those of today first, then one for each day that changes them."""
    context = _CONTEXTS[service]
    hours = _hours(info)
    tariffs: list[Tariff] = []
    for since in [None, *_changes_after(info, at.date())]:
        day = since or at.date()
        tariffs += [
            _tariff(info.get_prices(datetime.combine(day, window[0], UTC), context), service, since, window)
            for window in hours
        ] or [_tariff(info.get_prices(datetime.combine(day, time.max, UTC), context), service, since, None)]
    return tariffs


def _changes_after(info: "ModelInfo", day: date) -> list[date]:
    """The days after DAY on which the package says that prices change."""
    from genai_prices.types import StartDateConstraint

    starts = {
        constraint.start_date
        for constraint in _constraints(info)
        if isinstance(constraint, StartDateConstraint)
    }
    return sorted(start for start in starts if start > day)


def _hours(info: "ModelInfo") -> list[tuple[time, time]]:
    """The day (UTC) cut where prices change with the hour; empty where they do not."""
    from genai_prices.types import TimeOfDateConstraint

    cuts = {
        edge
        for constraint in _constraints(info)
        if isinstance(constraint, TimeOfDateConstraint)
        for edge in (_in_utc(constraint.start_time), _in_utc(constraint.end_time))
    }
    if not cuts:
        return []
    edges = sorted({time.min, *cuts})
    return list(zip(edges, [*edges[1:], time.min], strict=True))


def _in_utc(edge: time) -> time:
    if edge.tzinfo is None:
        return edge
    return datetime.combine(date(2000, 1, 2), edge).astimezone(UTC).time()


def _constraints(info: "ModelInfo") -> Sequence[object]:
    conditional = info.prices if isinstance(info.prices, list) else []
    return [row.constraint for row in conditional] + [row.constraint for row in info.price_variants or ()]


def _tariff(
    prices: "ModelPrice", service: Service, since: date | None, hours: tuple[time, time] | None
) -> Tariff:
    values = [prices.input_mtok, prices.cache_read_mtok, prices.cache_write_mtok, prices.output_mtok]
    starts = {0} | {tier.start for value in values for tier in getattr(value, "tiers", ())}
    return Tariff(
        rates=tuple(_rates(prices, above) for above in sorted(starts)),
        call=(_at(prices.requests_kcount, 0) or Decimal(0)) * _MICROS / _CALLS,
        service=service,
        since=since,
        hours=hours,
    )


def _rates(prices: "ModelPrice", above: int) -> Rates:
    """What the kinds of tokens cost in calls with more than ABOVE tokens of input."""
    input_price = _at(prices.input_mtok, above) or Decimal(0)
    cached, written = _at(prices.cache_read_mtok, above), _at(prices.cache_write_mtok, above)
    hour = _at(prices.cache_write_1h_mtok, above)
    # Without a price of its own, what is read from or written to the cache is input like any other.
    rates = Rates(
        above=above,
        input=input_price * _MICROS,
        cached=(input_price if cached is None else cached) * _MICROS,
        written=(input_price if written is None else written) * _MICROS,
        output=(_at(prices.output_mtok, above) or Decimal(0)) * _MICROS,
    )
    # Said only where it is not what it is anyway: prices that were approved without it stay the newest.
    if hour is None or hour * _MICROS == rates.hour_rate:
        return rates
    return replace(rates, hour=hour * _MICROS)


def _at(price: "Decimal | TieredPrices | None", above: int) -> Decimal | None:
    """Dollars in the tier that begins at ABOVE tokens of input."""
    if price is None or isinstance(price, Decimal):
        return price
    return next((tier.price for tier in reversed(price.tiers) if tier.start <= above), price.base)
