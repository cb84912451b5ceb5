"""The portfolio: providers, models and prices for staff; the choice of models for a team."""

import json

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from skills.budgets.measure import density_of
from skills.http.actors import HubRequest
from skills.lib import whole_numbers
from skills.lib.errors import Forbidden, Missing, Refused
from skills.people import rules
from skills.people.models import Team
from skills.portfolio import aliases, configure, models, probe, selectors
from skills.portfolio.model_plan import model_plan
from skills.portfolio.prices import import_prices
from skills.web.forms.portfolio import (
    AliasForm,
    ListedModelsForm,
    ModelForm,
    PortfolioForm,
    PriceForm,
    ProviderForm,
)
from skills.web.forms.validation import refusals_on, valid
from skills.web.lookups import administered_team
from skills.web.outcomes import go_back, tell_outcome


@require_http_methods(["GET", "POST"])
def providers(request: HubRequest) -> HttpResponse:
    """Every provider with its models; a form for one more; prices that wait for approval."""
    rules.staff(request.actor)
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = configure.save_provider(actor=request.actor, **form.facts())
        except (Missing, Forbidden):
            raise
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("provider", saved.pk)
    rows = models.Provider.objects.prefetch_related("models__price").order_by("name")
    waiting = models.Price.objects.filter(approved_at=None).order_by("model", "-pk")
    context = {
        "nav": "models",
        "providers": rows,
        "form": form,
        "unapproved": waiting,
        "judge": selectors.default_judge(),
        "may_judge": selectors.judges(),
    }
    return render(request, "portfolio/providers.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def provider(request: HubRequest, pk: int) -> HttpResponse:
    """One provider: its address and key, its models."""
    rules.staff(request.actor)
    row = get_object_or_404(models.Provider, pk=pk)
    facts = {name: getattr(row, name) for name in ("name", "kind", "base_url", "enabled")}
    form = ProviderForm(request.POST or None, initial=facts | row.options)
    if request.method == "POST" and form.is_valid():
        with tell_outcome(request, "Saved."):
            configure.save_provider(actor=request.actor, provider=row, **form.facts())
        return go_back(request, "provider", pk)
    rows = row.models.select_related("price").order_by("label")
    taken = {model.name for model in rows}
    offered = [name for name in row.listed or () if name not in taken]
    context = {
        "nav": "models",
        "provider": row,
        "form": form,
        "add": ModelForm(),
        "models": rows,
        "listed": ListedModelsForm(offered) if offered else None,
        "is_being_asked": probe.is_being_asked(row),
    }
    return render(request, "portfolio/provider.html", context, status=400 if form.errors else 200)


@require_POST
def add_model(request: HubRequest, pk: int) -> HttpResponse:
    rules.staff(request.actor)
    row = get_object_or_404(models.Provider, pk=pk)
    return _save_model(request, row, None)


@require_http_methods(["GET", "POST"])
def model(request: HubRequest, pk: int) -> HttpResponse:
    """One model: how it is asked and what it costs."""
    rules.staff(request.actor)
    row = get_object_or_404(models.PortfolioModel.objects.select_related("provider", "price"), pk=pk)
    if request.method == "POST":
        return _save_model(request, row.provider, row)
    return _model_page(request, row, ModelForm(initial=_facts(row)))


def _facts(row: models.PortfolioModel) -> dict[str, object]:
    facts = {name: getattr(row, name) for name in ModelForm.base_fields}
    return facts | {"parameters": json.dumps(row.parameters) if row.parameters else ""}


def _model_page(
    request: HubRequest, row: models.PortfolioModel, form: ModelForm, status: int = 200
) -> HttpResponse:
    prices = (
        models.Price.objects.filter(kind=row.provider.kind, model=row.name)
        .select_related("approved_by")
        .order_by("-pk")[:20]
    )
    context = {
        "nav": "models",
        "model": row,
        "form": form,
        "prices": prices,
        "price_form": PriceForm(),
        "density": density_of(model_plan(row).tokenizer),
    }
    return render(request, "portfolio/model.html", context, status=status)


def _save_model(request: HubRequest, row: models.Provider, old: models.PortfolioModel | None) -> HttpResponse:
    with tell_outcome(request, "Saved."):
        facts = valid(ModelForm(request.POST), "bad_model")
        configure.save_model(actor=request.actor, provider=row, model=old, **facts)
    return go_back(request, "model", old.pk) if old else go_back(request, "provider", row.pk)


@require_POST
def set_price(request: HubRequest, pk: int) -> HttpResponse:
    """A price by hand, which approves it."""
    rules.staff(request.actor)
    row = get_object_or_404(models.PortfolioModel.objects.select_related("provider"), pk=pk)
    with tell_outcome(request, "The price counts from now on."):
        form = PriceForm(request.POST)
        price = valid(form, "bad_price")
        configure.set_price(
            actor=request.actor,
            kind=row.provider.kind,
            model=row.name,
            micros=(price["input"], price["cached"], price["output"]),
            source=price["source"],
            written=price["written"],
            long=form.long_price,
        )
    return go_back(request, "model", pk)


@require_POST
def prices(request: HubRequest) -> HttpResponse:
    """Look for new prices, or approve one."""
    rules.staff(request.actor)
    if wanted := request.POST.get("approve", ""):
        row = get_object_or_404(models.Price, pk=whole_numbers.from_text(wanted, 0))
        with tell_outcome(request, "Approved."):
            configure.approve_price(actor=request.actor, price=row)
    else:
        count = len(import_prices())
        messages.success(request, f"{count} new price{'' if count == 1 else 's'} to look at.")
    return go_back(request, "models")


@require_POST
def test_provider(request: HubRequest, pk: int) -> HttpResponse:
    rules.staff(request.actor)
    row = get_object_or_404(models.Provider, pk=pk)
    with tell_outcome(request, "The provider is being asked; reload in a moment."):
        probe.request_test(actor=request.actor, provider=row)
    return go_back(request, "provider", pk)


@require_POST
def list_models(request: HubRequest, pk: int) -> HttpResponse:
    """Have the provider asked which models it offers."""
    rules.staff(request.actor)
    row = get_object_or_404(models.Provider, pk=pk)
    with tell_outcome(request, "The provider is being asked for its models; reload in a moment."):
        probe.request_listing(actor=request.actor, provider=row)
    return go_back(request, "provider", pk)


@require_POST
def add_listed(request: HubRequest, pk: int) -> HttpResponse:
    """Take the ticked models of the provider's list into the portfolio."""
    rules.staff(request.actor)
    row = get_object_or_404(models.Provider, pk=pk)
    with tell_outcome(request, "Added. Test asks each for one word."):
        configure.add_models(actor=request.actor, provider=row, names=request.POST.getlist("models"))
    return go_back(request, "provider", pk)


@require_POST
def discover(request: HubRequest) -> HttpResponse:
    rules.staff(request.actor)
    with tell_outcome(request, "Looking on this machine; what is found appears switched off."):
        probe.request_discovery(actor=request.actor)
    return go_back(request, "models")


@require_http_methods(["GET", "POST"])
def team_portfolio(request: HubRequest, team: str) -> HttpResponse:
    """The models a team evaluates on."""
    owner = administered_team(request.actor, team)
    form = _portfolio_form(owner, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with tell_outcome(request, "Saved."):
            configure.choose(actor=request.actor, team=owner, **form.cleaned_data)
        return go_back(request, "team-portfolio", team)
    return _portfolio_page(request, owner, form, AliasForm(None, offered=aliases.nameable(owner)))


@require_POST
def set_alias(request: HubRequest, team: str) -> HttpResponse:
    """Let a name of the team's own stand for models."""
    owner = administered_team(request.actor, team)
    form = AliasForm(request.POST, offered=aliases.nameable(owner))
    if form.is_valid():
        with refusals_on(form):
            name = form.cleaned_data["name"]
            aliases.set_alias(actor=request.actor, team=owner, name=name, models=form.models)
            messages.success(request, f"Agents may ask for {name} in a few seconds.")
            return go_back(request, "team-portfolio", team)
    return _portfolio_page(request, owner, _portfolio_form(owner), form)


@require_POST
def remove_alias(request: HubRequest, team: str, name: str) -> HttpResponse:
    owner = administered_team(request.actor, team)
    with tell_outcome(request, f"{name} is no model any more."):
        aliases.remove_alias(actor=request.actor, team=owner, name=name)
    return go_back(request, "team-portfolio", team)


def _portfolio_form(team: Team, data: QueryDict | None = None) -> PortfolioForm:
    row = models.Portfolio.objects.filter(team=team).first()
    initial: dict[str, object] = {
        "models": row.chosen.all() if row else [],
        "judge": row.judge if row else None,
    }
    return PortfolioForm(data, initial=initial)


def _portfolio_page(
    request: HubRequest, team: Team, form: PortfolioForm, alias_form: AliasForm
) -> HttpResponse:
    judge = form.initial["judge"]
    offered = aliases.nameable(team)
    rows = models.ModelAlias.objects.filter(team=team).order_by("name")
    context = {
        "team": team,
        "form": form,
        "section": "portfolio",
        "models": selectors.chosen_by_default(selectors.available(team)),
        "judge": selectors.judge_of(team),
        "chosen_judge": judge.pk if judge else None,
        "aliases": [(alias.name, aliases.labels_of(alias, offered)) for alias in rows],
        "alias_form": alias_form,
        "can_name": bool(offered),
    }
    status = 400 if form.errors or alias_form.errors else 200
    return render(request, "portfolio/team.html", context, status=status)
