"""What a result shows of a skill: the columns of the statements and the skill made of their rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState

from skills.catalog.models import Skill, Version
from skills.people.models import Team

COLUMNS = """s.id, s.name, s.description, s.tags, s.visibility, s.license, s.catalogue_tokens,
    s.fetches, s.stars, s.lift, s.updated_at, s.created_at, s.deprecated_at, s.latest_id,
    t.id as team_id, t.handle as team_handle, t.name as team_name,
    v.id as shown_id, v.number as shown_number, v.digest as shown_digest, v.size as shown_size"""
JOINS = "join skills_team t on t.id = s.team_id left join skills_version v on v.id = s.shown_id"
_TIMES = ("updated_at", "created_at", "deprecated_at")
_SKILL = (
    "id",
    "team_id",
    "name",
    "description",
    "license",
    "tags",
    "catalogue_tokens",
    "visibility",
    "latest_id",
    "shown_id",
    "fetches",
    "stars",
    "lift",
    *_TIMES,
)
_TEAM = ("id", "handle", "name")
_SHOWN = ("id", "number", "digest", "size")
Row = dict[str, Any]
M = TypeVar("M", bound=Model)


def skills_of(rows: Sequence[Row]) -> list[Skill]:
    """The skills of ROWS with team and shown version; what a card does not show is deferred."""
    teams = {row["team_id"]: row for row in rows}
    made = {pk: _loaded(Team, _TEAM, row, "team_") for pk, row in teams.items()}
    found = []
    for row in rows:
        times = {name: row[name] and datetime.fromisoformat(row[name]) for name in _TIMES}
        skill = _loaded(Skill, _SKILL, row | times)
        skill.team = made[row["team_id"]]
        skill.shown = _loaded(Version, _SHOWN, row, "shown_") if row["shown_id"] else None
        found.append(skill)
    return found


def _loaded(model: type[M], names: Sequence[str], row: Row, prefix: str = "") -> M:
    """What `from_db` makes of the same, without going through the fields that are not there."""
    made = model.__new__(model)
    made._state = ModelState()
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    made.__dict__.update((name, row[prefix + name]) for name in names)
    return made
