"""Finds a version by exact number, and one of its files, in one query written by hand.

Agents ask for this most, and the ORM would take longer to put the query together than PostgreSQL to answer.
What is not an exact number goes through `resolve`; both end in `visibility.may_read`.
"""

import time
from dataclasses import dataclass

from django.db import connection

from skills.catalog.models import State
from skills.catalog.visibility import may_read
from skills.delivery import outage
from skills.delivery.outage import Row
from skills.lib.errors import Gone, missing, refuse
from skills.people import rules
from skills.people.actor import Actor

# By `skillname`, which has the present and the former names. Of several attempts at a number one was approved
# at most.
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
_FILE = 9  # where the columns of the file begin
_ALONE = _VERSION.format(file="", join="")
_WITH_FILE = _VERSION.format(
    file=", f.sha256, f.size, f.start, f.packed",
    join="left join skills_file f on f.version_id = v.id and f.path = %s",
)


@dataclass(frozen=True, kw_only=True)
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
    if row[_FILE] is None:
        raise missing()
    return version, FetchedFile(*row[_FILE:])


def _row(actor: Actor, statement: str, parameters: tuple[str, ...]) -> Row:
    """The row from the database; while that is away, visitors get the one read lately."""
    visitor, moment = actor.account is None, time.time()
    if visitor and outage.expected() and (known := outage.recall(parameters)):
        return known
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            row: Row | None = cursor.fetchone()
    except outage.AWAY:
        if visitor and (known := outage.recall(parameters)):
            return known
        raise
    if row is None:
        raise rules.unseen(actor)
    if visitor:
        outage.remember(parameters, row, moment)
    return row


def _allowed(actor: Actor, team: str, row: Row) -> Fetched:
    """The version of ROW; raises Missing where ACTOR may not read it, Gone where it was removed."""
    pk, number, state, digest, reason, skill, team_id, published, visibility = row[:_FILE]
    if not may_read(actor, team_id=team_id, published=published, visibility=visibility):
        raise rules.unseen(actor)
    if state == State.REMOVED:
        text = f"{team}/{skill} {number} was removed: {reason}"
        raise refuse("removed", text, "Choose another version.", kind=Gone)
    return Fetched(
        version_id=pk,
        number=number,
        state=state,
        digest=digest,
        reason=reason,
        name=skill,
        visibility=visibility,
    )
