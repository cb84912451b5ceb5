"""Asks providers whether they answer, and looks for models on this machine; in the evaluation worker."""

import json
import urllib.request
from typing import Any

from django.db import transaction

from skills.audit.record import record
from skills.jobs.enqueue import enqueue
from skills.lib.clock import now
from skills.people import rules
from skills.people.actor import Actor
from skills.portfolio.kinds import address
from skills.portfolio.model_plan import model_plan
from skills.portfolio.models import PortfolioModel, Provider, ProviderKind
from skills.portfolio.provider_keys import unseal

# Where local servers listen by default; nothing else is asked.
_LOCAL = (
    ("Ollama on this machine", ProviderKind.OLLAMA, "http://127.0.0.1:11434/v1"),
    ("vLLM on this machine", ProviderKind.VLLM, "http://127.0.0.1:8001/v1"),
    (
        "LM Studio on this machine",
        ProviderKind.COMPATIBLE,
        "http://127.0.0.1:1234/v1",
    ),
    (
        "llama.cpp on this machine",
        ProviderKind.COMPATIBLE,
        "http://127.0.0.1:8080/v1",
    ),
)
_SECONDS = 2


@transaction.atomic
def ask_test(*, actor: Actor, provider: Provider) -> None:
    """Have a provider tried; the answer is on its page a moment later."""
    by = rules.staff(actor)
    record("provider.test", by=by, target=provider.name)
    Provider.objects.filter(pk=provider.pk).update(tested_at=None, problem="")
    enqueue("test_provider", key=f"provider:{provider.pk}", provider_id=provider.pk)


def test(*, provider_id: int) -> None:
    """Ask the provider's first model for one word, and note how that went."""
    provider = Provider.objects.get(pk=provider_id)
    model = (
        PortfolioModel.objects.filter(provider=provider)
        .select_related("provider", "price")
        .order_by("pk")
        .first()
    )
    problem = "Add a model first." if model is None else _try(model)
    Provider.objects.filter(pk=provider_id).update(tested_at=now(), problem=problem[:300])


def _try(row: PortfolioModel) -> str:
    """ "" when the model answers, else what went wrong, without its key."""
    if row.provider.is_scripted:
        return ""
    import anyio

    secret = ""
    try:
        secret = unseal(row.provider.secret)
        chosen = model_plan(row, secret)
        name, arguments = address(chosen)
        anyio.run(_ask, name, row.provider.base_url or None, secret or "none", arguments)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        return text.replace(secret, "…") if len(secret) > 3 else text
    return ""


async def _ask(name: str, base_url: str | None, secret: str, arguments: dict[str, Any]) -> None:
    from inspect_ai.model import GenerateConfig, get_model

    config = GenerateConfig(max_tokens=16, max_retries=0, attempt_timeout=30)
    model = get_model(name, config=config, base_url=base_url, api_key=secret, memoize=False, **arguments)
    await model.generate("Say ok.")


@transaction.atomic
def ask_discovery(*, actor: Actor) -> None:
    """Have local servers looked for; what is found appears switched off."""
    record("provider.discover", by=rules.staff(actor), target="this machine")
    enqueue("discover_models", key="discover")


def discover() -> list[PortfolioModel]:
    """Add the providers that answer on this machine and their models, switched off until staff look."""
    made = []
    for name, kind, base_url in _LOCAL:
        for model in _listed(base_url):
            provider, _ = Provider.objects.get_or_create(
                base_url=base_url, defaults={"name": name, "kind": kind}
            )
            row, is_new = PortfolioModel.objects.get_or_create(
                provider=provider, name=model[:120], defaults={"label": _free_label(model), "enabled": False}
            )
            made += [row] if is_new else []
    return made


def _free_label(model: str) -> str:
    label = model[:50]
    return f"{label} (local)" if PortfolioModel.objects.filter(label=label).exists() else label


def _listed(base_url: str) -> list[str]:
    try:
        with urllib.request.urlopen(f"{base_url}/models", timeout=_SECONDS) as answer:
            rows = json.loads(answer.read(1_000_000)).get("data", [])
            return [str(row["id"]) for row in rows if row.get("id")][:50]
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return []
