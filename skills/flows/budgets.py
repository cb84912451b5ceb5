"""What happens to budgets by itself: lost holds are charged, people are told, the ledger is checked."""

import logging

from django.db import transaction
from django.urls import reverse

from skills.budgets import selectors, settle, verify
from skills.budgets.models import Period
from skills.lib.clock import now
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people.models import Account, Role

log = logging.getLogger(__name__)


def charge_and_warn() -> int:
    """Charge what never reported its end, and tell who is near a limit; returns how many holds."""
    lost = settle.charge_expired_holds()
    for period in selectors.near_limit():
        with transaction.atomic():
            # The update decides who tells: of two sweeps at once one changes the row.
            if Period.objects.filter(pk=period.pk, warned_at=None).update(warned_at=now()):
                text = f"{period.percent} % of the {period.budget} is used"
                tell(_owners(period), Kind.BUDGET, text, reverse("budget", args=[period.budget_id]))
    return lost


def _owners(period: Period) -> list[Account]:
    """Who is told about a budget: its person, its team's admins, or staff for the instance's."""
    budget = period.budget
    if budget.account:
        return [budget.account]
    if budget.team:
        return list(Account.objects.filter(memberships__team=budget.team, memberships__role=Role.ADMIN))
    return list(Account.objects.filter(is_staff=True))


def check_ledger() -> list[verify.Difference | verify.SumDifference]:
    """The nightly reconciliation: staff are told when a counter or a sum and its rows differ."""
    differences: list[verify.Difference | verify.SumDifference] = [*verify.differences()]
    differences += verify.sum_differences()
    for difference in differences:
        log.error("ledger differs", extra={"difference": str(difference)})
    if differences:
        count = len(differences)
        text = f"The ledger of budgets does not add up in {count} places: run manage.py verify_ledger"
        tell(Account.objects.filter(is_staff=True), Kind.BUDGET, text, reverse("budgets"))
    return differences
