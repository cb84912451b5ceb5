"""The hot road: one hand-written query finds a version by exact number, one more a file of it.

Everything else goes through `resolve`; both end in `visibility.may_read`.
"""

from dataclasses import dataclass

from django.db import connection

from skills.catalog.models import State
from skills.catalog.visibility import may_read
from skills.lib.errors import Gone, missing, refuse
from skills.people.actor import Actor

_VERSION = """
select v.id, v.number, v.state, v.digest, v.reason, s.name, s.team_id, s.published, s.visibility
from skills_skillname n
join skills_team t on t.id = n.team_id
join skills_skill s on s.id = n.skill_id
join skills_version v on v.skill_id = s.id and v.number = %s
    and v.state in ('approved', 'yanked', 'removed')
where t.handle = %s and n.name = %s
"""
_FILE = "select sha256, size, start, packed from skills_file where version_id = %s and path = %s"


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
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [number, team, name])
        row = cursor.fetchone()
    if row is None:
        raise missing()
    pk, found, state, digest, reason, skill, team_id, published, visibility = row
    if not may_read(actor, team_id=team_id, published=published, visibility=visibility):
        raise missing()
    if state == State.REMOVED:
        text = f"{team}/{skill} {found} was removed: {reason}"
        raise refuse("removed", text, "Choose another version.", kind=Gone)
    return Fetched(pk, found, state, digest, reason, skill, visibility)


def find_file(version: Fetched, path: str) -> FetchedFile:
    with connection.cursor() as cursor:
        cursor.execute(_FILE, [version.version_id, path])
        row = cursor.fetchone()
    if row is None:
        raise missing()
    return FetchedFile(*row)
