"""What happens to budgets by itself: lost holds are charged, people are told, the ledger is checked."""

import logging

from django.db import transaction

from skills.budgets import selectors, settle, verify
from skills.budgets.models import Period
from skills.lib.clock import now
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people.models import Account, Role

log = logging.getLogger(__name__)


def sweep() -> int:
    """Charge what never reported its end, and tell who is near a limit; returns how many holds."""
    lost = settle.sweep()
    for period in selectors.near_limit():
        with transaction.atomic():
            if Period.objects.filter(pk=period.pk, warned_at=None).update(warned_at=now()):
                text = f"{period.percent} % of the {period.budget} is used"
                tell(_concerned(period), Kind.BUDGET, text, f"/budgets/{period.budget_id}/")
    return lost


def _concerned(period: Period) -> list[Account]:
    """The person, the team's admins, or staff."""
    budget = period.budget
    if budget.account:
        return [budget.account]
    if budget.team:
        return list(Account.objects.filter(memberships__team=budget.team, memberships__role=Role.ADMIN))
    return list(Account.objects.filter(is_staff=True))


def check() -> list[verify.Difference]:
    """The nightly reconciliation: staff are told when a counter and its rows differ."""
    found = verify.differences()
    for one in found:
        log.error("ledger differs", extra={"difference": str(one)})
    if found:
        text = f"The ledger of budgets does not add up in {len(found)} periods: run manage.py verify_ledger"
        tell(Account.objects.filter(is_staff=True), Kind.BUDGET, text, "/budgets/")
    return found
