"""Finds a version by its exact number, and a file of it where one is asked for, in one query.

Everything else goes through `resolve`; both end in `visibility.may_read`.
"""

import time
from dataclasses import dataclass
from typing import Any

from django.db import connection

from skills.catalog.models import State
from skills.catalog.visibility import may_read
from skills.delivery import outage
from skills.lib.errors import Gone, missing, refuse
from skills.people.actor import Actor

_VERSION = """
select v.id, v.number, v.state, v.digest, v.reason, s.name, s.team_id, s.published, s.visibility {file}
from skills_skillname n
join skills_team t on t.id = n.team_id
join skills_skill s on s.id = n.skill_id
join skills_version v on v.skill_id = s.id and v.number = %s
    and v.approved_at is not null
{join}
where t.handle = %s and n.name = %s
"""
_ALONE = _VERSION.format(file="", join="")
_WITH_FILE = _VERSION.format(
    file=", f.sha256, f.size, f.start, f.packed",
    join="left join skills_file f on f.version_id = v.id and f.path = %s",
)


@dataclass(frozen=True)
class Fetched:
    """What an answer with bytes needs to know; `digest` names the zip, with its prefix."""

    version_id: int
    number: str
    state: str
    digest: str
    reason: str
    name: str
    visibility: str

    @property
    def blob(self) -> str:
        return self.digest.removeprefix("sha256:")


@dataclass(frozen=True)
class FetchedFile:
    sha256: str
    size: int
    start: int
    packed: int


def find(actor: Actor, team: str, name: str, number: str) -> Fetched:
    """The released version at `team/name@number`, by a present or former name."""
    return _allowed(actor, team, _row(actor, _ALONE, (number, team, name)))


def find_file(actor: Actor, team: str, name: str, number: str, path: str) -> tuple[Fetched, FetchedFile]:
    """The same with one of its files, in the same round trip."""
    row = _row(actor, _WITH_FILE, (number, path, team, name))
    version = _allowed(actor, team, row)
    if row[9] is None:
        raise missing()
    return version, FetchedFile(*row[9:])


def _row(actor: Actor, statement: str, given: tuple[str, ...]) -> tuple[Any, ...]:
    """From the database; visitors get what was read lately while that is away."""
    visitor, moment = actor.account is None, time.time()
    if visitor and outage.expected() and (known := outage.recall(given)):
        return known  # type: ignore[no-any-return]
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            row: tuple[Any, ...] | None = cursor.fetchone()
    except outage.AWAY:
        if visitor and (known := outage.recall(given)):
            return known  # type: ignore[no-any-return]
        raise
    if row is None:
        raise missing()
    if visitor:
        outage.remember(given, row, moment)
    return row


def _allowed(actor: Actor, team: str, row: tuple[Any, ...]) -> Fetched:
    pk, found, state, digest, reason, skill, team_id, published, visibility = row[:9]
    if not may_read(actor, team_id=team_id, published=published, visibility=visibility):
        raise missing()
    if state == State.REMOVED:
        text = f"{team}/{skill} {found} was removed: {reason}"
        raise refuse("removed", text, "Choose another version.", kind=Gone)
    return Fetched(pk, found, state, digest, reason, skill, visibility)
