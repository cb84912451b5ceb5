"""Imports prices from the pinned package genai-prices into our own table; nothing counts until approved."""

from typing import Any

from skills.portfolio.models import PortfolioModel, Price, ProviderKind

_NAMES = {
    ProviderKind.OPENAI: "openai",
    ProviderKind.ANTHROPIC: "anthropic",
    ProviderKind.GOOGLE: "google",
}


def import_prices() -> list[Price]:
    """A row for each portfolio model whose price in the package differs from our last; returns the new."""
    import genai_prices

    source = f"genai-prices {genai_prices.__version__}"
    made = []
    for model in PortfolioModel.objects.filter(provider__kind__in=_NAMES).select_related("provider"):
        found = price_of(_NAMES[ProviderKind(model.provider.kind)], model.name)
        last = Price.objects.filter(kind=model.provider.kind, model=model.name).order_by("-pk").first()
        if found is None or (last and (last.input_micros, last.cached_micros, last.output_micros) == found):
            continue
        made.append(
            Price.objects.create(
                kind=model.provider.kind,
                model=model.name,
                input_micros=found[0],
                cached_micros=found[1],
                output_micros=found[2],
                source=source,
            )
        )
    return made


def price_of(provider: str, model: str) -> tuple[int, int, int] | None:
    """(input, cached, output) in micros per million tokens by the package; None where it knows nothing."""
    from genai_prices import Usage, calc_price

    def cost(**tokens: int) -> int | None:
        try:
            price: Any = calc_price(Usage(**tokens), model, provider_id=provider)
        except (LookupError, ValueError):
            return None
        return int(price.total_price * 1_000_000)

    million = 1_000_000
    given, made = cost(input_tokens=million), cost(output_tokens=million)
    if given is None or made is None:
        return None
    cached = cost(input_tokens=million, cache_read_tokens=million)
    return given, given if cached is None else cached, made
