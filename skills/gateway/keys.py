"""Whose key came with a call: a SkillHub token, wherever the client of a protocol puts its key."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import InterfaceError, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from skills.gateway.kept import Lookups
from skills.gateway.refusals import bad_request, bad_token, no_scope
from skills.people.actor import actor_for_token
from skills.people.models import Scope
from skills.people.paying import paying_teams
from skills.people.tokens import find_token, hashed, well_formed

_SECONDS = 5.0  # before the rights behind a key are read again; whether it is revoked is asked each time
_LIVE = """
    select 1 from skills_token join skills_account on skills_account.id = skills_token.account_id
    where secret_hash = %s and revoked_at is null and expires_at > now() and skills_account.is_active
"""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds a key, and the teams that may pay for its calls: shared ones by handle, and the own one."""

    account_id: int
    token_id: int
    may_call: bool
    teams: Mapping[str, int]
    own_team: int | None

    def payer(self, handle: str) -> int | None:
        """The id of the team that pays: the one called HANDLE, else the only one; raises Refusal."""
        if handle:
            if handle not in self.teams:
                raise bad_request(f"This token has no team {handle} that could pay.", code="no_team")
            return self.teams[handle]
        if len(self.teams) > 1:
            text = (
                f"Say which team pays, {', '.join(sorted(self.teams))}: as TEAM/MODEL in `model`,"
                " in a header X-SkillHub-Team, or by a token that is limited to one team."
            )
            raise bad_request(text, code="which_team")
        return next(iter(self.teams.values()), self.own_team)


class Keys:
    """Finds who holds a key."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._holders = Lookups[str, Holder | None](_look_up, seconds=_SECONDS)

    async def holder(self, secret: str) -> Holder:
        """Raises Refusal for a key that is unknown, revoked, or for other things."""
        if not well_formed(secret):
            raise bad_token()
        found = await self._holders.get(secret) if await self._is_live(secret) else None
        if found is None:
            self._holders.forget(secret)
            raise bad_token()
        if not found.may_call:
            raise no_scope()
        return found

    async def _is_live(self, secret: str) -> bool:
        """Asked over each connection there may be: a database that comes back has ended all of them."""
        for _ in range(self._pool.max_size):
            with contextlib.suppress(OperationalError, InterfaceError):
                return await self._ask(secret)
        return await self._ask(secret)

    async def _ask(self, secret: str) -> bool:
        try:
            async with self._pool.connection() as database:
                live = await database.execute(_LIVE, [hashed(secret)])
                return await live.fetchone() is not None
        except PoolTimeout as error:  # nobody answers: another try would wait as long
            raise TimeoutError(str(error)) from None


def secret_of(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """The key of a request, in the order in which clients prefer their places; "" without one."""
    kind, _, bearer = headers.get("authorization", "").partition(" ")
    places = (
        bearer.strip() if kind.lower() == "bearer" else "",
        headers.get("x-api-key", ""),
        headers.get("x-goog-api-key", ""),
        headers.get("api-key", ""),
        query.get("key", ""),
    )
    # Claude Code may send a key of its owner's beside the token that is ours.
    ours = (place for place in places if well_formed(place))
    return next(ours, "") or next((place for place in places if place), "")


def _look_up(secret: str) -> Holder | None:
    token = find_token(secret)
    if token is None or token.in_address:
        return None
    actor = actor_for_token(token)
    paying = paying_teams(actor)
    return Holder(
        account_id=token.account_id,
        token_id=token.pk,
        may_call=actor.has_scope(Scope.MODELS),
        teams=paying.shared,
        own_team=paying.own,
    )
