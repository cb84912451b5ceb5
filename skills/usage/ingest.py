"""Books what agents tell by telemetry, each call once.

A call is told by the gateway and by the agent, by events and by metrics, and again where an answer was lost.
So a call that the gateway made is left out: by the provider's name of the request where the agent says it,
and otherwise with all of its session. Events are booked at once. Totals of metrics wait, and are left out
where the same session is told call by call.
"""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from skills.budgets.models import Hold, HoldState
from skills.budgets.report import ReportedCall, book_report
from skills.budgets.reserve import Caller, charged
from skills.budgets.settle import UNKNOWN, Attribution, Usage
from skills.lib.clock import now
from skills.lib.errors import refuse
from skills.people.actor import Actor
from skills.people.models import Account
from skills.people.paying import paying_teams
from skills.portfolio.models import PortfolioModel
from skills.usage.attribute import UnreviewedText, skill_called
from skills.usage.otlp import TelemetryRecord
from skills.usage.reader import reader_of
from skills.usage.skill_texts import plain_name
from skills.usage.telemetry_models import CumulativeSeries, ReportedSession, TelemetryWish, WaitingUsage
from skills.usage.told import Told, ToldCall, told_by
from skills.usage.unreviewed import count_unreviewed

# Until a total is booked: events come every few seconds, metrics each minute.
_PATIENCE = timedelta(minutes=2)
_KEPT = timedelta(days=30)
_LABEL_LENGTH = 60  # characters, as the column
_AT_ONCE = 500  # totals of one call of the task
_NAMESPACE = uuid.UUID("5b1f3c6e-8f39-4d0e-9a36-0f3f8a5e2c11")
_GROW = """
insert into skills_cumulativeseries (account_id, key, value, seen_at)
values (%(account)s, %(key)s, %(value)s, %(now)s)
on conflict (account_id, key) do update set value = greatest(skills_cumulativeseries.value, excluded.value),
    seen_at = excluded.seen_at
returning (select value from skills_cumulativeseries where account_id = %(account)s and key = %(key)s)
"""


def payer_of(actor: Actor, handle: str) -> int | None:
    """The team of ACTOR's agents, by HANDLE or else by the gateway's rule; of several, none of them.

    The gateway asks which one; an exporter hears no question, and one at random would pay for the others.
    """
    paying = paying_teams(actor)
    if handle and handle not in paying.shared:
        text = f"This token has no team {handle[:80]}."
        raise refuse("bad_export", text, "Name one of yours in X-SkillHub-Team, or leave it out.")
    return paying.payer(handle)


def ingest(actor: Actor, records: Iterable[TelemetryRecord], team: str = "") -> Told:
    """Book what RECORDS of ACTOR's agents tell, for the TEAM that they name; returns what was understood."""
    account = actor.account
    assert account is not None
    payer = _Payer(
        account_id=account.pk,
        team_id=payer_of(actor, team),
        token_id=actor.limits.token_id if actor.limits else None,
    )
    booking = _Booking(payer, reader_of(actor))
    # What a counter grew by, with the total made of it: told again, it has grown by nothing.
    with transaction.atomic():
        told = told_by(records, lambda key, value: _grown(account.pk, key, value))
        sessions = _note_sessions(account, told)
        _wait([call for call in told.calls if call.is_total], payer)
    # Each by itself: the periods of the instance are locked for a moment and not for the whole export.
    for call in _not_by_gateway(account.pk, [call for call in told.calls if not call.is_total]):
        booking.book(call, _skill_of(call, sessions.get(call.session)))
    return told


def _grown(account_id: int, key: str, value: float) -> float:
    """By how much a counter that only grows has grown since it was told last."""
    with connection.cursor() as cursor:
        cursor.execute(_GROW, {"account": account_id, "key": key, "value": value, "now": now()})
        before = cursor.fetchone()[0]
    return max(value - (before or 0.0), 0.0)


def _note_sessions(account: Account, told: Told) -> dict[str, ReportedSession]:
    """The sessions that TOLD is about; notes which of them are told call by call, and the skill at work."""
    telling = {call.session for call in told.calls if call.session and not call.is_total}
    active = {one.session: one for one in sorted(told.activations, key=lambda one: one.at)}
    noted: dict[str, ReportedSession] = {}
    for name in sorted(telling | active.keys()):
        defaults: dict[str, Any] = {"seen_at": now()}
        if name in telling:
            defaults["tells_calls"] = True
        if one := active.get(name):
            defaults |= {"skill_name": one.skill, "skill_at": one.at}
        noted[name], _ = ReportedSession.objects.update_or_create(
            account=account, session=name, defaults=defaults
        )
    WaitingUsage.objects.filter(account=account, session__in=telling).delete()
    return noted


def _skill_of(call: ToldCall, session: ReportedSession | None) -> str:
    """What CALL says, or the skill that was at work in its session when it began."""
    if call.skill or session is None or session.skill_at is None:
        return call.skill
    began = call.began_at or call.at
    return session.skill_name if began >= session.skill_at else ""


def _not_by_gateway(account_id: int, calls: list[ToldCall]) -> list[ToldCall]:
    """CALLS without those that the gateway booked itself."""
    asked = {call.request_id for call in calls if call.request_id}
    by_gateway = Hold.objects.filter(account_id=account_id).exclude(state=HoldState.REPORTED)
    requests = (
        set(by_gateway.filter(request_id__in=asked).values_list("request_id", flat=True)) if asked else set()
    )
    nameless = {call.session for call in calls if call.session and not call.request_id}
    sessions = _sessions_of_gateway(account_id, nameless)
    return [
        call
        for call in calls
        if call.request_id not in requests and (call.request_id or call.session not in sessions)
    ]


def _sessions_of_gateway(account_id: int, sessions: set[str]) -> set[str]:
    if not sessions:
        return set()
    rows = Hold.objects.filter(account_id=account_id, session__in=sessions)
    return set(rows.exclude(state=HoldState.REPORTED).values_list("session", flat=True))


@dataclass(frozen=True, kw_only=True)
class _Payer:
    """Who is charged for what was told."""

    account_id: int
    team_id: int | None
    token_id: int | None


class _Booking:
    """Books calls of one account; what many of them share is looked up once."""

    def __init__(self, payer: _Payer, reader: Actor) -> None:
        self._payer, self._reader = payer, reader
        self._skills: dict[str, Attribution] = {"": UNKNOWN}
        self._periods: dict[tuple[str, str], list[int]] = {}

    def book(self, call: ToldCall, skill_name: str) -> None:
        found = self._skill(skill_name)
        report = ReportedCall(
            id=uuid.uuid5(_NAMESPACE, f"{self._payer.account_id} {call.key}"),
            model=call.model,
            usage=call.usage,
            micros=call.micros,
            at=call.at,
            caller=Caller(
                account_id=self._payer.account_id,
                team_id=self._payer.team_id,
                token_id=self._payer.token_id,
                agent=call.agent,
                session=call.session,
            ),
            attribution=replace(found, request_id=call.request_id),
        )
        is_new = book_report(report, self._periods_of(call))
        if is_new and skill_name and found.skill_id is None and self._payer.team_id:
            count_unreviewed(self._payer.team_id, (UnreviewedText(name=plain_name(skill_name), digest=""),))

    def _skill(self, name: str) -> Attribution:
        if name not in self._skills:
            self._skills[name] = skill_called(name, self._reader)
        return self._skills[name]

    def _periods_of(self, call: ToldCall) -> list[int]:
        """What a told call is charged to, as one of the gateway; nothing, unless its team wishes so."""
        key = call.session, call.model
        if key not in self._periods:
            payer = self._payer
            wished = TelemetryWish.objects.filter(team=payer.team_id, counts=True).exists()
            self._periods[key] = (
                charged(
                    team_id=payer.team_id,
                    account_id=payer.account_id,
                    token_id=payer.token_id,
                    model=_label_of(call.model),
                    session=call.session,
                )
                if wished
                else []
            )
        return self._periods[key]


def _label_of(model: str) -> str:
    """What a model is called here, that its agent calls as its provider does: parts of a budget say that."""
    named = PortfolioModel.objects.filter(Q(label=model) | Q(name=model))
    return named.order_by("pk").values_list("label", flat=True).first() or model[:_LABEL_LENGTH]


def _wait(totals: list[ToldCall], payer: _Payer) -> None:
    paid_by = {"team_id": payer.team_id, "token_id": payer.token_id}
    rows = [
        WaitingUsage(
            account_id=payer.account_id,
            session=total.session,
            key=total.key,
            call={**asdict(total), "at": total.at.isoformat(), "began_at": None, **paid_by},
            due_at=now() + _PATIENCE,
        )
        for total in totals
    ]
    WaitingUsage.objects.bulk_create(rows, ignore_conflicts=True)


def book_waiting() -> int:
    """Book the totals that have waited long enough; returns how many were looked at."""
    due = list(WaitingUsage.objects.filter(due_at__lte=now()).order_by("due_at")[:_AT_ONCE])
    for row in due:
        with transaction.atomic():
            # Locked, so that an export that tells the same calls waits, and finds this one booked.
            if WaitingUsage.objects.select_for_update(skip_locked=True).filter(pk=row.pk).exists():
                _book_waiting(row)
                row.delete()
    return len(due)


def _book_waiting(row: WaitingUsage) -> None:
    told_apart = Q(account=row.account_id, session=row.session, tells_calls=True)
    if row.session and ReportedSession.objects.filter(told_apart).exists():
        return
    if _sessions_of_gateway(row.account_id, {row.session} - {""}):
        return
    call = dict(row.call)
    # A row of the release before names no token.
    payer = _Payer(
        account_id=row.account_id, team_id=call.pop("team_id"), token_id=call.pop("token_id", None)
    )
    total = ToldCall(**{**call, "usage": Usage(**call["usage"]), "at": datetime.fromisoformat(call["at"])})
    if not row.session and _is_told_otherwise(row.account_id, total):
        return
    _Booking(payer, reader_of(row.account)).book(total, total.skill)


def _is_told_otherwise(account_id: int, total: ToldCall) -> bool:
    """Whether calls of the same agent were booked in the time of a TOTAL that names no session."""
    around = (total.at - 5 * _PATIENCE, total.at + _PATIENCE)
    same = Hold.objects.filter(account_id=account_id, agent=total.agent, created_at__range=around)
    return same.exclude(session="").exists()


def purge() -> None:
    """Forget sessions and counters that nobody has told of for long."""
    old = now() - _KEPT
    ReportedSession.objects.filter(seen_at__lt=old).delete()
    CumulativeSeries.objects.filter(seen_at__lt=old).delete()
