"""Asks providers whether they answer, and looks for models on this machine; in the evaluation worker."""

from dataclasses import replace

from django.db import transaction

from skills.audit.record import record
from skills.budgets.call_roles import CallRole
from skills.budgets.reserve import Busy, OutOfBudget
from skills.jobs.enqueue import enqueue
from skills.lib import outgoing
from skills.lib.clock import now
from skills.people import rules
from skills.people.actor import Actor
from skills.portfolio.call_ledger import CallLedger
from skills.portfolio.kinds import KINDS
from skills.portfolio.metered import ask
from skills.portfolio.model_plan import model_plan
from skills.portfolio.models import PortfolioModel, Provider
from skills.portfolio.provider_keys import decrypt_key

_PROBLEM_LENGTH = 300  # characters, as the column
_NAME_LENGTH = 120  # characters of a model's name, as the column
_LABEL_LENGTH = 50  # characters; leaves room for " (local)" in the column
_MOST_MODELS = 50  # that one server may list
_TEST_TOKENS, _TEST_SECONDS = 16, 30  # of the one answer
_SHORTEST_SECRET = 4  # characters; the text of a shorter "key" would be everywhere in a message


@transaction.atomic
def request_test(*, actor: Actor, provider: Provider) -> None:
    """Have a provider tried; the answer is on its page a moment later."""
    by = rules.staff(actor)
    record("provider.test", by=by, target=provider.name)
    Provider.objects.filter(pk=provider.pk).update(tested_at=None, problem="")
    enqueue("test_provider", key=f"provider:{provider.pk}", provider_id=provider.pk, account_id=by.pk)


def try_provider(*, provider_id: int, account_id: int | None = None) -> None:
    """Ask the provider's first model for one word, and note how that went. The ACCOUNT who asked pays."""
    provider = Provider.objects.get(pk=provider_id)
    models = PortfolioModel.objects.filter(provider=provider).select_related("provider", "price")
    model = models.order_by("pk").first()
    problem = "Add a model first." if model is None else _problem_of(model, account_id)
    Provider.objects.filter(pk=provider_id).update(tested_at=now(), problem=problem[:_PROBLEM_LENGTH])


def _problem_of(model: PortfolioModel, account_id: int | None) -> str:
    """What went wrong when the model was asked, without its key; "" when it answers."""
    if model.provider.is_scripted:
        return ""
    from inspect_ai.model import ChatMessageUser

    secret = ""
    try:
        secret = decrypt_key(model.provider.secret)
        ask(
            # Without its parameters: some want more output than a test pays for.
            replace(model_plan(model, secret), parameters={}),
            [ChatMessageUser(content="Say ok.")],
            ledger=CallLedger(account_id=account_id),
            role=CallRole.TEST,
            output_tokens=_TEST_TOKENS,
            seconds=_TEST_SECONDS,
        )
    except (OutOfBudget, Busy) as refusal:
        return f"It was not asked, because a test is paid for: {refusal}"
    except Exception as error:  # noqa: BLE001 - each provider's client has exceptions of its own; staff read what they say
        text = f"{type(error).__name__}: {error}"
        return text.replace(secret, "…") if len(secret) >= _SHORTEST_SECRET else text
    return ""


@transaction.atomic
def request_discovery(*, actor: Actor) -> None:
    """Have local servers looked for; what answers appears switched off."""
    record("provider.discover", by=rules.staff(actor), target="this machine")
    enqueue("discover_models", key="discover")


def discover() -> list[PortfolioModel]:
    """Add the providers that answer on this machine and their models, switched off until staff look."""
    new_models = []
    for kind in KINDS.values():
        for server in kind.local_servers:
            for name in _listed_models(server.base_url):
                provider, _ = Provider.objects.get_or_create(
                    base_url=server.base_url, defaults={"name": server.name, "kind": kind.code}
                )
                model, is_new = PortfolioModel.objects.get_or_create(
                    provider=provider,
                    name=name[:_NAME_LENGTH],
                    defaults={"label": _free_label(name), "enabled": False},
                )
                if is_new:
                    new_models.append(model)
    return new_models


def _free_label(model: str) -> str:
    label = model[:_LABEL_LENGTH]
    return f"{label} (local)" if PortfolioModel.objects.filter(label=label).exists() else label


def _listed_models(base_url: str) -> list[str]:
    """The names that a server of OpenAI's shape lists at /models; none where no such server answers."""
    try:
        answer = outgoing.get_loopback_json(f"{base_url}/models")
    except (outgoing.NotAllowed, OSError, ValueError):
        return []
    # Any program may listen there: nothing is known of the shape of its answer.
    rows = answer.get("data") if isinstance(answer, dict) else None
    names = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [str(name) for name in names if name][:_MOST_MODELS]
