"""Budgets: what is left, spending over time, the ledger, limits and grants."""

import uuid

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from skills.budgets import allowances, board, selectors, webhooks
from skills.budgets.entries import page_of_entries
from skills.budgets.models import Budget, Each, Hold
from skills.budgets.periods import current
from skills.budgets.spending import Dimension, calls_of, last_days, report
from skills.budgets.spending_query import DAYS
from skills.budgets.webhook_models import BudgetWebhook
from skills.flows.spending_exports import export_ledger
from skills.flows.spending_names import names_of
from skills.http.actors import HubRequest
from skills.http.csv_download import csv_download
from skills.lib import whole_numbers
from skills.lib.clock import now
from skills.lib.errors import Refused
from skills.people import rules
from skills.people.models import Token
from skills.portfolio.models import PortfolioModel
from skills.web.forms.budgets import BudgetWebhookForm, GrantForm, LimitsForm, limits_in_form, terms_in_form
from skills.web.forms.validation import valid
from skills.web.outcomes import go_back, tell_outcome
from skills.web.spending_charts import bar_chart

_SKILLS = 20  # that a page lists


@require_GET
def budgets(request: HubRequest) -> HttpResponse:
    """What is left of one's own budget, those of one's teams and, for staff, the instance's."""
    context = {
        "nav": "budgets",
        "standings": selectors.visible(request.actor),
        "reads_all": request.actor.reads_everything,
        "may_change": request.actor.is_staff,
    }
    return render(request, "budgets/list.html", context)


@require_GET
def budget(request: HubRequest, pk: int) -> HttpResponseBase:
    """One budget: its period, spending by day, model and skill, and the ledger, also as CSV."""
    budget = selectors.budget_by_id(request.actor, pk)
    if request.GET.get("format") == "csv":
        return csv_download("ledger", export_ledger(request.actor, budget))
    return _page(request, budget)


def _page(request: HubRequest, budget: Budget, webhook_secret: str = "") -> HttpResponse:
    period = current(budget)
    listed = page_of_entries(budget, request.GET.get("cursor", ""), 50)
    context = {
        "nav": "budgets",
        "budget": budget,
        "period": period,
        "entries": listed.rows,
        "next": listed.next,
        "spent": _spent(request, budget),
        "may_manage": may_manage(request, budget),
        "may_adjust": request.actor.is_staff,
        "limits": LimitsForm(initial=limits_in_form(budget.terms)),
        "grant": GrantForm(),
        "parts": board.standings_of(board.parts_of(budget)),
        "choices": _choices(budget),
        "has_default": not budget.is_part
        and not budget.token_id
        and bool(budget.team_id or budget.account_id),
        "forecast": period.forecast_tokens(now()),
        "lost": selectors.lost_holds(period).order_by("-created_at")[:20],
        "lost_runs": selectors.lost_by_run(period),
        "may_have_webhook": webhooks.may_have_webhook(budget),
        "webhook": BudgetWebhook.objects.filter(budget=budget).first(),
        "webhook_form": BudgetWebhookForm(auto_id="webhook-%s"),
        "webhook_secret": webhook_secret,
    }
    return render(request, "budgets/budget.html", context)


def _spent(request: HubRequest, budget: Budget) -> dict[str, object] | None:
    """The sums of the last thirty days: reading the ledger itself would take seconds."""
    if (which := calls_of(budget)) is None:
        return None
    reach, wanted = which
    by_model = report(reach, last_days(DAYS), wanted, Dimension.MODEL)
    by_skill = report(reach, last_days(DAYS), wanted, Dimension.SKILL).parts[:_SKILLS]
    names = names_of(request.actor, Dimension.SKILL, [part.key for part in by_skill])
    return {
        "bars": bar_chart([(day, amount.tokens) for day, amount in by_model.steps]),
        "steps": by_model.steps,
        "models": by_model.parts,
        "skills": [(names[part.key], part.amount) for part in by_skill if part.key],
        "report_url": _report_url(request, budget),
    }


def _report_url(request: HubRequest, budget: Budget) -> str:
    """The report on these calls, where there is one for the reader; "" otherwise."""
    if budget.is_part or budget.token_id:
        return ""
    if budget.team:
        is_for_reader = rules.may_read_audit(request.actor, budget.team)
        return reverse("spending-team", args=[budget.team.handle]) if is_for_reader else ""
    if budget.account is None:
        return reverse("spending-all")
    return reverse("spending") if budget.account == request.actor.account else ""


def may_manage(request: HubRequest, budget: Budget) -> bool:
    try:
        allowances.may_manage(request.actor, budget)
    except Refused:
        return False
    return True


def _choices(budget: Budget) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a budget can be divided among, in groups."""
    each = [(f"each:{one.value}", one.label) for one in Each]
    if budget.is_part:
        return []
    if budget.team and not budget.team.is_personal:
        members = budget.team.members.order_by("username").values_list("username", flat=True)
        labels = PortfolioModel.objects.order_by("label").values_list("label", flat=True)
        return [
            ("Each of these", each),
            ("A member", [(f"member:{name}", name) for name in members]),
            ("A model", [(f"model:{label}", label) for label in labels]),
        ]
    if budget.token:
        return [("Each of these", each)]
    if budget.account:
        live = Token.objects.filter(account=budget.account, revoked_at=None, expires_at__gt=now())
        return [("A token", [(f"token:{row.pk}", row.name) for row in live.order_by("name")])]
    return []


@require_POST
def set_limits(request: HubRequest, pk: int) -> HttpResponse:
    budget = selectors.budget_by_id(request.actor, pk)
    allowances.may_manage(request.actor, budget)
    with tell_outcome(request, "The limits are set."):
        terms = terms_in_form(valid(LimitsForm(request.POST), "bad_budget"))
        allowances.set_limits(actor=request.actor, budget=budget, terms=terms)
    return go_back(request, "budget", pk)


@require_POST
def follow_default(request: HubRequest, pk: int) -> HttpResponse:
    rules.staff(request.actor)
    budget = selectors.budget_by_id(request.actor, pk)
    with tell_outcome(request, "The budget follows the default."):
        allowances.follow_default(actor=request.actor, budget=budget)
    return go_back(request, "budget", pk)


@require_POST
def grant(request: HubRequest, pk: int) -> HttpResponse:
    budget = selectors.budget_by_id(request.actor, pk)
    allowances.may_manage(request.actor, budget)
    with tell_outcome(request, "Granted for this period."):
        amounts = valid(GrantForm(request.POST), "bad_budget")
        allowances.grant(
            actor=request.actor,
            budget=budget,
            tokens=amounts["tokens"] or 0,
            micros=amounts["dollars"] or 0,
            note=amounts["note"],
            expires_at=amounts["expires_at"],
        )
    return go_back(request, "budget", pk)


@require_POST
def webhook(request: HubRequest, pk: int) -> HttpResponse:
    """Tell a program of marks, test that, or tell it no more; a new secret is shown this once."""
    budget = selectors.budget_by_id(request.actor, pk)
    allowances.may_manage(request.actor, budget)
    match request.POST.get("what", "set"):
        case "test":
            with tell_outcome(request, "A test is on its way; this page says how it went."):
                webhooks.send_test(actor=request.actor, budget=budget)
        case "remove":
            with tell_outcome(request, "No program is told any more."):
                webhooks.remove_webhook(actor=request.actor, budget=budget)
        case _:
            secret = ""
            with tell_outcome(request, "The program is told of marks from now on."):
                address = valid(BudgetWebhookForm(request.POST), "bad_webhook")["address"]
                secret = webhooks.set_webhook(actor=request.actor, budget=budget, address=address)
            if secret:
                return _page(request, budget, secret)
    return go_back(request, "budget", pk)


@require_POST
def adjust_run(request: HubRequest, pk: int, run_id: int) -> HttpResponse:
    """Staff correct all lost calls of a run at once."""
    rules.staff(request.actor)
    budget = selectors.budget_by_id(request.actor, pk)
    with tell_outcome(request, "Corrected."):
        allowances.adjust_together(
            actor=request.actor,
            holds=list(selectors.lost_holds(current(budget)).filter(run_id=run_id)),
            tokens=whole_numbers.from_text(request.POST.get("tokens", ""), -1),
            note=request.POST.get("note", ""),
        )
    return go_back(request, "budget", pk)


@require_POST
def adjust(request: HubRequest, hold_id: uuid.UUID) -> HttpResponse:
    """Staff correct what a lost call was charged."""
    rules.staff(request.actor)
    hold = get_object_or_404(Hold, pk=hold_id)
    with tell_outcome(request, "Corrected."):
        allowances.adjust(
            actor=request.actor,
            hold=hold,
            # What is no number becomes -1, which is refused in words.
            tokens=whole_numbers.from_text(request.POST.get("tokens", ""), -1),
            note=request.POST.get("note", ""),
        )
    return go_back(request, "budgets")
