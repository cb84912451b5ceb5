"""What people and teams have whose budget nobody has set.

A budget that follows a default holds a copy of its terms, so that a call looks nothing up. The lock is
shared by those who make a budget and alone of who changes a default: nobody gets the old one afterwards.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from skills.audit.record import record
from skills.budgets import periods
from skills.budgets.models import IS_WHOLE, Budget, DefaultBudget, DefaultFor
from skills.budgets.terms import Terms
from skills.lib.errors import refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Membership, Role, Team

_LOCK = 0x62756467  # "budg"
_WHOM = {Role.ADMIN: DefaultFor.ADMIN, Role.REVIEWER: DefaultFor.REVIEWER}


def ensure_budget(*, team_id: int | None = None, account_id: int | None = None) -> Budget:
    """The budget of a team, a person or, with neither, the instance; made by the default for it.

    Of eight first calls at once one makes it, and the others wait for it.
    """
    whole: dict[str, Any] = {
        "team_id": team_id,
        "account_id": account_id,
        "token": None,
        "model": "",
        "each": "",
    }
    found = Budget.objects.filter(**whole).first()
    if found is not None:
        return found
    with transaction.atomic():
        _lock("pg_advisory_xact_lock_shared")
        default = _default_of(team_id, account_id)
        columns = default.terms.as_columns() if default else {}
        if default and team_id:
            columns |= ceiling_of(default.terms)
        return Budget.objects.get_or_create(**whole, defaults=columns)[0]


def set_default(*, actor: Actor, whom: str, terms: Terms) -> int:
    """Set the default for WHOM, which every budget that follows it has at once; returns how many."""
    by = rules.staff(actor)
    if whom not in DefaultFor.values:
        text = f"There is no default for {whom!r}."
        raise refuse("bad_budget", text, f"Choose one of {', '.join(DefaultFor.values)}.")
    terms.check()
    with transaction.atomic():
        _lock("pg_advisory_xact_lock")
        default, _ = DefaultBudget.objects.get_or_create(whom=DefaultFor(whom))
        before = default.terms.as_columns()
        for name, value in terms.as_columns().items():
            setattr(default, name, value)
        default.save()
        followers = follow(_followers())
        record("budget.default", by=by, target=default, before=before, after=terms.as_columns())
    return followers


def remove_default(*, actor: Actor, whom: str) -> int:
    """Drop the default for WHOM: those who had it have that for everybody else, or no limit."""
    by = rules.staff(actor)
    with transaction.atomic():
        _lock("pg_advisory_xact_lock")
        default = DefaultBudget.objects.filter(whom=whom).first()
        if default is None:
            return 0
        record("budget.default", by=by, target=default, before=default.terms.as_columns(), after=None)
        default.delete()
        return follow(_followers())


def ceiling_of(terms: Terms) -> dict[str, int | None]:
    """The columns of a ceiling at these limits; limits that only warn are none."""
    return {
        "ceiling_tokens": terms.limit_tokens if terms.hard else None,
        "ceiling_micros": terms.limit_micros if terms.hard else None,
    }


def _lock(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {how}(%s)", [_LOCK])


def _default_of(team_id: int | None, account_id: int | None) -> DefaultBudget | None:
    if team_id:
        is_shared = Team.objects.filter(pk=team_id, personal_of=None).exists()
        return DefaultBudget.objects.filter(whom=DefaultFor.TEAM).first() if is_shared else None
    if account_id:
        whom = whom_of([account_id])[account_id]
        fitting = DefaultBudget.objects.filter(whom__in=[whom, DefaultFor.EVERYONE])
        return {row.whom: row for row in fitting}.get(whom) or fitting.filter(
            whom=DefaultFor.EVERYONE
        ).first()
    return None


def whom_of(account_ids: list[int]) -> dict[int, DefaultFor]:
    """Which default each account has, by its office and its highest role in a shared team."""
    roles: dict[int, set[str]] = defaultdict(set)
    shared = Membership.objects.filter(account__in=account_ids, team__personal_of=None)
    for account_id, role in shared.values_list("account_id", "role"):
        roles[account_id].add(role)
    accounts = Account.objects.filter(pk__in=account_ids)
    return {account.pk: _whom(account, roles[account.pk]) for account in accounts}


def _whom(account: Account, roles: set[str]) -> DefaultFor:
    if account.is_service:
        return DefaultFor.SERVICE
    if account.is_staff or account.is_auditor:
        return DefaultFor.STAFF
    return next((whom for role, whom in _WHOM.items() if role in roles), DefaultFor.EVERYONE)


def follow(budgets: Sequence[Budget]) -> int:
    """Give locked budgets, of people or teams, the terms of their default; returns how many that changes."""
    defaults = {row.whom: row.terms for row in DefaultBudget.objects.all()}
    everyone = defaults.get(DefaultFor.EVERYONE, Terms())
    whom = whom_of([budget.account_id for budget in budgets if budget.account_id])
    teams = [budget.team_id for budget in budgets if budget.team_id]
    shared = set(Team.objects.filter(pk__in=teams, personal_of=None).values_list("pk", flat=True))
    groups: dict[tuple[Terms, bool], list[Budget]] = defaultdict(list)
    for budget in budgets:
        if budget.account_id:
            terms = defaults.get(whom[budget.account_id], everyone)
        else:
            terms = defaults.get(DefaultFor.TEAM, Terms()) if budget.team_id in shared else Terms()
        if budget.terms != terms or not budget.follows_default:
            groups[terms, budget.team_id is not None].append(budget)
    for (terms, is_team), group in groups.items():
        ceiling = ceiling_of(terms if is_team else Terms())
        periods.change(group, terms, follows_default=True, **ceiling)
    return sum(len(group) for group in groups.values())


def _followers() -> list[Budget]:
    of_one = Budget.objects.filter(IS_WHOLE, follows_default=True).exclude(team=None, account=None)
    return list(of_one.select_for_update(of=("self",)).order_by("pk"))
