"""Makes the rows of a version. The blob is on disk before; constraints decide every race."""

import json
from typing import Any

from django.db import connection

from skills.audit.record import record
from skills.catalog.models import Skill, Upload, Version, Visibility
from skills.catalog.numbers import Number
from skills.lib.errors import Conflict, Refused, refuse
from skills.people.models import Account, Team

# One statement each: publishing and importing wait for few round trips.
_SKILL = """
    with given as (
        select %(team_id)s::bigint as team_id, %(name)s::varchar as name, %(created_by_id)s::bigint as by,
            %(created_at)s::timestamptz as at),
    name as (
        insert into skills_skillname (skill_id, team_id, name, created_at)
        select nextval(pg_get_serial_sequence('skills_skill', 'id')), team_id, name, at from given
        where not exists (
            select from skills_skillname old where old.team_id = given.team_id and old.name = given.name)
        on conflict do nothing
        returning skill_id),
    skill as (
        insert into skills_skill (id, team_id, name, visibility, created_by_id, created_at, updated_at,
            description, license, tags, catalogue_tokens, published, deprecation_note, fetches, stars)
        select skill_id, team_id, given.name, %(visibility)s, by, at, at, '', '', '{}', 0, false, '', 0, 0
        from name, given),
    maintainer as (
        insert into skills_maintainer (skill_id, account_id) select skill_id, by from name, given)
    select skill_id from name
"""
_VERSION = """
    with version as (
        insert into skills_version (skill_id, number, build, is_prerelease, attempt, state, digest, size,
            manifest, rendered, changelog, author_id, requested_visibility, created_at, state_at, reason)
        values (%(skill_id)s, %(number)s, %(build)s, %(is_prerelease)s, %(attempt)s, %(state)s,
            %(digest)s, %(size)s, %(manifest)s::jsonb, '', %(changelog)s, %(author_id)s,
            %(requested_visibility)s, %(created_at)s, %(state_at)s, '')
        returning id),
    files as (
        insert into skills_file (version_id, path, sha256, size, executable, start, packed)
        select version.id, file.* from version, jsonb_to_recordset(%(files)s::jsonb)
            as file (path text, sha256 text, size int, executable bool, start int, packed int))
    select id from version
"""


def locked_skill(*, team: Team, name: str, by: Account) -> tuple[Skill, bool]:
    """The skill `team/name`, locked until the transaction ends, and whether it was made just now."""
    new = _create_skill(team, name, by)
    if new is not None:
        return new, True
    found = Skill.objects.filter(names__team=team, names__name=name).select_related("team")
    skill = found.select_for_update(of=("self",)).get()
    if skill.team_id != team.pk or skill.name != name:
        text = f"{team.handle}/{name} is an old name of {skill}; old names are never reused."
        remedy = f"Publish it as {skill}, or choose another name."
        raise refuse("name_taken", text, remedy, kind=Conflict)
    return skill, False


def _create_skill(team: Team, name: str, by: Account) -> Skill | None:
    """The new skill, or None where the name is taken, be it by somebody at the same time."""
    skill = Skill(team=team, name=name, created_by=by, visibility=Visibility.TEAM)
    skill.pk = _insert(_SKILL, vars(skill))
    if skill.pk is None:
        return None
    record("skill.create", by=by, target=skill, team_id=team.pk)
    return skill


def attempts(skill: Skill, number: Number) -> list[Version]:
    """Every row under NUMBER, the newest first; at most one of them holds it."""
    return list(Version.objects.filter(skill=skill, number=number.text).order_by("-attempt"))


def create_version(version: Version, upload: Upload) -> None:
    """Insert VERSION with the files of UPLOAD; its skill is locked, its number free, the blob stored."""
    row = vars(version) | {"manifest": json.dumps(version.manifest), "files": json.dumps(upload.files)}
    version.pk = _insert(_VERSION, row)
    record(
        "version.submit",
        by=version.author,
        target=version,
        team_id=version.skill.team_id,
        version=version.pk,
        attempt=version.attempt,
        digest=version.digest,
        visibility=version.requested_visibility,
    )


def _insert(statement: str, row: dict[str, Any]) -> int | None:
    """The id of the row that STATEMENT made, if it made one."""
    with connection.cursor() as cursor:
        cursor.execute(statement, row)
        found: tuple[int] | None = cursor.fetchone()
    return found[0] if found else None


def number_taken(skill: Skill, number: Number) -> Refused:
    text = f"{skill} {number.text} exists with other bytes; versions never change."
    return refuse("number_taken", text, "Choose a higher number.", kind=Conflict)
