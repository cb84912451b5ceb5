"""Who may do what. Each rule returns quietly or raises the refusal to show."""

from skills.lib.errors import Forbidden, Missing, Problem, Refused, Unauthenticated, missing, refuse
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


def person_who_writes(actor: Actor) -> Account:
    """A human being who may leave a mark, as a star: a token with the scope read alone changes nothing."""
    person(actor)
    return scope(actor, Scope.PUBLISH)


def whole(actor: Actor) -> Account:
    """What is the account's own or the instance's: no token that is limited to teams."""
    account = signed_in(actor)
    if not actor.is_whole:
        text = "The token is limited to teams, and this is of no team."
        raise refuse("token_limited", text, "Use a token without teams.", kind=Forbidden)
    return account


def unseen(actor: Actor) -> Missing:
    """What is not there or not to be seen: the same words for both, with what a token may lack."""
    if actor.account is None or actor.reads_internal:
        return missing()
    lack = "is limited to teams" if actor.reads else "lacks the scope `read`"
    text = "There is nothing at this address, for this token at least."
    return Missing(Problem("not_found", text, f"Check the spelling; and that the token {lack}."))


def role(actor: Actor, team: Team, needed: str) -> Account:
    """NEEDED or a higher role in TEAM, with the token scope that goes with it."""
    # Both are asked for: the role is the account's, the scope the token's.
    account = scope(actor, _SCOPE_OF_ROLE[Role(needed)])
    if not actor.has_role(team.pk, needed):
        raise lacks_role(team, needed)
    return account


def checks(actor: Actor) -> Account:
    """Who may check a bundle: whoever may publish, and a token that may do just this."""
    return scope(actor, Scope.CHECK if actor.has_scope(Scope.CHECK) else Scope.PUBLISH)


def publishes(actor: Actor, name: str) -> None:
    """Raises Forbidden where a trusted publisher's token is for other skills than the one called NAME."""
    if not actor.publishes(name):
        allowed = ", ".join(sorted(actor.limits.skills)) if actor.limits else ""
        text = f"This token publishes {allowed}, not {name}."
        raise refuse("token_limited", text, "Let an admin add it to the trusted publisher.", kind=Forbidden)


def lacks_role(team: Team, needed: str) -> Refused:
    text = f"This needs the role {needed} in the team {team.handle}."
    return refuse("role_missing", text, "Ask an admin of the team.", kind=Forbidden)


def team_admin(actor: Actor, team: Team) -> Account:
    """An admin of the team, or instance staff."""
    account = scope(actor, Scope.ADMIN)
    if actor.is_staff:
        return account
    return role(actor, team, Role.ADMIN)


def gives_role(actor: Actor, team: Team, given: str) -> Account:
    """An admin of the team who could do by themselves what the role lets do: a token passes on no more."""
    account = team_admin(actor, team)
    for needed in list(Role)[: list(Role).index(Role(given)) + 1]:
        scope(actor, _SCOPE_OF_ROLE[needed])
    return account


def staff(actor: Actor) -> Account:
    account = scope(actor, Scope.ADMIN)
    if account.is_staff:
        whole(actor)
    if not actor.is_staff:
        raise refuse("staff_only", "Only instance staff may do this.", "Ask them.", kind=Forbidden)
    return account


def may_read_audit(actor: Actor, team: Team | None = None) -> bool:
    """Staff and auditors read all of it, team admins what concerns their team."""
    if not actor.reads or not actor.has_scope(Scope.ADMIN):
        return False
    return actor.reads_everything or bool(team and actor.has_role(team.pk, Role.ADMIN))
