"""What instance staff do to accounts: offices, deactivation; the last of staff stays."""

from django.db import transaction
from django.utils.crypto import salted_hmac

from skills.audit.record import record
from skills.lib.clock import now
from skills.lib.errors import Conflict, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Membership, Role, Scope
from skills.people.teams import check_handle, open_account
from skills.people.tokens import live_tokens


@transaction.atomic
def set_active(*, actor: Actor, account: Account, active: bool) -> None:
    """Deactivate (sessions and tokens end at once, nothing is deleted) or bring back an account.

    Staff do it to anybody; a team's admins to its service accounts; anybody to themselves.
    """
    if account.service_of is not None:
        by = rules.team_admin(actor, account.service_of)
    elif actor.account == account and not active:
        rules.person(actor)
        rules.scope(actor, Scope.ADMIN)
        by = rules.whole(actor)
    else:
        by = rules.staff(actor)
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not active:
        _keep_staff(account)
        _keep_team_admins(account)
        # Revoked and ended, not only refused while inactive: whoever is brought back begins anew.
        live_tokens(account).update(revoked_at=now())
        account.end_sessions()
    account.is_active = active
    account.save(update_fields=["is_active"])
    act = "account.activate" if active else "account.deactivate"
    record(act, by=by, target=account.username, team_id=account.service_of_id)


@transaction.atomic
def set_offices(*, actor: Actor, account: Account, staff: bool, auditor: bool) -> None:
    by = rules.staff(actor)
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.is_service and (staff or auditor):
        raise refuse("person_needed", "Service accounts hold no office.")
    if account.is_staff and not staff:
        _keep_staff(account)
    account.is_staff, account.is_auditor = staff, auditor
    account.save(update_fields=["is_staff", "is_auditor"])
    record("account.office", by=by, target=account.username, staff=staff, auditor=auditor)


def _keep_staff(leaving: Account) -> None:
    # All of staff are locked: two who leave at the same time would each see the other and both go.
    others = Account.objects.select_for_update().filter(is_staff=True, is_active=True)
    if leaving.is_staff and not [account for account in others if account != leaving]:
        text = f"{leaving.username} is the last member of staff."
        raise refuse("last_admin", text, "Make somebody else staff first.", kind=Conflict)


def _keep_team_admins(leaving: Account) -> None:
    for membership in leaving.memberships.filter(role=Role.ADMIN, team__personal_of=None):
        admins = Membership.objects.filter(team=membership.team, role=Role.ADMIN, account__is_active=True)
        if not admins.exclude(account=leaving).exists():
            text = f"{leaving.username} is the last admin of {membership.team.handle}."
            raise refuse("last_admin", text, "Make somebody else an admin first.", kind=Conflict)


def setup_code() -> str:
    """The code in the first-admin address that `up` prints; worthless once there is staff."""
    # From SECRET_KEY, so it is the same in every process and needs no row.
    return salted_hmac("skills.people.setup_code", "first admin", algorithm="sha256").hexdigest()[:32]


@transaction.atomic
def create_first_admin(*, username: str, email: str, password: str) -> Account:
    """The first member of staff. The caller has compared the setup code and seen that there is no staff."""
    check_handle(username)
    account = Account(username=username, email=email, is_staff=True)
    account.set_password(password)
    open_account(account)
    record("account.office", by=account, target=account.username, staff=True, auditor=False)
    return account
