"""Teams and who is in them. Every team keeps an admin, the instance keeps a member of staff."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from skills.audit.record import record
from skills.lib.clock import now
from skills.lib.errors import Conflict, Forbidden, Missing, missing, refuse
from skills.people import names, rules
from skills.people.actor import Actor
from skills.people.models import Account, Invitation, Membership, Policy, Role, Scope, Team, handle_is_valid
from skills.people.tokens import hashed

INVITATION_DAYS = 7
# First parts of our own addresses, of today and likely ones: handles are permanent, so none may be in the way
# of a page.
RESERVED = frozenset(
    [
        "account",
        "admin",
        "api",
        "audit",
        "bytes",
        "docs",
        "evals",
        "healthz",
        "home",
        "login",
        "logout",
        "mcp",
        "metrics",
        "names",
        "new",
        "notices",
        "people",
        "publish",
        "readyz",
        "reports",
        "reviews",
        "search",
        "settings",
        "signup",
        "skill",
        "skills",
        "static",
        "styleguide",
        "system",
        "teams",
        "uploads",
        "well-known",
    ]
)


def check_handle(handle: str) -> None:
    """Refuse a handle that is malformed, reserved or taken by an account or a team."""
    try:
        handle_is_valid(handle)
    except ValidationError as error:
        raise refuse("bad_handle", str(error.messages[0])) from None
    if handle in RESERVED:
        raise refuse("bad_handle", f"The handle {handle!r} is reserved.", "Choose another.")
    # People and teams share one space of names: each person has a team with their handle.
    taken = Team.objects.filter(handle=handle).exists()
    if taken or Account.objects.filter(username=handle).exists():
        raise refuse("handle_taken", f"The handle {handle!r} is taken.", "Choose another.", kind=Conflict)


@transaction.atomic
def open_account(account: Account) -> Team:
    """Save a new person with their personal team, whose handle is theirs."""
    account.save()
    team = Team.objects.create(handle=account.username, name=account.label, personal_of=account)
    Policy.objects.create(team=team)
    Membership.objects.create(team=team, account=account, role=Role.ADMIN)
    record("account.open", by=account, target=account.username, team_id=team.pk)
    return team


@transaction.atomic
def create_team(*, actor: Actor, handle: str, name: str, description: str = "") -> Team:
    by = rules.whole(actor)
    rules.person(actor)
    rules.scope(actor, Scope.ADMIN)
    check_handle(handle)
    others = names.check_team_name(actor, handle, name or handle)
    try:
        # A savepoint: the constraint decides between two at the same time, and the outer transaction must
        # live on.
        with transaction.atomic():
            team = Team.objects.create(handle=handle, name=name or handle, description=description)
    except IntegrityError:
        raise refuse("handle_taken", f"The handle {handle!r} is taken.", kind=Conflict) from None
    Policy.objects.create(team=team)
    Membership.objects.create(team=team, account=by, role=Role.ADMIN)
    detail = {"near": others} if others else {}
    record("team.create", by=by, target=handle, team_id=team.pk, **detail)
    return team


@transaction.atomic
def change_team(*, actor: Actor, team: Team, name: str, description: str) -> None:
    by = rules.team_admin(actor, team)
    if name.strip() != team.name:
        names.check_display_name(actor, team, name.strip())
    team.name, team.description = name.strip() or team.handle, description.strip()
    team.save(update_fields=["name", "description"])
    record("team.change", by=by, target=team.handle, team_id=team.pk, name=team.name)


@transaction.atomic
def change_policy(
    *,
    actor: Actor,
    team: Team,
    approvals_needed: int,
    self_approval: bool,
    scan_gate: bool,
    evals_required: bool = False,
    no_regression: bool = False,
    minimum_lift: int | None = None,
    approve_synced: bool = False,
    discerning_cases: bool = False,
    standard_cases: int = 5,
    standard_repeats: int = 3,
    standard_models: Sequence[str] = (),
    inferiority_margin: int = 10,
) -> Policy:
    """Set every rule of a team; STANDARD_MODELS are labels, none for all that it evaluates on."""
    by = rules.team_admin(actor, team)
    policy = Policy.objects.select_for_update().get(team=team)
    after = {
        "approvals_needed": approvals_needed,
        "self_approval": self_approval,
        "scan_gate": scan_gate,
        "evals_required": evals_required,
        "no_regression": no_regression,
        "minimum_lift": minimum_lift,
        "approve_synced": approve_synced,
        "discerning_cases": discerning_cases,
        "standard_cases": standard_cases,
        "standard_repeats": standard_repeats,
        "standard_models": sorted(standard_models),
        "inferiority_margin": inferiority_margin,
    }
    before = {name: getattr(policy, name) for name in after}
    for name, value in after.items():
        setattr(policy, name, value)
    policy.full_clean()
    policy.save()
    record("policy.change", by=by, target=team.handle, team_id=team.pk, before=before, after=after)
    return policy


@transaction.atomic
def set_role(*, actor: Actor, team: Team, account: Account, role: str) -> None:
    """Give ACCOUNT a role in a shared team, or with role "" take it out."""
    by = rules.team_admin(actor, team)
    if team.is_personal:
        raise refuse("personal_team", "A personal team has one member.", "Make a shared team.")
    # All memberships are locked: two admins who remove each other would leave none.
    list(Membership.objects.select_for_update().filter(team=team))
    mine = Membership.objects.filter(team=team, account=account).first()
    if mine is None and not role:
        raise missing()
    if mine and mine.role == Role.ADMIN and role != Role.ADMIN:
        _keep_an_admin(team, account)
    if account.is_service and role not in ("", Role.MEMBER):
        raise refuse("person_needed", "Service accounts are members, never reviewers or admins.")
    if not role:
        _withdraw_invitations(team, account)
    if role:
        rules.gives_role(actor, team, role)
        Membership.objects.update_or_create(team=team, account=account, defaults={"role": role})
    elif mine:
        mine.delete()
    record(
        "team.role",
        by=by,
        target=account.username,
        team_id=team.pk,
        before=mine.role if mine else "",
        after=role,
    )


def _keep_an_admin(team: Team, leaving: Account) -> None:
    others = Membership.objects.filter(team=team, role=Role.ADMIN, account__is_active=True)
    if not others.exclude(account=leaving).exists():
        text = f"{leaving.username} is the last admin of {team.handle}."
        raise refuse("last_admin", text, "Make somebody else an admin first.", kind=Conflict)


@transaction.atomic
def leave_team(*, actor: Actor, team: Team) -> None:
    rules.person(actor)
    account = rules.scope(actor, Scope.ADMIN)
    if not actor.covers(team.pk):
        raise rules.unseen(actor)
    membership = Membership.objects.select_for_update().filter(team=team, account=account).first()
    if membership is None or team.is_personal:
        raise missing()
    if membership.role == Role.ADMIN:
        _keep_an_admin(team, account)
    membership.delete()
    _withdraw_invitations(team, account)
    record("team.leave", by=account, target=account.username, team_id=team.pk)


@transaction.atomic
def invite(*, actor: Actor, team: Team, email: str, role: str) -> tuple[Invitation, str]:
    """An invitation and the secret of its link, which is not stored."""
    by = rules.team_admin(actor, team)
    if team.is_personal:
        raise refuse("personal_team", "A personal team has one member.", "Make a shared team.")
    if role not in Role.values:
        raise refuse("bad_role", f"There is no role {role!r}.")
    rules.gives_role(actor, team, role)
    end = now() + timedelta(days=INVITATION_DAYS)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        team=team,
        email=email.strip().lower(),
        role=role,
        secret_hash=hashed(secret),
        invited_by=by,
        expires_at=min(end, actor.limits.expires_at) if actor.limits else end,
    )
    record("team.invite", by=by, target=invitation.email, team_id=team.pk, role=role)
    return invitation, secret


def invitation_behind(secret: str) -> Invitation | None:
    """The invitation of a link, open or not."""
    found = Invitation.objects.select_related("team", "invited_by").filter(secret_hash=hashed(secret))
    return found.first()


def find_invitation(secret: str) -> Invitation:
    """The open invitation behind a link; raises Missing."""
    return _open(invitation_behind(secret))


def invitation_by_id(pk: int) -> Invitation:
    """An open invitation whose link led here before; raises Missing."""
    return _open(Invitation.objects.select_related("team", "invited_by").filter(pk=pk).first())


def _open(invitation: Invitation | None) -> Invitation:
    if invitation is None or not invitation.is_open or not _still_stands(invitation):
        raise refuse(
            "invitation_over",
            "This invitation was used, withdrawn or is too old.",
            "Ask for a new one.",
            kind=Missing,
        )
    return invitation


def _still_stands(invitation: Invitation) -> bool:
    """Whether who invited may still do so: an admin who was removed lets nobody in any more."""
    by = invitation.invited_by
    return administers(by, invitation.team_id) or (by.is_active and by.is_staff)


def administers(account: Account, team_id: int) -> bool:
    """Whether ACCOUNT is an admin of the team today, so that what it once said still counts."""
    admins = Membership.objects.filter(account=account, team=team_id, role=Role.ADMIN)
    return account.is_active and admins.exists()


def is_invited(account: Account, invitation: Invitation) -> bool:
    """Whether the invitation is for an address of ACCOUNT."""
    return invitation.email.lower() in _addresses(account)


def _addresses(account: Account) -> set[str]:
    """The addresses that are somebody's, in small letters."""
    addresses = EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True)
    known = {address.lower() for address in addresses}
    # Where no mail goes out nobody can verify one: there it is the address that the account was opened with.
    return known if settings.EMAIL_HOST else known | {account.email.lower()} - {""}


@transaction.atomic
def accept(*, actor: Actor, secret: str) -> Team:
    """Join the team, with the address that was invited."""
    rules.person(actor)
    rules.scope(actor, Scope.ADMIN)
    account = rules.whole(actor)
    invitation = find_invitation(secret)
    if Membership.objects.filter(team=invitation.team, account=account).exists():
        # It changes no role, and stays for whom it is for.
        return invitation.team
    if not is_invited(account, invitation):
        raise refuse(
            "invitation_not_yours",
            f"This invitation is for {invitation.email}, which is no confirmed address of your account.",
            "Add and confirm it under Account › E-mail, or ask for an invitation to your own address.",
            kind=Forbidden,
        )
    return _take(invitation, account)


@transaction.atomic
def open_invited_account(*, account: Account, invitation: Invitation) -> Team:
    """Save a new person under the address that was invited, as a member of the team that invites."""
    if account.email.lower() != invitation.email.lower():
        raise missing()
    # The lock first: of two who open an account by one link at once, one is told that it was used.
    _lock(invitation)
    open_account(account)
    return _take(invitation, account)


def _lock(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("team", "invited_by")
    return _open(locked.get(pk=invitation.pk))


def _take(invitation: Invitation, account: Account) -> Team:
    # Looked at again under a lock: an invitation lets one person in, whoever else follows the link now.
    invitation = _lock(invitation)
    Membership.objects.create(team=invitation.team, account=account, role=invitation.role)
    invitation.accepted_at = now()
    invitation.save(update_fields=["accepted_at"])
    record(
        "team.join",
        by=account,
        target=account.username,
        team_id=invitation.team_id,
        role=invitation.role,
    )
    return invitation.team


def _withdraw_invitations(team: Team, account: Account) -> None:
    """Who was taken out of a team does not come back by an invitation of before."""
    unused = Invitation.objects.filter(team=team, accepted_at=None, revoked_at=None)
    for_account = Q(email__iexact=account.email)
    for address in EmailAddress.objects.filter(user=account).values_list("email", flat=True):
        for_account |= Q(email__iexact=address)
    unused.filter(for_account).update(revoked_at=now())


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation: Invitation) -> None:
    by = rules.team_admin(actor, invitation.team)
    if invitation.is_open:
        invitation.revoked_at = now()
        invitation.save(update_fields=["revoked_at"])
        record("team.uninvite", by=by, target=invitation.email, team_id=invitation.team_id)


@transaction.atomic
def create_service(*, actor: Actor, team: Team, handle: str, name: str = "") -> Account:
    """A service account that belongs to TEAM and is a member of it."""
    by = rules.team_admin(actor, team)
    if team.is_personal:
        raise refuse("personal_team", "Service accounts belong to shared teams.")
    check_handle(handle)
    account = Account(username=handle, display_name=name, service_of=team, created_by=by)
    account.set_unusable_password()
    account.save()
    Membership.objects.create(team=team, account=account, role=Role.MEMBER)
    record("service.create", by=by, target=handle, team_id=team.pk)
    return account
