"""Reads the sums of ended calls for reports: whose they are, by day, and by one thing after another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet, Sum

from skills.budgets.models import Budget
from skills.budgets.spending_models import Grain, Spending, SpendingChange
from skills.lib.clock import now
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Scope, Team

MOST_DAYS = 92  # that a report counts day by day; over longer times it counts months
NOBODY = 0  # the id that asks for calls of no skill, no team and so on
NOTHING = "-"  # the word that asks for calls that name none
_LATE = timedelta(minutes=1)  # changes are taken up every few seconds

Row = TypeVar("Row", bound=Model)


class Measure(StrEnum):
    """What spending is counted in."""

    MONEY = "money"
    TOKENS = "tokens"


class Dimension(StrEnum):
    """What a report can be broken down by; the value stands in addresses."""

    TEAM = "team"
    PERSON = "person"
    MODEL = "model"
    SKILL = "skill"
    VERSION = "version"
    AGENT = "agent"
    PURPOSE = "purpose"
    TOKEN = "token"  # noqa: S105 - a word of addresses

    @property
    def column(self) -> str:
        return _COLUMNS[self]

    @property
    def is_id(self) -> bool:
        return self.column.endswith("_id")


_COLUMNS = {
    Dimension.TEAM: "team_id",
    Dimension.PERSON: "account_id",
    Dimension.MODEL: "model",
    Dimension.SKILL: "skill_id",
    Dimension.VERSION: "version_id",
    Dimension.AGENT: "agent",
    Dimension.PURPOSE: "role",
    Dimension.TOKEN: "token_id",
}


@dataclass(frozen=True)
class Reach:
    """Whose calls are looked at: a team's, a person's or, with neither, everybody's."""

    team: Team | None = None
    account: Account | None = None

    def of(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        if self.team:
            return rows.filter(team_id=self.team.pk)
        return rows.filter(account_id=self.account.pk) if self.account else rows


def own_reach(actor: Actor) -> Reach:
    """What ACTOR spends; a token that is limited to teams does not see it."""
    account = rules.signed_in(actor)
    if not actor.reads_internal:
        raise rules.unseen(actor)
    return Reach(account=account)


def team_reach(actor: Actor, team: Team) -> Reach:
    """What a team spends, person by person: for its admins and those who read everything."""
    if actor.reads_team(team.pk):
        rules.scope(actor, Scope.ADMIN)
    if not rules.may_read_audit(actor, team):
        raise rules.unseen(actor)
    return Reach(team=team)


def instance_reach(actor: Actor) -> Reach:
    for needed in (Scope.READ, Scope.ADMIN):
        rules.scope(actor, needed)
    if not actor.reads_everything:
        raise rules.unseen(actor)
    return Reach()


def administered_teams(actor: Actor) -> list[Team]:
    """The shared teams whose spending ACTOR may look at because of a role in them."""
    teams = Team.objects.filter(pk__in=actor.team_ids, personal_of=None).order_by("handle")
    return [team for team in teams if rules.may_read_audit(actor, team)]


@dataclass(frozen=True)
class Span:
    """Days from SINCE to UNTIL, both included; in UTC."""

    since: date
    until: date

    @property
    def grain(self) -> Grain:
        return Grain.DAY if (self.until - self.since).days < MOST_DAYS else Grain.MONTH

    @property
    def whole(self) -> "Span":
        """The span that a report counts: of a long one whole months."""
        if self.grain == Grain.DAY:
            return self
        end = (self.until.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return Span(self.since.replace(day=1), end)

    @property
    def steps(self) -> list[date]:
        """Every day or the first of every month in it."""
        days = (self.until - self.since).days + 1
        every = (self.since + timedelta(days=offset) for offset in range(days))
        return [day for day in every if self.grain == Grain.DAY or day.day == 1]


def last_days(days: int) -> Span:
    today = now().date()
    return Span(today - timedelta(days=days - 1), today)


@dataclass(frozen=True)
class CallFilter:
    """Which calls: values by dimension. NOBODY and NOTHING stand for calls that name none."""

    values: tuple[tuple[Dimension, int | str], ...] = ()

    @property
    def q(self) -> Q:
        found = Q()
        for dimension, value in self.values:
            if dimension.is_id:
                found &= Q(**{dimension.column: value or None})
            else:
                found &= Q(**{dimension.column: "" if value == NOTHING else value})
        return found

    @property
    def has_model(self) -> bool:
        return any(dimension == Dimension.MODEL for dimension, _ in self.values)

    @property
    def without_model(self) -> "CallFilter":
        return CallFilter(tuple(pair for pair in self.values if pair[0] != Dimension.MODEL))


def calls_of(budget: Budget) -> tuple[Reach, CallFilter] | None:
    """Which calls a budget is charged for; None where it is one of each session or run."""
    if budget.each:
        return None
    if budget.token:
        return Reach(account=budget.token.account), CallFilter(((Dimension.TOKEN, budget.token.pk),))
    if budget.team is None:
        return Reach(account=budget.account), CallFilter()
    parts: list[tuple[Dimension, int | str]] = []
    if budget.account_id:
        parts.append((Dimension.PERSON, budget.account_id))
    if budget.model:
        parts.append((Dimension.MODEL, budget.model))
    return Reach(team=budget.team), CallFilter(tuple(parts))


@dataclass(frozen=True, kw_only=True)
class Amount:
    """What calls came to. `micros` are of those that have a price."""

    calls: int = 0
    lost: int = 0
    unpriced: int = 0
    tokens: int = 0
    micros: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0
    output_tokens: int = 0

    @property
    def cost(self) -> int | None:
        """Micros, None where no call has a price."""
        return None if self.calls and self.calls == self.unpriced else self.micros

    def plus(self, other: "Amount") -> "Amount":
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in _SUMS})


_SUMS = tuple(Amount.__dataclass_fields__)


@dataclass(frozen=True)
class Part:
    """What came to one team, person, model and so on; `key` is its id or its word."""

    key: int | str | None
    amount: Amount


@dataclass(frozen=True, kw_only=True)
class SpendingReport:
    """Spending over `span` step by step, and broken down by one dimension, the most first."""

    span: Span
    total: Amount
    steps: tuple[tuple[date, Amount], ...]
    parts: tuple[Part, ...]


def report(reach: Reach, span: Span, wanted: CallFilter, by: Dimension) -> SpendingReport:
    span = span.whole
    rows = reach.of(Spending.objects.filter(wanted.q, grain=span.grain))
    rows = rows.filter(day__gte=span.since, day__lte=span.until)
    amounts = {row["day"]: amount_of(row) for row in rows.values("day").annotate(**sums())}
    parts = rows.values(by.column).annotate(**sums()).filter(all_calls__gt=0)
    total = Amount()
    for amount in amounts.values():
        total = total.plus(amount)
    return SpendingReport(
        span=span,
        total=total,
        steps=tuple((day, amounts.get(day, Amount())) for day in span.steps),
        parts=tuple(
            Part(row[by.column], amount_of(row)) for row in parts.order_by("-all_micros", "-all_tokens")
        ),
    )


def day_totals(reach: Reach, span: Span) -> dict[date, Amount]:
    """What came to each day of SPAN, days without calls left out."""
    rows = reach.of(Spending.objects.filter(grain=Grain.DAY, day__gte=span.since, day__lte=span.until))
    return {row["day"]: amount_of(row) for row in rows.values("day").annotate(**sums())}


def is_late() -> bool:
    """Whether changes wait longer than they should, because no worker takes them up."""
    return SpendingChange.objects.filter(ended_at__lt=now() - _LATE).exists()


def sums() -> dict[str, Sum]:
    return {f"all_{name}": Sum(name) for name in _SUMS}


def amount_of(row: Mapping[str, Any]) -> Amount:
    return Amount(**{name: int(row[f"all_{name}"]) for name in _SUMS})
