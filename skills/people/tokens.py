"""Makes, finds and revokes API tokens: `skh_` + 256 random bits + a checksum against typos."""

import hashlib
import math
import secrets
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from skills.audit.record import record
from skills.lib.clock import now
from skills.lib.errors import Forbidden, missing, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Scope, Team, Token

PREFIX = "skh_"
DAYS, MOST_DAYS = 90, 366
_LAST_USED_STEP = timedelta(minutes=5)  # a row update per request would cost more than it tells


def new_secret() -> str:
    body = secrets.token_urlsafe(32)
    return f"{PREFIX}{body}{_checksum(body)}"


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def well_formed(secret: str) -> bool:
    body = secret.removeprefix(PREFIX)
    # Typing errors and truncated tokens are refused without a query. The checksum guards nothing else.
    return secret.startswith(PREFIX) and len(body) > 8 and _checksum(body[:-8]) == body[-8:]


@transaction.atomic
def create_token(
    *,
    actor: Actor,
    owner: Account,
    name: str,
    scopes: Iterable[str],
    teams: Iterable[Team] = (),
    days: int | None = None,
    in_address: bool = False,
) -> tuple[Token, str]:
    """A token for OWNER (the actor, or a service account it administers) and its secret.

    What a token makes is never wider than itself: without TEAMS it has the same ones, and without DAYS it
    ends with it, if not earlier. IN_ADDRESS makes it a read-only install prefix, for installers that send no
    header: `/k/SECRET/…`.
    """
    by = _may_manage(actor, owner)
    wanted = sorted(set(scopes))
    if not name.strip() or not wanted or not set(wanted) <= set(Scope.values):
        raise refuse("bad_token", "A token needs a name and at least one known scope.")
    # Else a token with the scope admin could make one that publishes.
    if not set(wanted) <= actor.scopes:
        text = "A token cannot have scopes that you do not have here."
        raise refuse("scope_missing", text, kind=Forbidden)
    if in_address and wanted != [Scope.READ]:
        raise refuse("bad_token", "A token that stands in addresses may read only.", "Choose the scope read.")
    if owner.is_service and Scope.REVIEW in wanted:
        raise refuse("person_needed", "Service accounts cannot review.", kind=Forbidden)
    secret, created = new_secret(), now()
    limits, expires_at = _teams_within(actor, teams), _end_within(actor, created, days)
    token = Token.objects.create(
        account=owner,
        name=name.strip()[:80],
        hint=secret[:8],
        secret_hash=hashed(secret),
        scopes=wanted,
        created_by=by,
        created_at=created,
        expires_at=expires_at,
        in_address=in_address,
    )
    token.teams.set(limits)
    record(
        "token.create",
        by=by,
        target=owner.username,
        team_id=owner.service_of_id,
        token=token.pk,
        name=token.name,
        in_address=in_address,
        scopes=wanted,
        teams=sorted(team.handle for team in limits),
        expires=token.expires_at.isoformat(),
    )
    return token, secret


def _teams_within(actor: Actor, teams: Iterable[Team]) -> list[Team]:
    """What limits the new token: TEAMS, of which the actor is, else the limits of its own."""
    wanted = list(teams)
    if any(team.pk not in actor.roles for team in wanted):
        raise missing()
    if not wanted and actor.limits:
        return list(Team.objects.filter(pk__in=actor.limits.teams))
    return wanted


def _end_within(actor: Actor, created: datetime, days: int | None) -> datetime:
    """When a token of DAYS ends; none outlives the one that makes it."""
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise refuse("bad_token", f"A token lives 1 to {MOST_DAYS} days.")
    end = created + timedelta(days=days or DAYS)
    if actor.limits is None or end <= actor.limits.expires_at:
        return end
    # Of the last day a part is left only, and who asks for a day means that part.
    most = math.ceil((actor.limits.expires_at - created) / timedelta(days=1))
    if days is not None and days > most:
        text = f"A token cannot outlive the one that makes it, which has {most} days left."
        raise refuse("bad_token", text, f"Ask for at most {most}, or for none in particular.")
    return actor.limits.expires_at


def _may_manage(actor: Actor, owner: Account) -> Account:
    by = rules.scope(actor, Scope.ADMIN)
    if owner.service_of is not None:
        return rules.team_admin(actor, owner.service_of)
    if owner != by:
        raise missing()
    return by


@transaction.atomic
def revoke_token(*, actor: Actor, token: Token) -> None:
    """Revoke a token of one's own, or of a service account one administers. Twice is fine."""
    by = _may_manage(actor, token.account)
    if token.account == by and not tokens_of(actor).filter(pk=token.pk).exists():
        raise missing()
    if token.revoked_at is None:
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        record("token.revoke", by=by, target=token.account.username, token=token.pk, name=token.name)


def live_tokens(account: Account) -> QuerySet[Token]:
    return Token.objects.filter(account=account, revoked_at=None, expires_at__gt=now())


@transaction.atomic
def revoke_all_tokens(*, account: Account) -> None:
    """What somebody does who changes a password because another may know it."""
    if count := live_tokens(account).update(revoked_at=now()):
        record("token.revoke_all", by=account, target=account.username, count=count)


def tokens_of(actor: Actor) -> QuerySet[Token]:
    """The account's own tokens; for a token that is limited to teams, those limited to no others."""
    rows = Token.objects.filter(account=rules.scope(actor, Scope.ADMIN)).prefetch_related("teams")
    if actor.is_whole or actor.limits is None:
        return rows
    wider = Token.teams.through.objects.exclude(team__in=actor.limits.teams)
    return rows.filter(teams__isnull=False).exclude(pk__in=wider.values("token")).distinct()


def find_token(secret: str) -> Token | None:
    """The live token of an active account, or None; notes when it was last used."""
    if not well_formed(secret):
        return None
    tokens = Token.objects.select_related("account", "created_by").prefetch_related("teams")
    token = tokens.filter(secret_hash=hashed(secret)).first()
    if token is None or not token.is_live or not token.account.is_active:
        return None
    _touch(token, now())
    return token


def _touch(token: Token, at: datetime) -> None:
    if token.last_used_at is None or at - token.last_used_at > _LAST_USED_STEP:
        # By `update`, without loading the row again: a token revoked meanwhile stays revoked.
        Token.objects.filter(pk=token.pk).update(last_used_at=at)
