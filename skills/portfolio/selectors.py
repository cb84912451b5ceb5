"""Reads of the portfolio: what a team evaluates on, who judges, what an approved price is."""

from collections.abc import Iterable

from django.db.models import QuerySet

from skills.people.models import Team
from skills.portfolio.kinds import SCRIPTED
from skills.portfolio.models import Portfolio, PortfolioModel, Price


def approved_price(kind: str, model: str) -> Price | None:
    return Price.objects.filter(kind=kind, model=model, approved_at__isnull=False).order_by("-pk").first()


def available(team: Team | None = None) -> QuerySet[PortfolioModel]:
    """The models a team evaluates on: those it chose, or every enabled one."""
    rows = PortfolioModel.objects.filter(enabled=True, provider__enabled=True, blocked="").select_related(
        "provider", "price"
    )
    portfolio = Portfolio.objects.filter(team=team).first() if team else None
    if portfolio is not None and portfolio.chosen.exists():
        rows = rows.filter(pk__in=portfolio.chosen.values("pk"))
    return rows.order_by("label")


def chosen_by_default(rows: Iterable[PortfolioModel]) -> list[PortfolioModel]:
    """Of ROWS those that a run is made on unless others are named: scripts only where they are all.

    What failed its last test is left out: its trials would only end as errors.
    """
    rows = list(rows)
    real = [row for row in rows if not row.provider.is_scripted] or rows
    return [row for row in real if not row.failed_its_test]


def judges() -> QuerySet[PortfolioModel]:
    """The models in use that may judge; a script never does."""
    return available().filter(can_judge=True).exclude(provider__kind=SCRIPTED.code)


def judge_of(team: Team) -> PortfolioModel | None:
    """The team's judge, else that of the instance; None where nobody has chosen one."""
    portfolio = Portfolio.objects.filter(team=team).first()
    if portfolio is not None and portfolio.judge_id:
        return judges().filter(pk=portfolio.judge_id).first()
    return default_judge()


def default_judge() -> PortfolioModel | None:
    """The judge of teams that have chosen none: the one that staff named, or the only one they allow."""
    rows = list(judges())
    if len(rows) == 1:
        return rows[0]
    return next((row for row in rows if row.is_default_judge), None)
