"""Who is asking: an account with its roles of this moment and, for a token, its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from skills.people.models import Account, Membership, Role, Scope, Token

_RANK = {Role.MEMBER: 1, Role.REVIEWER: 2, Role.ADMIN: 3}
ALL_SCOPES = frozenset(Scope.values)


@dataclass(frozen=True)
class Actor:
    """`account` is None for a visitor. `roles` maps team ids to roles, read per request."""

    account: Account | None = None
    roles: Mapping[int, str] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset()
    is_session: bool = False

    @property
    def is_staff(self) -> bool:
        return bool(self.account and self.account.is_staff)

    @property
    def reads_everything(self) -> bool:
        """Staff and auditors; a token does so only with the admin scope."""
        # The scope, because a read-only token of staff that leaks must not open every team.
        office = self.account and (self.account.is_staff or self.account.is_auditor)
        return bool(office) and Scope.ADMIN in self.scopes

    @property
    def team_ids(self) -> list[int]:
        return sorted(self.roles)

    @property
    def can_review_somewhere(self) -> bool:
        return any(role in (Role.REVIEWER, Role.ADMIN) for role in self.roles.values())

    def has_role(self, team_id: int, role: str) -> bool:
        """Whether the actor's role in the team is ROLE or one that includes it."""
        mine = self.roles.get(team_id)
        return mine is not None and _RANK[Role(mine)] >= _RANK[Role(role)]

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes

    @property
    def name(self) -> str:
        return self.account.username if self.account else ""


VISITOR = Actor()


def actor_for_session(account: Account) -> Actor:
    """Everything the account may do; roles cost one query."""
    return Actor(account, _roles(account), ALL_SCOPES, is_session=True)


def actor_for_token(token: Token) -> Actor:
    """The account cut down to the token's scopes and, where it names any, its teams."""
    roles = _roles(token.account)
    # A token without teams is for all of the account's, also those that it joins later.
    limits = {team.pk for team in token.teams.all()}
    if limits:
        roles = {team_id: role for team_id, role in roles.items() if team_id in limits}
    return Actor(token.account, roles, frozenset(token.scopes))


def _roles(account: Account) -> dict[int, str]:
    return dict(Membership.objects.filter(account=account).values_list("team_id", "role"))
