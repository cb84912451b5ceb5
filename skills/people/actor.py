"""Who is asking: an account with its roles of this moment and, for a token, its limits.

Every right is decided with an actor, never with its account: the account has offices, teams and things of
its own that a token may not reach.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from skills.lib.provenance import ProvenanceFacts
from skills.people.models import Account, Membership, Role, Scope, Token

_RANK = {Role.MEMBER: 1, Role.REVIEWER: 2, Role.ADMIN: 3}
ALL_SCOPES = frozenset(Scope.values)


@dataclass(frozen=True, kw_only=True)
class TokenLimits:
    """What a token cuts its account down to, beside its scopes.

    `teams` are ids; empty for every team of the account, also those that it joins later. `made_by` is who
    made the token: the person behind a service account. `skills` are names in the one team; empty for all.
    """

    teams: frozenset[int]
    expires_at: datetime
    made_by: Account
    skills: frozenset[str] = frozenset()
    provenance: ProvenanceFacts | None = None
    token_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """`account` is None for a visitor. `roles` maps ids of teams to roles, read per request.

    Teams out of the limits are not among them.
    """

    account: Account | None = None
    roles: Mapping[int, str] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset()
    limits: TokenLimits | None = None

    @property
    def is_session(self) -> bool:
        return self.account is not None and self.limits is None

    @property
    def is_whole(self) -> bool:
        """Whether no team is out of reach: offices and what is the account's own are for these alone."""
        return self.account is not None and not (self.limits and self.limits.teams)

    def covers(self, team_id: int) -> bool:
        """Whether the team is within the limits, whatever the role in it."""
        return self.is_whole or bool(self.limits and team_id in self.limits.teams)

    def publishes(self, name: str) -> bool:
        """Whether the skill called NAME is within the limits, whatever the role in its team."""
        return self.limits is None or not self.limits.skills or name in self.limits.skills

    @property
    def provenance(self) -> ProvenanceFacts | None:
        """Where what it publishes comes from, as far as its token says."""
        return self.limits.provenance if self.limits else None

    @property
    def answerable(self) -> Account | None:
        """The person who answers for what is done: of a service account, who made its token."""
        if self.account and self.account.is_service and self.limits:
            return self.limits.made_by
        return self.account

    @property
    def is_staff(self) -> bool:
        # The scope, because a token of staff that may only read must not see what other teams have.
        return bool(self.account and self.account.is_staff) and self.is_whole and self.has_scope(Scope.ADMIN)

    @property
    def reads(self) -> bool:
        """Whether it sees more than a visitor."""
        return self.account is not None and self.has_scope(Scope.READ)

    @property
    def reads_internal(self) -> bool:
        """Whether it sees what everybody sees who signs in."""
        return self.reads and self.is_whole

    @property
    def reads_everything(self) -> bool:
        """Staff and auditors; a token does so only with the scopes read and admin, and for all teams."""
        # The scope admin, because a read-only token of staff that leaks must not open every team.
        office = self.account and (self.account.is_staff or self.account.is_auditor)
        return bool(office) and self.reads_internal and self.has_scope(Scope.ADMIN)

    def reads_team(self, team_id: int | None) -> bool:
        """Whether it sees what is between the members of a team."""
        return self.reads and team_id in self.roles

    @property
    def read_team_ids(self) -> list[int]:
        """The teams of `reads_team`."""
        return self.team_ids if self.reads else []

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
    return Actor(account, _roles(account), ALL_SCOPES)


def actor_for_token(token: Token) -> Actor:
    """The account cut down to the token's scopes and, where it names any, its teams."""
    roles = _roles(token.account)
    teams = frozenset(team.pk for team in token.teams.all())
    if teams:
        roles = {team_id: role for team_id, role in roles.items() if team_id in teams}
    limits = TokenLimits(
        teams=teams,
        expires_at=token.expires_at,
        made_by=token.created_by,
        skills=frozenset(token.skills),
        provenance=ProvenanceFacts.from_json(token.provenance),
        token_id=token.pk,
    )
    return Actor(token.account, roles, frozenset(token.scopes), limits)


def _roles(account: Account) -> dict[int, str]:
    return dict(Membership.objects.filter(account=account).values_list("team_id", "role"))
