"""The budgets of many people or teams side by side, in as many queries for one as for fifty."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from skills.budgets import periods
from skills.budgets.defaults import whom_of
from skills.budgets.models import IS_WHOLE, OWNERS, Budget, DefaultBudget, DefaultFor, Period
from skills.lib.clock import now
from skills.lib.errors import Forbidden, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Scope, Team


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    """Who has which budget; without an id it is the default's, and becomes a row with the first call."""

    owner: Account | Team
    budget: Budget
    period: Period

    @property
    def forecast_tokens(self) -> int | None:
        return self.period.forecast_tokens(now())

    @property
    def is_heading_over(self) -> bool:
        limit, forecast = self.period.limit_tokens, self.forecast_tokens
        return limit is not None and forecast is not None and forecast > limit


def may_read_all(actor: Actor) -> Account:
    """Staff and auditors read everybody's budgets."""
    account = rules.scope(actor, Scope.READ)
    if not actor.reads_everything:
        text = "Only staff and auditors read everybody's budgets."
        raise refuse("staff_only", text, "Ask them.", kind=Forbidden)
    return account


def people(actor: Actor, *, wanted: str = "", team: str = "") -> QuerySet[Account]:
    """Active accounts, whose handle, name or e-mail has WANTED in it, of the team with this handle."""
    may_read_all(actor)
    rows = Account.objects.filter(is_active=True).select_related("service_of")
    if wanted:
        has = Q(username__icontains=wanted) | Q(email__icontains=wanted) | Q(display_name__icontains=wanted)
        rows = rows.filter(has)
    if team:
        rows = rows.filter(Q(memberships__team__handle=team) | Q(service_of__handle=team)).distinct()
    return rows


def shared_teams(actor: Actor, *, wanted: str = "") -> QuerySet[Team]:
    may_read_all(actor)
    rows = Team.objects.filter(personal_of=None)
    return rows.filter(Q(handle__icontains=wanted) | Q(name__icontains=wanted)) if wanted else rows


def rows_of_people(accounts: Sequence[Account]) -> list[BoardRow]:
    kept = {row.account_id: row for row in Budget.objects.filter(IS_WHOLE, account__in=accounts)}
    defaults = {row.whom: row for row in DefaultBudget.objects.all()}
    whom = whom_of([account.pk for account in accounts if account.pk not in kept])
    for account in accounts:
        if account.pk not in kept:
            fitting = defaults.get(whom[account.pk]) or defaults.get(DefaultFor.EVERYONE)
            kept[account.pk] = Budget(account=account, **_columns(fitting))
    return _rows([(account, kept[account.pk]) for account in accounts])


def rows_of_teams(teams: Sequence[Team]) -> list[BoardRow]:
    kept = {row.team_id: row for row in Budget.objects.filter(IS_WHOLE, team__in=teams)}
    default = DefaultBudget.objects.filter(whom=DefaultFor.TEAM).first()
    return _rows([(team, kept.get(team.pk) or Budget(team=team, **_columns(default))) for team in teams])


def parts_of(budget: Budget) -> list[Budget]:
    """What a team's budget is divided into, or the budgets of a person's tokens."""
    if budget.is_part or not (budget.team_id or budget.account_id or budget.token_id):
        return []
    if budget.team_id:
        rows = Budget.objects.filter(team=budget.team_id).exclude(account=None, model="", each="")
    elif budget.token_id:
        rows = Budget.objects.filter(token=budget.token_id).exclude(each="")
    else:
        return token_budgets_of(budget.account)
    return list(rows.select_related(*OWNERS).order_by("each", "model", "account__username", "pk"))


def token_budgets_of(account: Account | None) -> list[Budget]:
    """The budgets of an account's tokens, with those of each session or run."""
    rows = Budget.objects.filter(token__account=account).exclude(token=None)
    return list(rows.select_related(*OWNERS).order_by("token_id", "each"))


def standings_of(budgets: Sequence[Budget]) -> list[tuple[Budget, Period]]:
    running = periods.running_of(budgets)
    return [(budget, running.get(budget.pk) or periods.fresh(budget)) for budget in budgets]


def _columns(default: DefaultBudget | None) -> dict[str, object]:
    return default.terms.as_columns() if default else {}


def _rows(owned: Sequence[tuple[Account | Team, Budget]]) -> list[BoardRow]:
    running = periods.running_of([budget for _, budget in owned if budget.pk])
    return [
        BoardRow(
            owner=owner,
            budget=budget,
            period=running.get(budget.pk) or periods.fresh(budget),
        )
        for owner, budget in owned
    ]
