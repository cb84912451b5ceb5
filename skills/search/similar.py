"""Skills that mean nearly the same: asked before publishing, on a skill's page, by a team's admins."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from skills.catalog.models import Skill
from skills.catalog.selectors import with_card
from skills.people.actor import Actor
from skills.people.models import Team
from skills.search import embed, passages
from skills.search.query import scopes_of
from skills.search.rank import nearest_sql

ALIKE = 0.75  # cosine of name and description from which two skills are worth comparing
RELATED = 0.4  # cosine from which a skill is worth a look beside another
PAIRS = 50  # that the page of a team shows
_HEAD = "select vector::text from skills_passage where document_id = %s and generation_id = %s and piece = 0"


@dataclass(frozen=True)
class Similar:
    """A skill and how near it is, a cosine from 0 to 1."""

    skill: Skill
    likeness: float


@dataclass(frozen=True)
class Pair:
    """Two skills of which one may be superfluous."""

    mine: Skill
    other: Skill
    likeness: float


def looks_like(actor: Actor, name: str, description: str, *, most: int = 4) -> list[Similar]:
    """What ACTOR may read and is ALIKE a skill not yet published; empty when meaning is away.

    A skill of that name in a team of the actor's is none: this will be its next version.
    """
    live = passages.live()
    vector = embed.query_vector(live.model, f"{name.replace('-', ' ')}: {description}") if live else None
    if live is None or vector is None:
        return []
    likely = _similar(_nearest(actor, live, vector, most), ALIKE)
    return [one for one in likely if one.skill.name != name or one.skill.team_id not in actor.team_ids]


def related(actor: Actor, skill: Skill, *, most: int = 4) -> list[Similar]:
    """What is nearest to SKILL."""
    live = passages.live()
    if live is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [skill.pk, live.id])
        row = cursor.fetchone()
    nearest = _nearest(actor, live, row[0], most + 1) if row else []
    others = [(pk, likeness) for pk, likeness in nearest if pk != skill.pk]
    return _similar(others[:most], RELATED)


def _nearest(actor: Actor, live: passages.Live, vector: str | None, most: int) -> list[tuple[int, float]]:
    """Skill ids with the cosine of their heads, the nearest first."""
    scopes = scopes_of(actor)
    statement = nearest_sql(live, scopes, " and piece = 0", most=most)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} order by 2 limit {most}", {"vector": vector, "scopes": scopes})
        return [(pk, 1 - distance) for pk, distance in cursor.fetchall()]


def _similar(nearest: Sequence[tuple[int, float]], least: float) -> list[Similar]:
    """Those of NEAREST (skill id, cosine) that are at least LEAST alike, in their order."""
    skills = with_card(Skill.objects.all()).in_bulk([pk for pk, _ in nearest])
    return [Similar(skills[pk], likeness) for pk, likeness in nearest if pk in skills and likeness >= least]


def overlaps(actor: Actor, team: Team) -> list[Pair]:
    """Pairs of a skill of TEAM and one that ACTOR may read, the most alike first, at most PAIRS."""
    live, scopes = passages.live(), scopes_of(actor)
    if live is None:
        return []
    inner = nearest_sql(live, scopes, " and piece = 0", vector="mine.vector", most=4)
    statement = f"""
        select mine.document_id, other.document_id, 1 - other.distance
        from skills_passage mine join skills_skill s on s.id = mine.document_id
        cross join lateral ({inner} order by 2 limit 4) other (document_id, distance)
        where mine.generation_id = {live.id} and mine.piece = 0 and s.team_id = %(team)s
            and other.document_id <> mine.document_id and other.distance <= %(far)s
        order by 3 desc, 1, 2 limit %(pairs)s"""
    values = {"team": team.pk, "scopes": scopes, "far": 1 - ALIKE, "pairs": 2 * PAIRS}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    # Two skills of the team stand twice among the rows, once as each other's neighbour.
    once = {frozenset(row[:2]): row for row in reversed(rows)}
    best = sorted(once.values(), key=lambda row: -row[2])[:PAIRS]
    skills = with_card(Skill.objects.all()).in_bulk({pk for row in best for pk in row[:2]})
    return [Pair(skills[mine], skills[other], likeness) for mine, other, likeness in best]
