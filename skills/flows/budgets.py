"""What happens to budgets by itself: lost holds are charged, people are told, the ledger is checked."""

import logging

from django.db import transaction
from django.urls import reverse

from skills.budgets import allowances, selectors, settle, verify, webhooks
from skills.budgets.models import Budget, Period
from skills.budgets.selectors import Reached
from skills.lib.addresses import public_address
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people.models import Account, Role

log = logging.getLogger(__name__)


def charge_and_warn() -> int:
    """Charge what never reported its end, end what was granted for a time, and tell who has passed a mark.

    Returns how many holds were lost.
    """
    lost = settle.charge_expired_holds()
    allowances.end_expired_grants()
    for reached in selectors.reached_marks():
        tell_mark(reached)
    return lost


def tell_mark(reached: Reached) -> None:
    """Tell people that a budget has passed a mark: once a period, unless its limit is raised meanwhile."""
    period, budget = reached.period, reached.period.budget
    told = sorted(mark for mark in budget.marks if mark <= reached.mark)
    with transaction.atomic():
        # The update decides who tells: of two sweeps at once one changes the row.
        row = Period.objects.filter(pk=period.pk, told_marks=period.told_marks)
        if not row.update(told_marks=told):
            return
        text, page = _news(period), reverse("budget", args=[budget.pk])
        whose = _owner(budget)
        tell(whose, Kind.BUDGET, text, page)
        theirs = {account.pk for account in whose}
        others = [account for account in _managers(budget) if account.pk not in theirs]
        tell(others, Kind.BUDGET_OF_OTHERS if whose else Kind.BUDGET, text, page)
        webhooks.announce(period, reached.mark, public_address(page))


def _news(period: Period) -> str:
    if period.refused_at:
        return f"Calls stop at the {period.budget}: {period.percent} % is used, and the next call did not fit"
    return f"{period.percent} % of the {period.budget} is used"


def _owner(budget: Budget) -> list[Account]:
    """The person whose budget it is; nobody for the instance and for teams."""
    account = budget.token.account if budget.token else budget.account
    return [account] if account and not account.is_service else []


def _managers(budget: Budget) -> list[Account]:
    """Who could grant more: admins of the team, or staff."""
    if (team := allowances.responsible_team(budget)) is not None:
        return list(Account.objects.filter(memberships__team=team, memberships__role=Role.ADMIN))
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
