"""The portfolio: providers, models and prices for staff; the choice of models for a team."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from skills.http.requests import HubRequest
from skills.lib.errors import Forbidden, Missing, Refused
from skills.people import rules
from skills.portfolio import configure, models, selectors
from skills.portfolio import probe as provider_flow
from skills.portfolio.prices import import_prices
from skills.web.errors import act, valid
from skills.web.forms.evals import ModelForm, PortfolioForm, PriceForm, ProviderForm
from skills.web.views.budgets import micros
from skills.web.views.teams import administered


@require_http_methods(["GET", "POST"])
def providers(request: HubRequest) -> HttpResponse:
    """Every provider with its models; a form for one more; prices that wait for approval."""
    rules.staff(request.actor)
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = configure.save_provider(actor=request.actor, **form.cleaned_data)
        except (Missing, Forbidden):
            raise
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("provider", made.pk)
    rows = models.Provider.objects.prefetch_related("models__price").order_by("name")
    waiting = models.Price.objects.filter(approved_at=None).order_by("model", "-pk")
    context = {"nav": "models", "providers": rows, "form": form, "unapproved": waiting}
    return render(request, "portfolio/providers.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def provider(request: HubRequest, pk: int) -> HttpResponse:
    """One provider: its address and key, its models."""
    rules.staff(request.actor)
    row = get_object_or_404(models.Provider, pk=pk)
    initial = {name: getattr(row, name) for name in ("name", "kind", "base_url", "enabled")}
    form = ProviderForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        work = lambda: configure.save_provider(actor=request.actor, provider=row, **form.cleaned_data)
        return act(request, work, "Saved.", f"/models/{pk}/")
    context = {
        "nav": "models",
        "provider": row,
        "form": form,
        "add": ModelForm(),
        "models": row.models.select_related("price").order_by("label"),
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


def _facts(row: models.PortfolioModel) -> dict[str, Any]:
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
    context = {"nav": "models", "model": row, "form": form, "prices": prices, "price_form": PriceForm()}
    return render(request, "portfolio/model.html", context, status=status)


def _save_model(request: HubRequest, row: models.Provider, old: models.PortfolioModel | None) -> HttpResponse:
    form = ModelForm(request.POST)
    back = f"/models/of/{old.pk}/" if old else f"/models/{row.pk}/"

    def work() -> None:
        configure.save_model(actor=request.actor, provider=row, model=old, **valid(form, "bad_model"))

    return act(request, work, "Saved.", back)


@require_POST
def set_price(request: HubRequest, pk: int) -> HttpResponse:
    """A price by hand, which approves it."""
    rules.staff(request.actor)
    row = get_object_or_404(models.PortfolioModel.objects.select_related("provider"), pk=pk)
    form = PriceForm(request.POST)

    def work() -> None:
        given = valid(form, "bad_price")
        amounts = [micros(given[name]) or 0 for name in ("given", "cached", "made")]
        configure.set_price(
            actor=request.actor,
            kind=row.provider.kind,
            model=row.name,
            micros=(amounts[0], amounts[1], amounts[2]),
            source=given["source"],
        )

    return act(request, work, "The price counts from now on.", f"/models/of/{pk}/")


@require_POST
def prices(request: HubRequest) -> HttpResponse:
    """Look for new prices, or approve one."""
    rules.staff(request.actor)
    if wanted := request.POST.get("approve", ""):
        row = get_object_or_404(models.Price, pk=wanted if wanted.isdecimal() else 0)
        return act(
            request, lambda: configure.approve_price(actor=request.actor, price=row), "Approved.", "/models/"
        )
    count = len(import_prices())
    return act(request, lambda: None, f"{count} new price{'' if count == 1 else 's'} to look at.", "/models/")


@require_POST
def test_provider(request: HubRequest, pk: int) -> HttpResponse:
    rules.staff(request.actor)
    row = get_object_or_404(models.Provider, pk=pk)
    work = lambda: provider_flow.request_test(actor=request.actor, provider=row)
    return act(request, work, "The provider is being asked; reload in a moment.", f"/models/{pk}/")


@require_POST
def discover(request: HubRequest) -> HttpResponse:
    rules.staff(request.actor)
    work = lambda: provider_flow.request_discovery(actor=request.actor)
    return act(request, work, "Looking on this machine; what is found appears switched off.", "/models/")


@require_http_methods(["GET", "POST"])
def team_portfolio(request: HubRequest, team: str) -> HttpResponse:
    """The models a team evaluates on."""
    found = administered(request, team)
    row = models.Portfolio.objects.filter(team=found).first()
    initial = {"models": row.chosen.all() if row else [], "judge": row.judge if row else None}
    form = PortfolioForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        work = lambda: configure.choose(actor=request.actor, team=found, **form.cleaned_data)
        return act(request, work, "Saved.", f"/@{team}/-/portfolio/")
    context = {"team": found, "form": form, "section": "portfolio", "models": selectors.available(found)}
    return render(request, "portfolio/team.html", context, status=400 if form.errors else 200)
