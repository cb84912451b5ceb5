"""Prompts and answers that a team keeps for some days: off until its admins wish it and its people know.

What is kept is packed and encrypted. The person whose call it was reads it, and admins of the team do, each
time with a row in the audit log. A beat deletes it in the end.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import zstandard
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least
from django.urls import reverse

from skills.audit.record import record
from skills.lib.ciphers import cipher
from skills.lib.clock import now
from skills.lib.errors import missing, refuse
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role, Scope, Team
from skills.usage.kept_models import CallKeeping, KeptCall

MOST_DAYS = 90
NOTICE = timedelta(days=1)  # in which people hear of it, before more is kept
MOST_BYTES = 2_000_000  # of a request, and of an answer; what is longer is cut
_SALT = b"skillhub kept calls"


@dataclass(frozen=True, kw_only=True)
class CallText:
    """What a client sent, and what it was answered."""

    asked: str
    answered: str


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """A team that keeps what somebody's agents say, or will from `begins_at` on."""

    team: Team
    days: int
    next_days: int
    begins_at: datetime | None


def days_kept(team_id: int | None) -> int:
    """For how many days calls that TEAM_ID pays for are kept at this moment."""
    row = CallKeeping.objects.filter(team_id=team_id).first() if team_id else None
    return _days(row) if row else 0


def _days(row: CallKeeping) -> int:
    has_begun = row.begins_at is not None and row.begins_at <= now()
    return (row.next_days or 0) if has_begun else row.days


def keeper(team: Team) -> Keeper:
    row = CallKeeping.objects.filter(team=team).first() or CallKeeping(team=team)
    days = _days(row)
    waits = row.begins_at is not None and row.begins_at > now()
    following = (row.next_days or 0) if waits else days
    return Keeper(team=team, days=days, next_days=following, begins_at=row.begins_at if waits else None)


def keepers(teams: Iterable[Team]) -> list[Keeper]:
    """Those of TEAMS that keep calls, or will."""
    every = [keeper(team) for team in teams]
    return [one for one in every if one.days or one.next_days]


@transaction.atomic
def keep_calls(*, actor: Actor, team: Team, days: int) -> None:
    """Keep calls of TEAM for DAYS: for longer than so far after a day, for shorter or not at all at once."""
    by = rules.team_admin(actor, team)
    if not 0 <= days <= MOST_DAYS:
        raise refuse("bad_days", f"Calls are kept for 0 to {MOST_DAYS} days.", "0 keeps nothing.")
    Team.objects.select_for_update().get(pk=team.pk)
    row, _ = CallKeeping.objects.get_or_create(team=team)
    so_far = _days(row)
    is_more = days > so_far
    row.days = so_far if is_more else days
    row.next_days, row.begins_at = (days, now() + NOTICE) if is_more else (None, None)
    row.save()
    if not is_more:
        _shorten(team, days)
    record("team.keep_calls", by=by, target=team, team_id=team.pk, days=days)
    members = Account.objects.filter(memberships__team=team)
    tell(members, Kind.KEEPING, _news(team, days, is_more=is_more), reverse("agents-here"))


def _news(team: Team, days: int, *, is_more: bool) -> str:
    if not days:
        return f"{team.handle} keeps no prompts and answers of its agents any more."
    begin = "from tomorrow on" if is_more else "from now on"
    return f"{team.handle} keeps prompts and answers of its agents for {days} days, {begin}."


def _shorten(team: Team, days: int) -> None:
    """What is kept already lives no longer than what is kept from now on."""
    rows = KeptCall.objects.filter(team=team)
    if not days:
        rows.delete()
        return
    rows.update(delete_at=Least(F("delete_at"), F("at") + timedelta(days=days)))


def keep(call: KeptCall, asked: bytes, answered: bytes) -> None:
    """Keep what CALL said, if its team still wishes so."""
    days = days_kept(call.team_id)
    if not days:
        return
    call.delete_at = call.at + timedelta(days=days)
    call.sealed = _sealed(CallText(asked=_text(asked), answered=_text(answered)))
    call.save(force_insert=True)


def _text(data: bytes) -> str:
    return data[:MOST_BYTES].decode(errors="replace")


def _sealed(text: CallText) -> bytes:
    packed = zstandard.compress(msgspec.json.encode(text))
    return cipher(settings.SECRET_KEY, _SALT).encrypt(packed)


def _opened(call: KeptCall) -> CallText:
    from cryptography.fernet import InvalidToken

    try:
        packed = cipher(settings.SECRET_KEY, _SALT).decrypt(bytes(call.sealed))
    except InvalidToken:
        raise refuse("kept_unreadable", "The call was encrypted under another SECRET_KEY.") from None
    return msgspec.json.decode(zstandard.decompress(packed), type=CallText)


def kept_of_team(actor: Actor, team: Team) -> QuerySet[KeptCall]:
    """What is kept of TEAM's calls, for its own admins; staff of the instance are not among them."""
    rules.role(actor, team, Role.ADMIN)
    return _listed(Q(team=team))


def kept_of_person(actor: Actor) -> QuerySet[KeptCall]:
    return _listed(Q(account=rules.person(actor)))


def _listed(which: Q) -> QuerySet[KeptCall]:
    rows = KeptCall.objects.filter(which, delete_at__gt=now()).defer("sealed")
    return rows.select_related("team", "account").order_by("-at")


@transaction.atomic
def read_kept(actor: Actor, pk: uuid.UUID) -> tuple[KeptCall, CallText]:
    """One call with its text; raises Missing for everybody but its person and admins of its team."""
    by = rules.scope(actor, Scope.ADMIN)
    call = KeptCall.objects.filter(pk=pk, delete_at__gt=now()).select_related("team", "account").first()
    if call is None or not _may_read(actor, call):
        raise missing()
    text = _opened(call)
    if call.account_id != by.pk:
        record("kept_call.read", by=by, target=call, team_id=call.team_id, of=call.account.username)
    return call, text


def _may_read(actor: Actor, call: KeptCall) -> bool:
    """Whose call it was, by a token of that team or of all; and the team's own admins, no staff."""
    is_own = actor.account is not None and call.account_id == actor.account.pk
    if is_own:
        return actor.is_whole or call.team_id in actor.roles
    return actor.has_role(call.team_id, Role.ADMIN)


def delete_kept() -> None:
    """Delete what was kept for as long as its team wished."""
    KeptCall.objects.filter(delete_at__lte=now()).delete()
