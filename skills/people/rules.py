"""Who may do what. Each rule returns quietly or raises the refusal to show."""

from skills.lib.errors import Forbidden, Unauthenticated, refuse
from skills.people.actor import Actor
from skills.people.models import Account, Role, Scope, Team

_SCOPE_OF_ROLE = {
    Role.MEMBER: Scope.PUBLISH,
    Role.REVIEWER: Scope.REVIEW,
    Role.ADMIN: Scope.ADMIN,
}


def signed_in(actor: Actor) -> Account:
    if actor.account is None:
        raise refuse("sign_in", "This needs an account.", "Sign in, or send a token.", kind=Unauthenticated)
    return actor.account


def person(actor: Actor) -> Account:
    """A human being; service accounts cannot do this."""
    account = signed_in(actor)
    if account.is_service:
        text = "Service accounts cannot do this."
        raise refuse("person_needed", text, "Use a person's account.", kind=Forbidden)
    return account


def scope(actor: Actor, needed: str) -> Account:
    account = signed_in(actor)
    if not actor.has_scope(needed):
        text = f"The token lacks the scope `{needed}`."
        raise refuse("scope_missing", text, "Make a token with that scope.", kind=Forbidden)
    return account


def role(actor: Actor, team: Team, needed: str) -> Account:
    """NEEDED or a higher role in TEAM, with the token scope that goes with it."""
    # Both are asked for: the role is the account's, the scope the token's.
    account = scope(actor, _SCOPE_OF_ROLE[Role(needed)])
    if not actor.has_role(team.pk, needed):
        text = f"This needs the role {needed} in the team {team.handle}."
        raise refuse("role_missing", text, "Ask an admin of the team.", kind=Forbidden)
    return account


def team_admin(actor: Actor, team: Team) -> Account:
    """An admin of the team, or instance staff."""
    account = scope(actor, Scope.ADMIN)
    if actor.is_staff:
        return account
    return role(actor, team, Role.ADMIN)


def staff(actor: Actor) -> Account:
    account = scope(actor, Scope.ADMIN)
    if not account.is_staff:
        raise refuse("staff_only", "Only instance staff may do this.", "Ask them.", kind=Forbidden)
    return account


def may_read_audit(actor: Actor, team: Team | None = None) -> bool:
    """Staff and auditors read all of it, team admins what concerns their team."""
    if not actor.account or not actor.has_scope(Scope.ADMIN):
        return False
    return actor.reads_everything or bool(team and actor.has_role(team.pk, Role.ADMIN))
