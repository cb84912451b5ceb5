"""The rows of an index: approved skills of the instance, a team, a skill or one version, in one query."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from skills.bundles.manifest import Manifest
from skills.catalog.models import Skill, State, Version
from skills.catalog.selectors import find_skill, find_team
from skills.catalog.visibility import readable
from skills.delivery.resolve import resolve
from skills.lib.json_values import JsonObject
from skills.people.actor import Actor

MOST = 5_000  # skills in one index


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an index says of one skill, from one row."""

    team: str
    name: str
    number: str
    digest: str
    version_id: int


def skills_of(actor: Actor, team: str = "", name: str = "") -> QuerySet[Skill]:
    """The skills an index covers; raises Missing for what ACTOR may not see."""
    rows = Skill.objects.filter(readable(actor), shown__state=State.APPROVED)
    if name:
        return rows.filter(pk=find_skill(actor, team, name).pk)
    return rows.filter(team=find_team(actor, team)) if team else rows


def entries(rows: QuerySet[Skill]) -> list[Entry]:
    """One entry a name: where two teams use one name, the one fetched more stands for it."""
    by_name: dict[str, Entry] = {}
    columns = ("team__handle", "name", "shown__number", "shown__digest", "shown_id")
    most_fetched = rows.order_by("-fetches", "pk").values_list(*columns)[:MOST]
    for team, name, number, digest, version_id in most_fetched:
        entry = Entry(team=team, name=name, number=number, digest=digest, version_id=version_id)
        by_name.setdefault(name, entry)
    return sorted(by_name.values(), key=lambda entry: entry.name)


def descriptions(listed: Sequence[Entry]) -> dict[int, str]:
    """What each version says it is for, by its id."""
    rows = Version.objects.filter(pk__in=[one.version_id for one in listed])
    return {pk: text or "" for pk, text in rows.values_list("pk", KT("manifest__description"))}


def front_matters(listed: Sequence[Entry]) -> dict[int, JsonObject]:
    """What SKILL.md says about itself, typed, by version; read of the two columns alone that hold it."""
    rows = Version.objects.filter(pk__in=[one.version_id for one in listed]).values_list(
        "pk", "manifest__fields_json", "manifest__front_matter"
    )
    return {
        pk: Manifest.from_json({"fields_json": fields, "front_matter": text or ""}).fields
        for pk, fields, text in rows
    }


def pinned(actor: Actor, team: str, name: str, number: str) -> Entry:
    """One version by its exact number."""
    version: Version = resolve(actor, find_skill(actor, team, name), number)
    return Entry(
        team=version.skill.team.handle,
        name=version.skill.name,
        number=version.number,
        digest=version.digest,
        version_id=version.pk,
    )
