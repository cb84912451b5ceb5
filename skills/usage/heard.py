"""Whether the telemetry of somebody's agents arrives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Sum

from skills.budgets.models import Hold, HoldState
from skills.lib.clock import now
from skills.people.models import Account

_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class HeardAgent:
    """What one agent told in the last seven days."""

    agent: str
    calls: int
    tokens: int
    last_at: datetime


def heard_of(account: Account) -> list[HeardAgent]:
    """The agents of ACCOUNT that told something lately, the last one first."""
    since = now() - timedelta(days=_DAYS)
    rows = Hold.objects.filter(account_id=account.pk, state=HoldState.REPORTED, ended_at__gte=since)
    sums = rows.values("agent").annotate(count=Count("pk"), sum=Sum("used_tokens"), last=Max("ended_at"))
    return [
        HeardAgent(agent=row["agent"], calls=row["count"], tokens=row["sum"] or 0, last_at=row["last"])
        for row in sums.order_by("-last")
    ]
