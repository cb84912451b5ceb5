"""One model and how to reach it, as a value that an engine can be given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from skills.lib import outgoing
from skills.portfolio.kinds import KINDS
from skills.portfolio.models import PortfolioModel
from skills.portfolio.price_lists import PriceList, Service, Tariff

SERVICE_TIER = "service_tier"  # as OpenAI's interface calls it


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
    price: PriceList | None = None
    options: Mapping[str, str] = field(default_factory=dict)  # of the provider, by the names of its kind

    @property
    def is_scripted(self) -> bool:
        return KINDS[self.kind].is_scripted

    @property
    def service(self) -> Service:
        """How the provider is asked to serve its calls, which decides what they cost."""
        body = self.parameters.get("extra_body")
        asked_in_body = body.get(SERVICE_TIER) if isinstance(body, Mapping) else None
        wanted = self.parameters.get(SERVICE_TIER, asked_in_body)
        return Service(wanted) if wanted in (Service.FLEX, Service.PRIORITY) else Service.STANDARD

    @property
    def generate_parameters(self) -> dict[str, Any]:
        """What inspect_ai's GenerateConfig takes of the parameters."""
        return {name: value for name, value in self.parameters.items() if name != SERVICE_TIER}

    def address(self) -> tuple[str, dict[str, Any]]:
        """What inspect_ai calls the model, and the arguments of its client."""
        name, arguments = KINDS[self.kind].address(self.name, self.base_url, self.options)
        if SERVICE_TIER in self.parameters:
            arguments[SERVICE_TIER] = self.parameters[SERVICE_TIER]
        return name, arguments

    def client(self) -> tuple[str, dict[str, Any]]:
        """`address` with everything else that inspect_ai's `get_model` takes: where it is and the key.

        Raises BadKey for a key that the kind's client cannot be given, and NotAllowed for an address whose
        name has come to mean what no model is asked at.
        """
        if self.base_url:
            outgoing.check_server(self.base_url)
        name, arguments = self.address()
        return name, {
            **arguments,
            **KINDS[self.kind].credentials(self.secret),
            "base_url": self.base_url or None,
        }

    def tariff(self, moment: datetime) -> Tariff | None:
        """What a call of MOMENT costs; None without a price."""
        return self.price.tariff(self.service, moment) if self.price else None

    @property
    def tokenizer(self) -> str:
        """The same for models that cut text alike: what calls teach about one is true of the other."""
        return f"{self.kind}/{self.name}"


def model_plan(row: PortfolioModel, secret: str = "") -> ModelPlan:
    """A portfolio model as the engine needs it; without SECRET it is safe to store."""
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
        price=row.price.price_list if row.price else None,
        options=row.provider.options,
    )
