"""Makes the rows of a version. The blob is on disk before; constraints decide every race."""

from django.db import IntegrityError, transaction
from django.db.models import Max

from skills.audit.record import record
from skills.catalog.models import (
    LIVE,
    File,
    Maintainer,
    Skill,
    SkillName,
    Upload,
    Version,
    Visibility,
)
from skills.catalog.numbers import Number
from skills.lib.errors import Conflict, Refused, refuse
from skills.people.models import Account, Team


def locked_skill(*, team: Team, name: str, by: Account) -> Skill:
    """The skill `team/name`, made if new, locked until the transaction ends."""
    taken = SkillName.objects.filter(team=team, name=name).select_related("skill").first()
    if taken is None:
        _create_skill(team, name, by)
        taken = SkillName.objects.select_related("skill").get(team=team, name=name)
    skill = Skill.objects.select_for_update(of=("self",)).select_related("team").get(pk=taken.skill_id)
    if skill.team_id != team.pk or skill.name != name:
        text = f"{team.handle}/{name} is an old name of {skill}; old names are never reused."
        remedy = f"Publish it as {skill}, or choose another name."
        raise refuse("name_taken", text, remedy, kind=Conflict)
    return skill


def _create_skill(team: Team, name: str, by: Account) -> None:
    try:
        with transaction.atomic():
            skill = Skill.objects.create(team=team, name=name, created_by=by, visibility=Visibility.TEAM)
            SkillName.objects.create(team=team, name=name, skill=skill)
            Maintainer.objects.create(skill=skill, account=by)
            record("skill.create", by=by, target=skill, team_id=team.pk)
    except IntegrityError:
        return  # somebody else made it at the same time: theirs is as good


def live_version(skill: Skill, number: Number) -> Version | None:
    """The row that occupies NUMBER, if any."""
    live = [str(state) for state in LIVE]
    return Version.objects.filter(skill=skill, number=number.text, state__in=live).first()


def create_version(
    *, skill: Skill, upload: Upload, number: Number, visibility: str, changelog: str, by: Account,
) -> Version:  # fmt: skip
    """The version and its files; SKILL is locked, the number is free, the blob is stored."""
    tries = Version.objects.filter(skill=skill, number=number.text).aggregate(top=Max("attempt"))
    try:
        version = Version.objects.create(
            skill=skill, number=number.text, build=number.build,
            is_prerelease=number.is_prerelease, attempt=(tries["top"] or 0) + 1,
            digest=upload.digest, size=upload.size, manifest=upload.manifest,
            changelog=changelog.strip(), author=by, requested_visibility=visibility,
        )  # fmt: skip
    except IntegrityError:
        raise number_taken(skill, number) from None
    File.objects.bulk_create(File(version=version, **facts) for facts in upload.files)
    record(
        "version.submit", by=by, target=version, team_id=skill.team_id, version=version.pk,
        attempt=version.attempt, digest=version.digest, visibility=visibility,
    )  # fmt: skip
    return version


def number_taken(skill: Skill, number: Number) -> Refused:
    text = f"{skill} {number.text} exists with other bytes; versions never change."
    return refuse("number_taken", text, "Choose a higher number.", kind=Conflict)
