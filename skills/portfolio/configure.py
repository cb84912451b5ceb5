"""Changes the portfolio: staff manage providers, models and prices; a team chooses its models and judge."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from skills.audit.record import record
from skills.lib import outgoing
from skills.lib.clock import now
from skills.lib.errors import Conflict, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Policy, Team
from skills.portfolio.credentials import BadKey
from skills.portfolio.kinds import KINDS
from skills.portfolio.model_plan import SERVICE_TIER
from skills.portfolio.models import Portfolio, PortfolioModel, Price, Provider
from skills.portfolio.price_lists import LongPrice, flat, with_long_inputs
from skills.portfolio.provider_keys import encrypt_key
from skills.portfolio.selectors import approved_price

# What inspect_ai's GenerateConfig takes and a model of ours may set; the rest has a field of its own.
_PARAMETERS = frozenset(
    {
        "top_p",
        "seed",
        "reasoning_effort",
        "reasoning_tokens",
        "top_k",
        "stop_seqs",
        "extra_body",
        SERVICE_TIER,
    }
)
_MOST_CONNECTIONS = 64
_LEAST_OUTPUT, _MOST_OUTPUT = 16, 200_000  # tokens of one answer
_LABEL_LENGTH = 60  # characters, as the column
# A region becomes a part of a host's name: nothing that could end that part.
_OPTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")
_MOST_MICROS = 10**12  # of a price: a million dollars per million tokens


@transaction.atomic
def save_provider(
    *,
    actor: Actor,
    provider: Provider | None = None,
    name: str,
    kind: str,
    base_url: str = "",
    secret: str = "",
    options: Mapping[str, str] | None = None,
    enabled: bool = True,
) -> Provider:
    """Add or change a provider. An empty SECRET keeps the one that is there; nothing shows it again.

    OPTIONS are what the kind asks for beside address and key, see `ProviderKind.options`; None keeps them.
    """
    by = rules.staff(actor)
    row = provider or Provider()
    chosen = dict(row.options if options is None else options)
    _check_endpoint(kind, base_url, secret, chosen)
    # Else whoever may change an address could have the key sent to a server of theirs.
    if row.secret and row.base_url != base_url and not secret:
        raise refuse(
            "bad_provider", "A new address needs the key again.", "Keys are never sent elsewhere unasked."
        )
    row.name = name.strip()
    if (row.kind, row.base_url, row.options) != (kind, base_url, chosen) or secret:
        # What was asked before says nothing about what is asked from now on.
        row.problem, row.tested_at = "", None
        row.listed, row.listing_problem, row.listed_at = None, "", None
    row.kind = kind
    row.base_url = base_url
    row.options = chosen
    row.enabled = enabled
    if secret:
        row.secret = encrypt_key(secret)
    asks_anew = row.pk is not None and row.tested_at is None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise refuse("bad_provider", f"A provider is called {name} already.", kind=Conflict) from None
    if asks_anew:
        row.models.update(problem="", tested_at=None)
    record(
        "provider.save",
        by=by,
        target=row.name,
        kind=kind,
        base_url=base_url,
        key_changed=bool(secret),
        enabled=enabled,
    )
    return row


def _check_endpoint(kind: str, base_url: str, secret: str, options: Mapping[str, str]) -> None:
    """Refuse a kind, an address, a key or options that no client can be made with."""
    if kind not in KINDS:
        raise refuse("bad_provider", f"There is no kind of provider {kind!r}.")
    known = KINDS[kind]
    if known.needs_base_url and not base_url:
        raise refuse("bad_provider", "This kind needs an address.", "For example http://127.0.0.1:11434/v1")
    if base_url:
        _check_address(base_url)
    for name, value in options.items():
        if name not in known.options:
            text = f"{known.label} has no {name.replace('_', ' ')}."
            raise refuse("bad_provider", text, "Leave the field empty.")
        if not _OPTION.fullmatch(value):
            text = f"The {name.replace('_', ' ')} is a name of letters, digits and hyphens."
            raise refuse("bad_provider", text)
    try:
        known.credentials(secret)
    except BadKey as error:
        raise refuse("bad_provider", str(error)) from None


def _check_address(base_url: str) -> None:
    if not base_url.isascii() or not base_url.isprintable() or " " in base_url:
        text = "The address holds spaces, control characters or letters beyond ASCII."
        raise refuse("bad_provider", text, "Write a host of such letters as xn--….")
    try:
        outgoing.check_server(base_url)
    except outgoing.NotAllowed as refusal:
        raise refuse("bad_provider", str(refusal), "A key goes into its own field.") from None


@transaction.atomic
def save_model(
    *,
    actor: Actor,
    provider: Provider,
    name: str,
    label: str,
    max_output_tokens: int = 2048,
    temperature: float | None = None,
    parameters: str | dict[str, Any] = "",
    connections: int = 8,
    can_judge: bool = False,
    is_default_judge: bool = False,
    enabled: bool = True,
    model: PortfolioModel | None = None,
) -> PortfolioModel:
    """Add or change a model; its price is the approved one of its name, if there is one."""
    by = rules.staff(actor)
    row = model or PortfolioModel(provider=provider)
    if not name.strip() or not label.strip():
        raise refuse("bad_model", "A model needs the provider's name for it and a label of yours.")
    if not 1 <= connections <= _MOST_CONNECTIONS or not _LEAST_OUTPUT <= max_output_tokens <= _MOST_OUTPUT:
        text = (
            f"Connections lie between 1 and {_MOST_CONNECTIONS},"
            f" the most output between {_LEAST_OUTPUT} and {_MOST_OUTPUT:,} tokens."
        )
        raise refuse("bad_model", text)
    _check_judge(provider, can_judge=can_judge, is_default_judge=is_default_judge)
    former, row.label = row.label, label.strip()
    row.name = name.strip()
    row.max_output_tokens = max_output_tokens
    row.temperature = temperature
    row.connections = connections
    row.can_judge = can_judge
    row.is_default_judge = is_default_judge
    row.enabled = enabled
    row.parameters = _parameters(parameters, provider.kind)
    # Whoever saves a model has looked at why it is blocked or failed its test; nothing else unblocks one.
    row.blocked = ""
    row.problem, row.tested_at = "", None
    row.price = row.price or approved_price(provider.kind, row.name)
    try:
        with transaction.atomic():
            if is_default_judge:  # there is one at a time, by a constraint
                PortfolioModel.objects.exclude(pk=row.pk).update(is_default_judge=False)
            row.save()
    except IntegrityError:
        raise refuse("bad_model", f"{label} or {name} is there already.", kind=Conflict) from None
    _rename_in_policies(former, row.label)
    record(
        "model.save",
        by=by,
        target=row.label,
        name=row.name,
        provider=provider.name,
        enabled=enabled,
        judge=can_judge,
        default_judge=is_default_judge,
    )
    return row


def _check_judge(provider: Provider, *, can_judge: bool, is_default_judge: bool) -> None:
    if can_judge and provider.is_scripted:
        text = "A script is a demonstration and judges nothing."
        raise refuse("bad_judge", text, "Let a model of another provider judge.")
    if is_default_judge and not can_judge:
        raise refuse("bad_judge", "The judge of teams without one of their own must be allowed to judge.")


def _rename_in_policies(former: str, label: str) -> None:
    """Policies name models by their labels, so a model keeps its place in them under its new one."""
    if not former or former == label:
        return
    for policy in Policy.objects.select_for_update().filter(standard_models__contains=[former]):
        policy.standard_models = sorted({*policy.standard_models, label} - {former})
        policy.save(update_fields=["standard_models"])


@transaction.atomic
def add_models(*, actor: Actor, provider: Provider, names: Iterable[str]) -> list[PortfolioModel]:
    """Add models that the provider listed, each under its own name and as models are by default."""
    rules.staff(actor)
    wanted = list(dict.fromkeys(names))
    if not wanted:
        raise refuse("bad_model", "No model is ticked.")
    if unknown := [name for name in wanted if name not in (provider.listed or ())]:
        text = f"{provider.name} lists no model {', '.join(unknown)[:200]}."
        raise refuse("bad_model", text, "List its models again.")
    return [
        save_model(actor=actor, provider=provider, name=name, label=free_label(name, provider.name))
        for name in wanted
    ]


def free_label(name: str, where: str) -> str:
    """The model's name as a label; where another model has it, with WHERE behind it."""
    label = name[:_LABEL_LENGTH]
    if not PortfolioModel.objects.filter(label=label).exists():
        return label
    return f"{label[: _LABEL_LENGTH - len(where) - 3]} ({where})"


def _parameters(text: str | dict[str, Any], kind: str) -> dict[str, Any]:
    """Parameters as JSON text or already read; raises Refused."""
    try:
        value = text if isinstance(text, dict) else json.loads(text or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict) or set(value) - _PARAMETERS:
        raise refuse(
            "bad_model", f"Parameters are a JSON object with any of {', '.join(sorted(_PARAMETERS))}."
        )
    tiers = KINDS[kind].service_tiers
    if SERVICE_TIER in value and value[SERVICE_TIER] not in sorted(tiers):
        raise refuse(
            "bad_model",
            f"{KINDS[kind].label} has no `{SERVICE_TIER}` {value[SERVICE_TIER]!r}.",
            f"It may be {', '.join(sorted(tiers))}." if tiers else "Leave it out.",
        )
    return value


@transaction.atomic
def set_price(
    *,
    actor: Actor,
    kind: str,
    model: str,
    micros: tuple[int, int, int],
    source: str,
    written: int | None = None,
    long: LongPrice | None = None,
) -> Price:
    """Add a price by hand and approve it: micros per million tokens of input, cached input, output.

    WRITTEN is what writing to the cache costs, the price of input where it is None.
    """
    by = rules.staff(actor)
    amounts = [*micros, *([] if written is None else [written]), *(long.amounts if long else [])]
    if kind not in KINDS or any(not 0 <= price <= _MOST_MICROS for price in amounts):
        raise refuse("bad_price", "A price is a whole number of millionths of a dollar per million tokens.")
    prices = with_long_inputs(flat(*micros, written), long)
    return _approve(Price.of_list(prices, kind=kind, model=model, source=source), by)


@transaction.atomic
def approve_price(*, actor: Actor, price: Price) -> Price:
    """From now on calls of the price's model cost this."""
    by = rules.staff(actor)
    return _approve(Price.objects.select_for_update().get(pk=price.pk), by)


def _approve(price: Price, by: Account) -> Price:
    """Attach PRICE to its models; calls that were booked keep what they cost."""
    if price.approved_at is None:
        price.approved_at, price.approved_by = now(), by
        price.save(update_fields=["approved_at", "approved_by"])
        PortfolioModel.objects.filter(provider__kind=price.kind, name=price.model).update(price=price)
        record(
            "price.approve",
            by=by,
            target=price.model,
            kind=price.kind,
            source=price.source,
            micros=[price.input_micros, price.cached_micros, price.output_micros],
            tariffs=price.price_list.to_json(),
        )
    return price


@transaction.atomic
def choose(
    *,
    actor: Actor,
    team: Team,
    models: Iterable[PortfolioModel],
    judge: PortfolioModel | None,
) -> None:
    """Set the models of a team and its judge; none means all."""
    by = rules.team_admin(actor, team)
    if judge is not None and not (judge.can_judge and not judge.provider.is_scripted):
        raise refuse("bad_judge", f"{judge.label} is not marked as a judge.")
    row, _ = Portfolio.objects.get_or_create(team=team)
    row.judge = judge
    row.save(update_fields=["judge"])
    chosen = list(models)
    row.chosen.set(chosen)
    record(
        "portfolio.choose",
        by=by,
        target=team,
        team_id=team.pk,
        models=[model.label for model in chosen],
        judge=judge.label if judge else "",
    )
