"""Which models a provider offers, asked through the client of its kind; in the evaluation worker only."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from skills.lib import outgoing
from skills.portfolio.kinds import KINDS, ModelListing
from skills.portfolio.models import Provider

_SECONDS = 30  # that an endpoint may take to answer
_MOST_MODELS = 500  # of one provider; some list everything that ever was
_NAME_LENGTH = 120  # characters, as the column of a model
_GENERATES = "generateContent"  # what Google calls a model that writes text


def list_models(provider: Provider, secret: str) -> list[str]:
    """The names PROVIDER gives its models, sorted; raises whatever its client does."""
    kind = KINDS[provider.kind]
    if provider.base_url:
        outgoing.check_server(provider.base_url)
    _, arguments = kind.address("", provider.base_url, provider.options)
    arguments |= kind.credentials(secret)
    names = _ASKING[kind.listing](provider.base_url, arguments)
    return sorted({name for name in islice(names, _MOST_MODELS) if 0 < len(name) <= _NAME_LENGTH})


def _openai(base_url: str, arguments: dict[str, Any]) -> Iterable[str]:
    from openai import DefaultHttpxClient, OpenAI

    key = arguments["api_key"]
    http = DefaultHttpxClient(follow_redirects=False)
    with OpenAI(
        base_url=base_url or None, api_key=key, max_retries=0, timeout=_SECONDS, http_client=http
    ) as client:
        yield from (model.id for model in client.models.list())


def _anthropic(base_url: str, arguments: dict[str, Any]) -> Iterable[str]:
    from anthropic import Anthropic, DefaultHttpxClient

    key = arguments["api_key"]
    http = DefaultHttpxClient(follow_redirects=False)
    with Anthropic(
        base_url=base_url or None, api_key=key, max_retries=0, timeout=_SECONDS, http_client=http
    ) as client:
        yield from (model.id for model in client.models.list(limit=100))


def _google(base_url: str, arguments: dict[str, Any]) -> Iterable[str]:
    from google.genai import Client
    from google.genai.types import HttpOptions

    version = arguments.pop("api_version", None)
    options = HttpOptions(base_url=base_url or None, api_version=version, timeout=_SECONDS * 1000)
    # A project is Vertex's; the other interface has keys alone.
    with Client(vertexai="api_key" not in arguments, http_options=options, **arguments) as client:
        for model in client.models.list():
            if not model.supported_actions or _GENERATES in model.supported_actions:
                yield str(model.name).rsplit("/", 1)[-1]


def _bedrock(_base_url: str, arguments: dict[str, Any]) -> Iterable[str]:
    """Models by themselves, and those that are only had through an inference profile."""
    import boto3
    from botocore.config import Config

    config = Config(retries={"total_max_attempts": 1}, connect_timeout=_SECONDS, read_timeout=_SECONDS)
    # The address of a provider is that of the models; what they are is asked elsewhere.
    client = boto3.client("bedrock", config=config, **arguments)
    models = client.list_foundation_models(byOutputModality="TEXT", byInferenceType="ON_DEMAND")
    yield from (model["modelId"] for model in models["modelSummaries"])
    profiles = client.list_inference_profiles(maxResults=100)
    yield from (profile["inferenceProfileId"] for profile in profiles["inferenceProfileSummaries"])


def _none(_base_url: str, _arguments: dict[str, Any]) -> Iterable[str]:
    return ()


_ASKING: dict[ModelListing, Callable[[str, dict[str, Any]], Iterable[str]]] = {
    ModelListing.OPENAI: _openai,
    ModelListing.ANTHROPIC: _anthropic,
    ModelListing.GOOGLE: _google,
    ModelListing.BEDROCK: _bedrock,
    ModelListing.NONE: _none,
}
