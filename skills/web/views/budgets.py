"""Budgets: what is left, spending over time, the ledger, limits and grants."""

import uuid
from decimal import Decimal

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from skills.budgets import allowances, selectors
from skills.budgets.models import Budget, Hold, HoldState
from skills.budgets.reserve import current
from skills.catalog.models import Skill
from skills.http.requests import HubRequest
from skills.lib.charts import bars
from skills.lib.errors import Refused
from skills.lib.pages import page
from skills.people import rules
from skills.web.csv import stream
from skills.web.errors import act, valid
from skills.web.forms.evals import GrantForm, LimitsForm

_EXPORT = 100_000


@require_GET
def budgets(request: HubRequest) -> HttpResponse:
    """What is left of one's own budget, those of one's teams and, for staff, the instance's."""
    context = {"nav": "budgets", "standings": selectors.visible(request.actor)}
    return render(request, "budgets/list.html", context)


@require_GET
def budget(request: HubRequest, pk: int) -> HttpResponseBase:
    """One budget: its period, spending by day, model and skill, and the ledger, also as CSV."""
    found = selectors.budget_by_id(request.actor, pk)
    rows = selectors.entries(found)
    if request.GET.get("format") == "csv":
        return _export(found)
    period = current(found)
    listed = page(rows, "-at", request.GET.get("cursor", ""), 50)
    skills = selectors.spending_by_skill(period)
    names = {
        skill.pk: skill
        for skill in Skill.objects.filter(pk__in=[row["skill_id"] for row in skills]).select_related("team")
    }
    context = {
        "nav": "budgets",
        "budget": found,
        "period": period,
        "entries": listed.rows,
        "next": listed.next,
        "days": bars(selectors.spending_by_day(found)),
        "models": selectors.spending_by_model(period),
        "skills": [(names.get(row["skill_id"]), row) for row in skills],
        "may_manage": may_manage(request, found),
        "may_adjust": request.actor.is_staff,
        "limits": LimitsForm(initial=_limits(found)),
        "grant": GrantForm(),
        "lost": Hold.objects.filter(state=HoldState.LOST, periods__contains=[period.pk]).order_by(
            "-created_at"
        )[:20],
    }
    return render(request, "budgets/budget.html", context)


def may_manage(request: HubRequest, found: Budget) -> bool:
    try:
        allowances.may_manage(request.actor, found)
    except Refused:
        return False
    return True


def _limits(found: Budget) -> dict[str, object]:
    dollars = None if found.limit_micros is None else Decimal(found.limit_micros) / 1_000_000
    return {
        "window": found.window,
        "limit_tokens": found.limit_tokens,
        "limit_dollars": dollars,
        "soft_percent": found.soft_percent,
        "hard": found.hard,
    }


def _export(found: Budget) -> HttpResponseBase:
    head = [
        "id",
        "at",
        "kind",
        "tokens",
        "micros",
        "input",
        "cached",
        "output",
        "model",
        "role",
        "run",
        "skill",
        "actor",
        "note",
    ]
    rows = (
        [
            row.pk,
            row.at.isoformat(),
            row.kind,
            row.tokens,
            "unknown" if row.micros is None else row.micros,
            row.input_tokens,
            row.cached_tokens,
            row.output_tokens,
            row.model,
            row.role,
            row.run_id,
            row.skill_id,
            row.actor.username if row.actor else "",
            row.note,
        ]
        for row in selectors.entries(found).order_by("pk")[:_EXPORT].iterator(chunk_size=2_000)
    )
    return stream("ledger", head, rows)


def micros(dollars: Decimal | None) -> int | None:
    return None if dollars is None else int(dollars * 1_000_000)


@require_POST
def set_limits(request: HubRequest, pk: int) -> HttpResponse:
    found = selectors.budget_by_id(request.actor, pk)
    allowances.may_manage(request.actor, found)
    form = LimitsForm(request.POST)

    def work() -> None:
        given = valid(form, "bad_budget")
        allowances.set_limits(
            actor=request.actor,
            budget=found,
            window=given["window"],
            limit_tokens=given["limit_tokens"],
            limit_micros=micros(given["limit_dollars"]),
            soft_percent=given["soft_percent"],
            hard=given["hard"],
        )

    return act(request, work, "The limits are set.", f"/budgets/{pk}/")


@require_POST
def grant(request: HubRequest, pk: int) -> HttpResponse:
    found = selectors.budget_by_id(request.actor, pk)
    allowances.may_manage(request.actor, found)
    form = GrantForm(request.POST)

    def work() -> None:
        given = valid(form, "bad_budget")
        allowances.grant(
            actor=request.actor,
            budget=found,
            tokens=given["tokens"] or 0,
            micros=micros(given["dollars"]) or 0,
            note=given["note"],
        )

    return act(request, work, "Granted for this period.", f"/budgets/{pk}/")


@require_POST
def adjust(request: HubRequest, hold_id: uuid.UUID) -> HttpResponse:
    """Staff correct what a lost call was charged."""
    rules.staff(request.actor)
    hold = get_object_or_404(Hold, pk=hold_id)
    tokens = request.POST.get("tokens", "")

    def work() -> None:
        allowances.adjust(
            actor=request.actor,
            hold=hold,
            tokens=int(tokens) if tokens.isdecimal() else -1,
            note=request.POST.get("note", ""),
        )

    return act(request, work, "Corrected.", "/budgets/")
