"""The kinds of providers, one table: what each is called, how it is reached, priced and looked for.

A new kind is one more entry here and nothing else; tests/portfolio/test_kinds.py adds one and uses it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class LocalServer:
    """A server that people run on their own machine, at the address where it listens by default."""

    name: str
    base_url: str


@dataclass(frozen=True, kw_only=True)
class ProviderKind:
    """One kind of provider. `code` is stored with providers and prices and never changes."""

    code: str
    label: str
    inspect_name: str
    """How inspect_ai calls the interface, before the model's name."""
    client_arguments: Mapping[str, Any] = field(default_factory=dict)
    """What inspect_ai's client is made with."""
    base_url_arguments: Mapping[str, Any] = field(default_factory=dict)
    """What its client is made with besides, where a provider has an address of its own."""
    key_variable: str = ""
    """The environment variable with the key, for providers without one of their own."""
    price_name: str = ""
    """How the package genai-prices calls it; "" where it knows no prices."""
    service_tiers: frozenset[str] = frozenset()
    """What `service_tier` among a model's parameters may be."""
    needs_base_url: bool = False
    local_servers: tuple[LocalServer, ...] = ()
    """Where discovery looks for it on this machine."""
    is_scripted: bool = False
    """Answers come from a file of the bundle; no model is asked."""

    def address(self, model: str, base_url: str) -> tuple[str, dict[str, Any]]:
        """What inspect_ai calls MODEL, and the arguments of its client."""
        extra = self.base_url_arguments if base_url else {}
        return f"{self.inspect_name}/{model}", {**self.client_arguments, **extra}


# The clients' own retries are off, because nobody would pay for them: a hold in the budget is one request
# (docs/decisions/0008). The Responses API of OpenAI is off because it asks once more without being told to.
_NO_RETRIES = {"max_retries": 0}

OPENAI = ProviderKind(
    code="openai",
    label="OpenAI",
    inspect_name="openai",
    client_arguments={**_NO_RETRIES, "responses_api": False},
    key_variable="OPENAI_API_KEY",
    price_name="openai",
    service_tiers=frozenset({"default", "flex", "priority"}),
)
ANTHROPIC = ProviderKind(
    code="anthropic",
    label="Anthropic",
    inspect_name="anthropic",
    client_arguments=_NO_RETRIES,
    key_variable="ANTHROPIC_API_KEY",
    price_name="anthropic",
)
GOOGLE = ProviderKind(
    code="google",
    label="Google",
    inspect_name="google",
    base_url_arguments={"api_version": "v1beta"},
    key_variable="GOOGLE_API_KEY",
    price_name="google",
)
COMPATIBLE = ProviderKind(
    code="openai_compatible",
    label="OpenAI-compatible endpoint",
    inspect_name="openai-api/openai-compatible",
    client_arguments=_NO_RETRIES,
    needs_base_url=True,
    local_servers=(
        LocalServer("LM Studio on this machine", "http://127.0.0.1:1234/v1"),
        LocalServer("llama.cpp on this machine", "http://127.0.0.1:8080/v1"),
    ),
)
VLLM = ProviderKind(
    code="vllm",
    label="vLLM",
    inspect_name="openai-api/vllm",
    client_arguments=_NO_RETRIES,
    needs_base_url=True,
    # 8001, because SkillHub itself listens on vLLM's default of 8000.
    local_servers=(LocalServer("vLLM on this machine", "http://127.0.0.1:8001/v1"),),
)
OLLAMA = ProviderKind(
    code="ollama",
    label="Ollama",
    inspect_name="openai-api/ollama",
    client_arguments=_NO_RETRIES,
    needs_base_url=True,
    local_servers=(LocalServer("Ollama on this machine", "http://127.0.0.1:11434/v1"),),
)
SCRIPTED = ProviderKind(code="scripted", label="Scripted, no model", inspect_name="mockllm", is_scripted=True)

KINDS = {kind.code: kind for kind in (OPENAI, ANTHROPIC, GOOGLE, COMPATIBLE, VLLM, OLLAMA, SCRIPTED)}


def kind_choices() -> list[tuple[str, str]]:
    """(code, label) of every kind, for forms."""
    return [(kind.code, kind.label) for kind in KINDS.values()]
