"""Asks providers whether they answer, and looks for models on this machine; in the evaluation worker."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from skills.audit.record import record
from skills.budgets.call_roles import CallRole
from skills.budgets.reserve import Busy, OutOfBudget
from skills.jobs.enqueue import enqueue
from skills.jobs.models import Job, JobState
from skills.lib import outgoing
from skills.lib.clock import now
from skills.lib.errors import refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.portfolio.call_ledger import CallLedger
from skills.portfolio.configure import free_label
from skills.portfolio.faults import AWAY, Endpoint, EndpointFault, FaultKind, fault_of
from skills.portfolio.kinds import KINDS, ModelListing
from skills.portfolio.listing import list_models
from skills.portfolio.metered import ask
from skills.portfolio.model_plan import ModelPlan, model_plan
from skills.portfolio.models import NO_MODEL_YET, PortfolioModel, Provider
from skills.portfolio.provider_keys import key_of

_PROBLEM_LENGTH = 500  # characters, as the column
_NAME_LENGTH = 120  # characters of a model's name, as the column
_MOST_MODELS = 50  # that one server may list
_TEST_TOKENS, _TEST_SECONDS = 16, 30  # of the one answer


@transaction.atomic
def request_test(*, actor: Actor, provider: Provider) -> None:
    """Have a provider tried; the answer is on its page a moment later."""
    by = rules.staff(actor)
    record("provider.test", by=by, target=provider.name)
    Provider.objects.filter(pk=provider.pk).update(tested_at=None, problem="")
    enqueue("test_provider", key=_test_key(provider), provider_id=provider.pk, account_id=by.pk)


@transaction.atomic
def request_listing(*, actor: Actor, provider: Provider) -> None:
    """Have a provider asked which models it offers; they are on its page a moment later."""
    by = rules.staff(actor)
    if KINDS[provider.kind].listing == ModelListing.NONE:
        text = f"{provider.kind_label} does not say which models it has."
        raise refuse("bad_provider", text, "Type their names.")
    record("provider.list", by=by, target=provider.name)
    Provider.objects.filter(pk=provider.pk).update(listed_at=None, listing_problem="")
    enqueue("list_models", key=_listing_key(provider), provider_id=provider.pk)


def is_being_asked(provider: Provider) -> bool:
    """Whether a test or a listing that somebody asked for has not ended."""
    keys = [_test_key(provider), _listing_key(provider)]
    return Job.objects.filter(key__in=keys, state__in=[JobState.QUEUED, JobState.RUNNING]).exists()


def _test_key(provider: Provider) -> str:
    return f"provider:{provider.pk}"


def _listing_key(provider: Provider) -> str:
    return f"models-of:{provider.pk}"


def try_provider(*, provider_id: int, account_id: int | None = None) -> None:
    """Ask each model of the provider that is in use for one word, and note how that went; ACCOUNT pays.

    The provider answers when one of its models does. Without a model it is asked for its list.
    """
    provider = Provider.objects.get(pk=provider_id)
    models = PortfolioModel.objects.filter(provider=provider, enabled=True).order_by("pk")
    problems = _problems_of(list(models.select_related("provider", "price")), account_id)
    for pk, text in problems.items():
        PortfolioModel.objects.filter(pk=pk).update(problem=text, tested_at=now())
    if problems:
        problem = "" if "" in problems.values() else next(iter(problems.values()))
    else:
        problem = _problem_without_models(provider)
    Provider.objects.filter(pk=provider_id).update(tested_at=now(), problem=problem)


def _problems_of(models: Sequence[PortfolioModel], account_id: int | None) -> dict[int, str]:
    """Model → what went wrong when it was asked. Where nobody is there to answer, one is asked for all."""
    problems: dict[int, str] = {}
    for model in models:
        fault = _fault_of(model, account_id)
        if fault is not None and fault.kind in AWAY | {FaultKind.KEY}:
            return {one.pk: str(fault)[:_PROBLEM_LENGTH] for one in models} | problems
        problems[model.pk] = str(fault or "")[:_PROBLEM_LENGTH]
    return problems


def write_listing(*, provider_id: int) -> None:
    """Ask the provider which models it offers, and keep the names or why there are none."""
    provider = Provider.objects.get(pk=provider_id)
    names, problem = _listed(provider)
    kept = provider.listed if problem else names  # what it said before may still be true
    Provider.objects.filter(pk=provider_id).update(listed=kept, listing_problem=problem, listed_at=now())


def _problem_without_models(provider: Provider) -> str:
    if provider.is_scripted or KINDS[provider.kind].listing == ModelListing.NONE:
        return NO_MODEL_YET
    names, problem = _listed(provider)
    return problem or ("" if names else "It answers, and offers no model.")


def _listed(provider: Provider) -> tuple[list[str], str]:
    """(names of the models that PROVIDER offers, what went wrong)."""
    secret = ""
    try:
        secret = key_of(provider)
        return list_models(provider, secret), ""
    except Exception as error:  # noqa: BLE001 - each provider's client has exceptions of its own
        return [], str(fault_of(error, _endpoint(provider, secret), secret))[:_PROBLEM_LENGTH]


def _fault_of(model: PortfolioModel, account_id: int | None) -> EndpointFault | None:
    """What went wrong when the model was asked; None when it answers."""
    if model.provider.is_scripted:
        return None
    secret = ""
    try:
        secret = key_of(model.provider)
        _ask(model_plan(model, secret), account_id)
    except (OutOfBudget, Busy) as refusal:
        return EndpointFault(FaultKind.BUDGET, f"It was not asked, because a test is paid for: {refusal}")
    except Exception as error:  # noqa: BLE001 - each provider's client has exceptions of its own
        return fault_of(error, _endpoint(model.provider, secret, model.name), secret)
    return None


def _endpoint(provider: Provider, secret: str, model: str = "") -> Endpoint:
    return Endpoint(kind=KINDS[provider.kind], base_url=provider.base_url, model=model, has_key=bool(secret))


def _ask(plan: ModelPlan, account_id: int | None) -> None:
    from inspect_ai.model import ChatMessageUser

    ask(
        # Without its parameters: some want more output than a test pays for.
        replace(plan, parameters={}, temperature=None),
        [ChatMessageUser(content="Say ok.")],
        ledger=CallLedger(account_id=account_id),
        role=CallRole.TEST,
        output_tokens=_TEST_TOKENS,
        seconds=_TEST_SECONDS,
    )


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
            for name in _local_models(server.base_url):
                provider, _ = Provider.objects.get_or_create(
                    base_url=server.base_url, defaults={"name": server.name, "kind": kind.code}
                )
                model, is_new = PortfolioModel.objects.get_or_create(
                    provider=provider,
                    name=name[:_NAME_LENGTH],
                    defaults={"label": free_label(name, "local"), "enabled": False},
                )
                if is_new:
                    new_models.append(model)
    return new_models


def _local_models(base_url: str) -> list[str]:
    """The names that a server of OpenAI's shape lists at /models; none where no such server answers."""
    try:
        answer = outgoing.get_loopback_json(f"{base_url}/models")
    except (outgoing.NotAllowed, OSError, ValueError):
        return []
    # Any program may listen there: nothing is known of the shape of its answer.
    rows = answer.get("data") if isinstance(answer, dict) else None
    names = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [str(name) for name in names if name][:_MOST_MODELS]
