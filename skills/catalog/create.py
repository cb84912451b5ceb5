"""Makes the rows of a version. The blob is on disk before; constraints decide every race.

Publishing and importing wait for few round trips, so the rows of a new skill, and those of a version with
its files, are one statement each (decision 0007). Their columns come from the models: what is added to a
model is written without a change here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Field, Model
from psycopg.types.json import Jsonb

from skills.audit.record import record
from skills.catalog.models import File, Maintainer, Skill, SkillName, Upload, Version, Visibility
from skills.catalog.numbers import Number
from skills.catalog.provenance import ProvenanceFacts, keep_provenance
from skills.catalog.source_paths import Brought, keep_source_path
from skills.lib.errors import Conflict, refuse
from skills.lib.pipelined import ids_from, pipelined
from skills.people.models import Account, Team

# What Django makes of the value of any field for the driver; it has no type of its own.
Parameters: TypeAlias = dict[str, Any]


def locked_skills(*, team: Team, names: Iterable[str], by: Account) -> dict[str, tuple[Skill, bool]]:
    """The skills of TEAM by NAMES, locked until the transaction ends, and whether each was made just now.

    Raises Conflict where a name is a former one of a skill that is called otherwise today.
    """
    # In the order of names: two who lock several would wait for each other else.
    in_order = sorted(set(names))
    new = _create_skills(team, in_order, by)
    old = {name: _locked_skill(team, name) for name in in_order if name not in new}
    with pipelined():
        for skill in new.values():
            record("skill.create", by=by, target=skill, team_id=team.pk)
    return {name: (skill, True) for name, skill in new.items()} | {
        name: (skill, False) for name, skill in old.items()
    }


def _locked_skill(team: Team, name: str) -> Skill:
    named = Skill.objects.filter(names__team=team, names__name=name).select_related("team")
    # The name was taken by now, whoever was faster, and names are never deleted: the row is there.
    skill = named.select_for_update(of=("self",)).get()
    if skill.team_id != team.pk or skill.name != name:
        text = f"{team.handle}/{name} is an old name of {skill}; old names are never reused."
        remedy = f"Publish it as {skill}, or choose another name."
        raise refuse("name_taken", text, remedy, kind=Conflict)
    return skill


def _create_skills(team: Team, names: Sequence[str], by: Account) -> dict[str, Skill]:
    """The new skills by name, without those whose name is taken, be it by somebody at the same time."""
    skills = [Skill(team=team, name=name, created_by=by, visibility=Visibility.TEAM) for name in names]
    parameters = [
        _parameters(skill)
        | _parameters(SkillName(team=team, name=skill.name, created_at=skill.created_at))
        | _parameters(Maintainer(account=by))
        for skill in skills
    ]
    for skill, skill_id in zip(skills, ids_from(_skill_statement(), parameters), strict=True):
        skill.pk = skill_id
    return {skill.name: skill for skill in skills if skill.pk is not None}


def attempts(skill: Skill, number: Number) -> list[Version]:
    """Every row under NUMBER, the newest first; at most one of them holds it."""
    return list(Version.objects.filter(skill=skill, number=number.text).order_by("-attempt"))


# Codes of what reviewers are told of an upload beside what its files say themselves.
_OMISSIONS = frozenset({"left_out", "renamed", "several_skills"})


@dataclass(frozen=True)
class NewVersion:
    """A version with the upload whose files it gets, and where they come from."""

    version: Version
    upload: Upload
    provenance: ProvenanceFacts | None = None
    brought: Brought | None = None


def create_versions(new: Sequence[NewVersion]) -> None:
    """Insert versions with their files. The skills are locked, the numbers free, the blobs stored."""
    for one in new:
        version, upload = one.version, one.upload
        version.digest, version.size, version.manifest = upload.digest, upload.size, upload.manifest
        version.notes = [note for note in upload.notes if note["code"] in _OMISSIONS]
    parameters = [_parameters(one.version) | {"files": Jsonb(one.upload.files)} for one in new]
    for one, version_id in zip(new, ids_from(_version_statement(), parameters), strict=True):
        one.version.pk = version_id
    keep_provenance((one.version, one.provenance) for one in new if one.provenance is not None)
    with pipelined():
        for one in new:
            if one.brought is not None:
                keep_source_path(one.version, one.brought)
            _record_submission(one.version, one.provenance)


def _record_submission(version: Version, provenance: ProvenanceFacts | None) -> None:
    record(
        "version.submit",
        by=version.author,
        target=version,
        team_id=version.skill.team_id,
        version=version.pk,
        attempt=version.attempt,
        digest=version.digest,
        visibility=version.requested_visibility,
        responsible=version.responsible.username,
        **(provenance.as_detail() if provenance else {}),
    )


def check_same(holder: Version, upload: Upload) -> None:
    """Raises Conflict where HOLDER, which has the number, is not the version that UPLOAD would make."""
    if holder.digest != upload.digest:
        text = f"{holder.skill} {holder.number} exists with other bytes; versions never change."
    elif not holder.has_content:
        text = f"{holder.skill} {holder.number} was removed, and its number is never given again."
    else:
        return
    raise refuse("number_taken", text, "Choose a higher number.", kind=Conflict)


@cache
def _skill_statement() -> str:
    """A skill, its name and its first maintainer; no row where the name is taken.

    The name's row comes first and decides the race: of two transactions the later one waits for the earlier,
    then inserts nothing. A savepoint would cost two round trips more for each skill. The skill that the name
    refers to follows in the same statement; foreign keys are checked at its end.
    """
    next_id = "nextval(pg_get_serial_sequence('skills_skill', 'id'))"
    # Asking first keeps a name that was there long before from using up an id.
    unless_taken = """
        where not exists (
            select from skills_skillname
            where team_id = %(skillname.team_id)s and name = %(skillname.name)s::varchar)
        on conflict do nothing
    """
    return f"""
        with name as ({_insert(SkillName, skill_id=next_id)} {unless_taken} returning skill_id),
        skill as ({_insert(Skill, id="skill_id")} from name),
        maintainer as ({_insert(Maintainer, skill_id="skill_id")} from name)
        select skill_id from name
    """  # noqa: S608 - only names of our own models are written into it


@cache
def _version_statement() -> str:
    """A version with its files, which come as one JSON list of objects."""
    columns = {column: field for column, field in _columns(File).items() if field.name != "version"}
    types = ", ".join(f"{column} {field.db_type(connection)}" for column, field in columns.items())
    values = {column: f"file.{column}" for column in columns}
    return f"""
        with version as ({_insert(Version)} returning id),
        files as (
            {_insert(File, version_id="version.id", **values)}
            from version, jsonb_to_recordset(%(files)s) as file ({types}))
        select id from version
    """  # noqa: S608 - only names of our own models are written into it


@cache
def _columns(model: type[Model]) -> dict[str, "Field[object, object]"]:
    """The columns that an insert writes; the database makes the id and what it computes itself."""
    return {
        str(field.column): field
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated
    }


def _insert(model: type[Model], **expressions: str) -> str:
    """The insert of one row of MODEL: each column from its expression, else from its parameter."""
    values = {column: f"%({model._meta.model_name}.{column})s" for column in _columns(model)} | expressions
    return f"insert into {model._meta.db_table} ({', '.join(values)}) select {', '.join(values.values())}"


def _parameters(row: Model) -> Parameters:
    """The values of ROW under the names that `_insert` gives them, as Django would save them."""
    return {
        f"{row._meta.model_name}.{column}": field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for column, field in _columns(type(row)).items()
    }
