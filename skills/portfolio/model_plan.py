"""One model and how to reach it, as a value that an engine can be given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from skills.budgets.settle import Usage
from skills.portfolio.kinds import KINDS
from skills.portfolio.models import PortfolioModel


@dataclass(frozen=True, kw_only=True)
class ModelPlan:
    """One model and how to reach it. `secret` lives only in the worker's memory."""

    id: int
    label: str
    kind: str
    name: str
    base_url: str = ""
    secret: str = field(default="", repr=False)  # the repr may end up in a log
    max_output_tokens: int = 2048
    temperature: float | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    connections: int = 8
    retries: int = 4  # of one call, when the provider is busy or away
    price: tuple[int, int, int] | None = None  # micros per million tokens: input, cached, output
    options: Mapping[str, str] = field(default_factory=dict)  # of the provider, by the names of its kind

    @property
    def is_scripted(self) -> bool:
        return KINDS[self.kind].is_scripted

    def address(self) -> tuple[str, dict[str, Any]]:
        """What inspect_ai calls the model, and the arguments of its client."""
        return KINDS[self.kind].address(self.name, self.base_url, self.options)

    def client(self) -> tuple[str, dict[str, Any]]:
        """`address` with everything else that inspect_ai's `get_model` takes: where it is and the key.

        Raises BadKey for a key that the kind's client cannot be given.
        """
        name, arguments = self.address()
        return name, {
            **arguments,
            **KINDS[self.kind].credentials(self.secret),
            "base_url": self.base_url or None,
        }

    def micros(self, usage: Usage) -> int | None:
        """What USAGE costs, rounded up; None without a price."""
        if self.price is None:
            return None
        cost = sum(
            count * price
            for count, price in zip((usage.input, usage.cached, usage.output), self.price, strict=True)
        )
        # Prices are for a million tokens. Rounded up: a budget in money is never overrun by fractions.
        return -(-cost // 1_000_000)


def model_plan(row: PortfolioModel, secret: str = "") -> ModelPlan:
    """A portfolio model as the engine needs it; without SECRET it is safe to store."""
    price = row.price
    return ModelPlan(
        id=row.pk,
        label=row.label,
        kind=row.provider.kind,
        name=row.name,
        base_url=row.provider.base_url,
        secret=secret,
        max_output_tokens=row.max_output_tokens,
        temperature=row.temperature,
        parameters=row.parameters,
        connections=row.connections,
        retries=settings.EVAL_RETRIES,
        price=(price.input_micros, price.cached_micros, price.output_micros) if price else None,
        options=row.provider.options,
    )
