"""Reads of the portfolio: what a team evaluates on, who judges, what an approved price is."""

from django.db.models import QuerySet

from skills.people.models import Team
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


def judge_of(team: Team) -> PortfolioModel | None:
    """The team's judge, else the first model that may judge."""
    portfolio = Portfolio.objects.filter(team=team).first()
    judges = available().filter(can_judge=True)
    if portfolio is not None and portfolio.judge_id:
        return judges.filter(pk=portfolio.judge_id).first()
    return judges.first()
