"""Reads budgets for pages and API: what is left, who is near a limit."""

from dataclasses import dataclass
from typing import Any, TypedDict

from django.db.models import Count, F, Q, QuerySet, Sum

from skills.budgets.allowances import budget_of
from skills.budgets.call_roles import CallRole
from skills.budgets.models import (
    IS_WHOLE,
    OWNERS,
    SPENDING,
    Budget,
    Hold,
    HoldState,
    LedgerEntry,
    Period,
)
from skills.budgets.periods import current, is_open
from skills.budgets.terms import WHOLE
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Scope, Team

_MOST_RUNS = 20  # with lost calls, that a page lists


@dataclass(frozen=True)
class Standing:
    """A budget with its current period."""

    budget: Budget
    period: Period


def budgets_of(actor: Actor) -> list[Budget]:
    """What an account may look at: the instance's for staff and auditors, its own, those of its teams."""
    account = rules.scope(actor, Scope.READ)
    teams = Team.objects.filter(pk__in=actor.team_ids, personal_of=None).order_by("handle")
    rows = Budget.objects.filter(IS_WHOLE, team__in=teams).select_related("team")
    kept = {row.team_id: row for row in rows}
    budgets = [budget_of()] if actor.reads_everything else []
    if actor.is_whole:
        budgets.append(budget_of(account=account))
    return budgets + [kept.get(team.pk) or budget_of(team=team) for team in teams]


def visible(actor: Actor) -> list[Standing]:
    return [standing_of(budget) for budget in budgets_of(actor)]


def standing_of(budget: Budget) -> Standing:
    return Standing(budget, current(budget))


def budget_by_id(actor: Actor, pk: int) -> Budget:
    """A budget ACTOR may look at; any other does not exist."""
    account = rules.signed_in(actor)
    rows = Budget.objects.select_related(*OWNERS, "account__service_of", "token__account__service_of")
    budget = rows.filter(pk=pk).first()
    if budget is None:
        raise rules.unseen(actor)
    spender = budget.token.account if budget.token else budget.account
    is_own = account == spender and actor.reads_internal
    # A service account's is as visible as the team that keeps it.
    teams = {budget.team_id, spender.service_of_id if spender else None}
    if actor.reads_everything or is_own or any(actor.reads_team(team) for team in teams):
        return budget
    raise rules.unseen(actor)


def standing(*, team: Team | None = None, account: Account | None = None) -> Standing:
    return standing_of(budget_of(team=team, account=account))


class RunSpending(TypedDict):
    """What one run has spent (of it the judge) and holds now, in tokens; `micros` where prices are known."""

    spent: int
    micros: int
    judge: int
    held: int


class LostCalls(TypedDict):
    """How many calls of a run are lost, and the tokens they were charged."""

    run_id: int
    calls: int
    total: int


def lost_holds(period: Period) -> QuerySet[Hold]:
    """The calls of a period whose end nobody knows."""
    return Hold.objects.filter(state=HoldState.LOST, periods__contains=[period.pk])


def lost_by_run(period: Period) -> list[LostCalls]:
    """The runs with several lost calls in a period, the newest first."""
    rows: Any = lost_holds(period).filter(run_id__isnull=False).values("run_id")
    return list(
        rows.annotate(calls=Count("pk"), total=Sum("tokens"))
        .filter(calls__gt=1)
        .order_by("-run_id")[:_MOST_RUNS]
    )


@dataclass(frozen=True)
class Reached:
    """A period that has passed MARK per cent of its limit, of which nobody was told yet."""

    period: Period
    mark: int


def reached_marks() -> list[Reached]:
    """The highest mark that each running period has reached and nobody was told of."""
    first = F("budget__marks__0")  # they are sorted
    past_first = Q(limit_tokens__lte=(F("spent_tokens") + F("held_tokens")) * WHOLE / first) | Q(
        limit_micros__lte=(F("spent_micros") + F("held_micros")) * WHOLE / first
    )
    rows = Period.objects.filter(is_open(), past_first | Q(refused_at__isnull=False), budget__each="")
    related = ("budget", *(f"budget__{owner}" for owner in OWNERS))
    return [
        Reached(period, mark)
        for period in rows.select_related(*related)
        if (mark := period.mark_to_tell) is not None
    ]


def spending_of_run(run_id: int) -> RunSpending:
    held = Hold.objects.filter(run_id=run_id, state=HoldState.HELD).aggregate(total=Sum("tokens"))
    # A call has an entry in each budget it was charged to; the instance's has every call once.
    once = LedgerEntry.objects.filter(
        run_id=run_id, kind__in=SPENDING, period__budget__team=None, period__budget__account=None
    )
    spent = once.aggregate(
        total=Sum("tokens"), cost=Sum("micros"), judge=Sum("tokens", filter=Q(role=CallRole.JUDGE))
    )
    return RunSpending(
        spent=spent["total"] or 0,
        micros=spent["cost"] or 0,
        judge=spent["judge"] or 0,
        held=held["total"] or 0,
    )
