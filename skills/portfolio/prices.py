"""Imports prices from the pinned package genai-prices into our own table; nothing counts until approved."""

from typing import Any, NamedTuple

from skills.portfolio.kinds import KINDS
from skills.portfolio.models import PortfolioModel, Price

_MILLION = 1_000_000


class TokenPrice(NamedTuple):
    """Micros (millionths of a dollar) per million tokens."""

    input: int
    cached: int
    output: int


def import_prices() -> list[Price]:
    """Add a row for each portfolio model whose price in the package differs from our last; returns them."""
    import genai_prices

    source = f"genai-prices {genai_prices.__version__}"
    kinds = [kind.code for kind in KINDS.values() if kind.price_name]
    new_rows = []
    for model in PortfolioModel.objects.filter(provider__kind__in=kinds).select_related("provider"):
        kind = KINDS[model.provider.kind]
        price = price_of(kind.price_name, model.name)
        if price is None or price == _last_price(kind.code, model.name):
            continue
        new_rows.append(
            Price.objects.create(
                kind=kind.code,
                model=model.name,
                input_micros=price.input,
                cached_micros=price.cached,
                output_micros=price.output,
                source=source,
            )
        )
    return new_rows


def _last_price(kind: str, model: str) -> TokenPrice | None:
    row = Price.objects.filter(kind=kind, model=model).order_by("-pk").first()
    return TokenPrice(row.input_micros, row.cached_micros, row.output_micros) if row else None


def price_of(provider: str, model: str) -> TokenPrice | None:
    """The package's price of MODEL; None where it knows nothing of it."""
    # The package only computes costs, and a million tokens of one kind cost what we keep as its price.
    input_price = _cost(provider, model, input_tokens=_MILLION)
    output_price = _cost(provider, model, output_tokens=_MILLION)
    if input_price is None or output_price is None:
        return None
    cached_price = _cost(provider, model, input_tokens=_MILLION, cache_read_tokens=_MILLION)
    return TokenPrice(input_price, input_price if cached_price is None else cached_price, output_price)


def _cost(provider: str, model: str, **tokens: int) -> int | None:
    """Micros of TOKENS by the package; None where it does not know the model."""
    from genai_prices import Usage, calc_price

    try:
        price: Any = calc_price(Usage(**tokens), model, provider_id=provider)
    except (LookupError, ValueError):
        return None
    return int(price.total_price * 1_000_000)
