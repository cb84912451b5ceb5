"""Plain functions that set limits, hold and settle, through the product's own acts."""

import uuid

from skills.budgets import allowances, reserve
from skills.budgets.models import Budget
from skills.budgets.reserve import Call
from skills.budgets.terms import Terms
from skills.people.models import Account
from tests.factories import actor


def set_limits(by: Account, budget: Budget, **more) -> None:
    allowances.set_limits(actor=actor(by), budget=budget, terms=Terms(**more))


def hold(team, account, tokens: int = 100, micros: int | None = None, **more) -> uuid.UUID:
    """A hold on the periods of instance, team and person."""
    periods = reserve.charged(team_id=team.pk if team else None, account_id=account.pk if account else None)
    values = {"model": "m", "role": "candidate"} | more
    return reserve.reserve(periods, Call(tokens=tokens, micros=micros, **values))
