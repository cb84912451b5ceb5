"""What a skill costs where agents use it at work: by use, by version and agent, by month.

A use is a session in which the skill was at work, as its agent names sessions; a call of no session is one by
itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat

from skills.budgets.call_roles import IN_THE_FIELD, CallRole
from skills.budgets.spending_models import CallGroup, Grain, Spending
from skills.lib.clock import now

_DAYS = 30
_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class FieldUse:
    """What one version cost in the hands of one agent. `micros` are of the calls that have a price.

    `told_tokens` are part of `tokens`: what the agent's telemetry told, and the gateway did not meter.
    """

    version_id: int | None
    agent: str
    uses: int
    calls: int
    unpriced: int
    tokens: int
    told_tokens: int
    micros: int


@dataclass(frozen=True, kw_only=True)
class MonthOfUse:
    """`month` is its first day."""

    month: date
    calls: int
    unpriced: int
    tokens: int
    told_tokens: int
    micros: int


@dataclass(frozen=True)
class CostPerUse:
    """The mean of one use; `micros` None where no call has a price."""

    tokens: float
    micros: float | None


def field_uses(skill_id: int, days: int = _DAYS) -> list[FieldUse]:
    """The uses of the last DAYS days by version and agent, those with the most tokens first."""
    rows: Any = _groups(days).filter(skill_id=skill_id).values("version_id", "agent")
    rows = rows.annotate(**_uses(), **_sums())
    return [
        FieldUse(
            version_id=row["version_id"],
            agent=row["agent"],
            uses=row["sessions"] + row["loose"],
            calls=row["all_calls"],
            unpriced=row["all_unpriced"],
            tokens=row["all_tokens"],
            told_tokens=row["told_tokens"],
            micros=row["all_micros"],
        )
        for row in rows.order_by("-all_tokens")
    ]


def uses_by_skill(days: int = _DAYS) -> dict[int, tuple[int, CostPerUse]]:
    """How often each skill was used in the last DAYS days, and what one use cost."""
    rows: Any = _groups(days).filter(skill_id__isnull=False).values("skill_id")
    rows = rows.annotate(**_uses(), **_sums())
    return {
        row["skill_id"]: (uses, CostPerUse(row["all_tokens"] / uses, _micros_per_use(row, uses)))
        for row in rows
        if (uses := row["sessions"] + row["loose"])
    }


def _micros_per_use(row: dict[str, int], uses: int) -> float | None:
    return row["all_micros"] / uses if row["all_calls"] > row["all_unpriced"] else None


def _groups(days: int) -> QuerySet[CallGroup]:
    since = now() - timedelta(days=days)
    return CallGroup.objects.filter(role__in=IN_THE_FIELD, calls__gt=0, last_at__gte=since)


def _uses() -> dict[str, Count | Sum]:
    # Two people's agents may give a session the same name.
    session = Concat(Cast("account_id", TextField()), Value(" "), "session")
    return {
        "sessions": Count(session, distinct=True, filter=Q(day=None)),
        "loose": Sum("calls", filter=Q(day__isnull=False), default=0),
    }


def cost_per_use(uses: Iterable[FieldUse]) -> CostPerUse | None:
    """The mean over USES, None where there was none."""
    rows = list(uses)
    count = sum(use.uses for use in rows)
    if not count:
        return None
    has_price = any(use.calls > use.unpriced for use in rows)
    micros = sum(use.micros for use in rows) / count if has_price else None
    return CostPerUse(sum(use.tokens for use in rows) / count, micros)


def field_months(skill_id: int, months: int = _MONTHS) -> list[MonthOfUse]:
    """The months with work by the skill, the newest of the last MONTHS first."""
    rows: Any = Spending.objects.filter(skill_id=skill_id, role__in=IN_THE_FIELD, grain=Grain.MONTH)
    by_month = rows.values("day").annotate(**_sums()).filter(all_calls__gt=0).order_by("-day")[:months]
    return [
        MonthOfUse(
            month=row["day"],
            calls=row["all_calls"],
            unpriced=row["all_unpriced"],
            tokens=row["all_tokens"],
            told_tokens=row["told_tokens"],
            micros=row["all_micros"],
        )
        for row in by_month
    ]


def _sums() -> dict[str, Sum]:
    told = Sum("tokens", filter=Q(role=CallRole.TOLD), default=0)
    return {f"all_{name}": Sum(name) for name in ("calls", "unpriced", "tokens", "micros")} | {
        "told_tokens": told
    }
