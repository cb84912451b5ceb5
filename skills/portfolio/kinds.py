"""The kinds of providers, one table: what each is called, how it is reached, priced and looked for.

A new kind is one more entry here and nothing else; tests/portfolio/test_kinds.py adds one and uses it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from skills.portfolio.credentials import Credentials, api_key, aws_keys, service_account


@dataclass(frozen=True)
class LocalServer:
    """A server that people run on their own machine, at the address where it listens by default."""

    name: str
    base_url: str


class ModelListing(StrEnum):
    """Whose way to list models a kind follows; skills/portfolio/listing.py has one function for each."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GOOGLE = "google"
    BEDROCK = "bedrock"
    NONE = ""


class NativeApi(StrEnum):
    """Whose protocol a provider speaks, for agents that speak it too and are passed through."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GOOGLE = "google"
    NONE = ""


@dataclass(frozen=True, kw_only=True)
class PassThrough:
    """How the gateway reaches a provider: its address where none was typed, and the header of its key."""

    api: NativeApi
    address: str = ""
    path: str = ""
    """What stands between a typed address and the protocol's own paths."""
    key_header: str = "authorization"
    key_prefix: str = "Bearer "


@dataclass(frozen=True, kw_only=True)
class AddressRule:
    """How the addresses of a kind end, for whoever typed one that does not answer."""

    words: str = ""
    ends_in: str = ""
    added_by_client: tuple[str, ...] = ()
    """Ends of paths that the client adds itself, the longest first: nobody's address holds them."""

    def mended(self, base_url: str) -> str:
        """BASE_URL as it should have been typed; the same where the rule finds nothing wrong."""
        parts = urlsplit(base_url)
        path = parts.path.rstrip("/")
        for end in self.added_by_client:
            path = path.removesuffix(end)
        if self.ends_in and not path.endswith(self.ends_in):
            path += self.ends_in
        return urlunsplit((parts.scheme, parts.netloc, path, "", "")) if parts.netloc else ""


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
    credentials: Credentials = api_key
    """How the client is handed the key; raises BadKey for one that cannot be."""
    key_help: str = ""
    """What the key of this kind looks like, where it is not one word."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What the kind asks for beside address and key → what its client calls it."""
    address_rule: AddressRule = AddressRule()
    listing: ModelListing = ModelListing.NONE
    """How its models are listed; without it their names are typed."""
    price_name: str = ""
    """How the package genai-prices calls it; "" where it knows no prices."""
    service_tiers: frozenset[str] = frozenset()
    """What `service_tier` among a model's parameters may be."""
    needs_base_url: bool = False
    local_servers: tuple[LocalServer, ...] = ()
    """Where discovery looks for it on this machine."""
    is_scripted: bool = False
    """Answers come from a file of the bundle; no model is asked."""
    passed_through: PassThrough | None = None
    """How agents are passed through to it; None where requests are signed or there is nobody to ask."""

    def address(
        self, model: str, base_url: str, options: Mapping[str, str] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """What inspect_ai calls MODEL, and the arguments of its client."""
        extra = self.base_url_arguments if base_url else {}
        chosen = {self.options[name]: value for name, value in (options or {}).items() if value}
        return f"{self.inspect_name}/{model}", {**self.client_arguments, **extra, **chosen}


# The clients' own retries are off, because nobody would pay for them: a hold in the budget is one request
# (docs/decisions/0008). The Responses API of OpenAI is off because it asks once more without being told to.
_NO_RETRIES = {"max_retries": 0}

_AS_OPENAI = PassThrough(api=NativeApi.OPENAI)
_OPENAI_ADDRESS = AddressRule(
    words="OpenAI-compatible addresses end in /v1.",
    ends_in="/v1",
    added_by_client=("/chat/completions", "/completions", "/models"),
)

OPENAI = ProviderKind(
    code="openai",
    label="OpenAI",
    inspect_name="openai",
    client_arguments={**_NO_RETRIES, "responses_api": False},
    key_variable="OPENAI_API_KEY",
    price_name="openai",
    service_tiers=frozenset({"default", "flex", "priority"}),
    address_rule=_OPENAI_ADDRESS,
    listing=ModelListing.OPENAI,
    passed_through=PassThrough(api=NativeApi.OPENAI, address="https://api.openai.com/v1"),
)
ANTHROPIC = ProviderKind(
    code="anthropic",
    label="Anthropic",
    inspect_name="anthropic",
    client_arguments=_NO_RETRIES,
    key_variable="ANTHROPIC_API_KEY",
    price_name="anthropic",
    address_rule=AddressRule(
        words="Anthropic's address does not end in /v1: the client adds it.",
        added_by_client=("/messages", "/models", "/v1"),
    ),
    listing=ModelListing.ANTHROPIC,
    passed_through=PassThrough(
        api=NativeApi.ANTHROPIC,
        address="https://api.anthropic.com",
        key_header="x-api-key",
        key_prefix="",
    ),
)
GOOGLE = ProviderKind(
    code="google",
    label="Google",
    inspect_name="google",
    base_url_arguments={"api_version": "v1beta"},
    key_variable="GOOGLE_API_KEY",
    price_name="google",
    address_rule=AddressRule(
        words="Google's address does not end in /v1beta: the client adds it.",
        added_by_client=("/models", "/v1beta", "/v1"),
    ),
    listing=ModelListing.GOOGLE,
    passed_through=PassThrough(
        api=NativeApi.GOOGLE,
        address="https://generativelanguage.googleapis.com",
        key_header="x-goog-api-key",
        key_prefix="",
    ),
)
AZURE = ProviderKind(
    code="azure",
    label="Azure OpenAI",
    inspect_name="openai/azure",
    client_arguments={**_NO_RETRIES, "responses_api": False},
    key_variable="AZURE_OPENAI_API_KEY",
    price_name="azure",
    needs_base_url=True,
    options={"api_version": "api_version"},
    address_rule=AddressRule(
        words="Azure's address is https://NAME.openai.azure.com with nothing behind it, and a model is"
        " called what its deployment is called.",
        added_by_client=("/chat/completions", "/deployments", "/models", "/v1", "/openai"),
    ),
    passed_through=PassThrough(api=NativeApi.OPENAI, path="/openai/v1", key_header="api-key", key_prefix=""),
)
BEDROCK = ProviderKind(
    code="bedrock",
    label="Amazon Bedrock",
    inspect_name="bedrock",
    price_name="aws",
    credentials=aws_keys,
    key_help="ACCESS KEY ID:SECRET ACCESS KEY, or empty for the worker's own AWS credentials.",
    options={"region": "region_name"},
    address_rule=AddressRule(words="Bedrock's address is empty, or that of a private endpoint."),
    listing=ModelListing.BEDROCK,
)
VERTEX = ProviderKind(
    code="vertex",
    label="Google Vertex AI",
    inspect_name="google/vertex",
    price_name="google",
    credentials=service_account,
    key_help="The JSON of a service account, or empty for the worker's own Google credentials.",
    options={"region": "location", "project": "project"},
    address_rule=AddressRule(words="Vertex's address is empty, or that of a private endpoint."),
    listing=ModelListing.GOOGLE,
)
COMPATIBLE = ProviderKind(
    code="openai_compatible",
    label="OpenAI-compatible endpoint",
    inspect_name="openai-api/openai-compatible",
    client_arguments=_NO_RETRIES,
    needs_base_url=True,
    address_rule=_OPENAI_ADDRESS,
    listing=ModelListing.OPENAI,
    passed_through=_AS_OPENAI,
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
    address_rule=_OPENAI_ADDRESS,
    listing=ModelListing.OPENAI,
    passed_through=_AS_OPENAI,
    # 8001, because SkillHub itself listens on vLLM's default of 8000.
    local_servers=(LocalServer("vLLM on this machine", "http://127.0.0.1:8001/v1"),),
)
OLLAMA = ProviderKind(
    code="ollama",
    label="Ollama",
    inspect_name="openai-api/ollama",
    client_arguments=_NO_RETRIES,
    needs_base_url=True,
    address_rule=_OPENAI_ADDRESS,
    listing=ModelListing.OPENAI,
    passed_through=_AS_OPENAI,
    local_servers=(LocalServer("Ollama on this machine", "http://127.0.0.1:11434/v1"),),
)
SCRIPTED = ProviderKind(code="scripted", label="Scripted, no model", inspect_name="mockllm", is_scripted=True)

_ALL = (OPENAI, ANTHROPIC, GOOGLE, AZURE, BEDROCK, VERTEX, COMPATIBLE, VLLM, OLLAMA, SCRIPTED)
KINDS = {kind.code: kind for kind in _ALL}


def kind_choices() -> list[tuple[str, str]]:
    """(code, label) of every kind, for forms."""
    return [(kind.code, kind.label) for kind in KINDS.values()]
