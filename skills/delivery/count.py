"""Counts fetches and installs without a database write per request: Valkey adds, a task writes."""

import logging
from datetime import date, timedelta
from typing import TypedDict

from django.db import transaction
from django.db.models import Count, F, Sum

from skills.catalog.models import Skill, Version
from skills.delivery.models import FetchDay
from skills.lib import counters
from skills.lib.clock import now
from skills.lib.looking import only_looks
from skills.people.actor import Actor
from skills.people.models import Account, Membership

log = logging.getLogger(__name__)
_TABLE = "fetches"
FETCH, INSTALL = "fetches", "installs"


def counted(version_id: int, client: str, actor: Actor, kind: str = FETCH) -> None:
    """Add one fetch or install; none is refused because its count could not be kept."""
    if only_looks():
        return
    account = actor.account.pk if actor.account else 0
    try:
        # Everything that a row needs is in the field's name, so that the request asks the database nothing.
        counters.add(_TABLE, f"{now().date()}:{version_id}:{account}:{client}:{kind}")
    except counters.away():
        log.warning("the cache is away, a fetch was not counted")


class CountPlace(TypedDict):
    """Which row of a version is counted on."""

    day: date
    team_id: int | None
    client: str


def flush() -> int:
    """Move every count into the database; returns how many."""
    total = 0
    for field, count in counters.take(_TABLE).items():
        match field.split(":"):
            case [day, version_id, account_id, client, kind]:
                place: CountPlace = {
                    "day": date.fromisoformat(day),
                    "team_id": _team(int(account_id)),
                    "client": client,
                }
                _write(int(version_id), place, kind, count)
                total += count
        # After the commit of `_write`: a task that is killed in between counts one field twice, and loses
        # none.
        counters.done(_TABLE, field)
    return total


def _team(account_id: int) -> int | None:
    """The team a fetch counts for: a service account's own, else the first shared one."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None or account.service_of_id:
        return account.service_of_id if account else None
    shared = Membership.objects.filter(account=account, team__personal_of=None).order_by("pk")
    return shared.values_list("team_id", flat=True).first()


@transaction.atomic
def _write(version_id: int, place: CountPlace, kind: str, count: int) -> None:
    """Add COUNT to the row of PLACE (day, team_id, client), unless the version is not there any more."""
    version = Version.objects.filter(pk=version_id).first()
    if version is None:
        return
    row, _ = FetchDay.objects.get_or_create(version=version, **place)
    FetchDay.objects.filter(pk=row.pk).update(**{kind: F(kind) + count})
    Skill.objects.filter(pk=version.skill_id).update(**{kind: F(kind) + count})


class SkillUsage(TypedDict):
    """How a skill was used lately: how many teams; `clients` as (client, fetches, installs)."""

    teams: int
    fetches: int
    installs: int
    clients: list[tuple[str, int, int]]


def usage(skill: Skill, days: int = 30) -> SkillUsage:
    """What the owner of a skill sees of the last DAYS days."""
    since = now().date() - timedelta(days=days)
    rows = FetchDay.objects.filter(version__skill=skill, day__gt=since)
    sums = rows.aggregate(teams=Count("team", distinct=True), got=Sum("fetches"), put=Sum("installs"))
    clients = rows.values("client").annotate(got=Sum("fetches"), put=Sum("installs")).order_by("-got")
    return {
        "teams": sums["teams"],
        "fetches": sums["got"] or 0,
        "installs": sums["put"] or 0,
        "clients": [(row["client"], row["got"], row["put"]) for row in clients],
    }
