"""What a result shows of a skill: the columns of the statements and the skill made of their rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import DateTimeField, Model

from skills.catalog.models import Skill, Version
from skills.catalog.public_columns import LISTED_COLUMNS
from skills.people.models import Team

_SHOWN_OF_TEAM = {"id", "handle", "name"}
_SHOWN_OF_VERSION = {"id", "number", "digest", "size"}
Row = Mapping[str, Any]
M = TypeVar("M", bound=Model)


def _in_order(model: type[Model], shown: set[str]) -> list[str]:
    """SHOWN in the order of the model's columns, which is the order `from_db` reads values in."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in shown]


_TEAM = _in_order(Team, _SHOWN_OF_TEAM)
_VERSION = _in_order(Version, _SHOWN_OF_VERSION)

# A statement answers with JSON, which has no moments: these come as text.
_MOMENTS = [
    column.attname
    for column in Skill._meta.concrete_fields
    if isinstance(column, DateTimeField) and column.attname in LISTED_COLUMNS
]

# The skill's columns by their own names; those of its team and its shown version with a prefix.
COLUMNS = ", ".join(
    [
        *(f"s.{name}" for name in LISTED_COLUMNS if name not in ("team_id", "shown_id")),
        *(f"t.{name} as team_{name}" for name in _TEAM),
        *(f"v.{name} as shown_{name}" for name in _VERSION),
    ]
)
JOINS = "join skills_team t on t.id = s.team_id left join skills_version v on v.id = s.shown_id"


def skills_of(rows: Sequence[Row]) -> list[Skill]:
    """The skills of ROWS with team and shown version; what a card does not show is deferred."""
    rows_by_team = {row["team_id"]: row for row in rows}
    teams = {pk: _instance(Team, _TEAM, row, "team_") for pk, row in rows_by_team.items()}
    skills = []
    for row in rows:
        moments = {name: row[name] and datetime.fromisoformat(row[name]) for name in _MOMENTS}
        skill = _instance(Skill, LISTED_COLUMNS, {**row, **moments})
        skill.team = teams[row["team_id"]]
        skill.shown = _instance(Version, _VERSION, row, "shown_") if row["shown_id"] else None
        skills.append(skill)
    return skills


def _instance(model: type[M], names: Sequence[str], row: Row, prefix: str = "") -> M:
    return model.from_db(DEFAULT_DB_ALIAS, names, [row[prefix + name] for name in names])
