"""What an evaluation is about: a version or an upload, what it is compared with, and what surrounds it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Value

from skills.bundles.manifest import Manifest
from skills.catalog import uploads
from skills.catalog.models import Skill, State, Upload, Version, Visibility
from skills.catalog.number_order import HIGHEST_FIRST, NumberKey
from skills.delivery.content import all_files
from skills.people.models import Team

_DISTRACTORS = 8  # enough to choose from, few enough to cost little in every trigger trial


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is evaluated: a version, or an upload that is not a version yet."""

    team: Team
    skill: Skill | None
    version: Version | None
    upload: Upload | None
    name: str
    digest: str
    files: Mapping[str, bytes]
    manifest: Manifest
    previous: Version | None  # the approved version it is compared with


def subject_of_version(version: Version) -> Subject:
    skill = version.skill
    return Subject(
        team=skill.team,
        skill=skill,
        version=version,
        upload=None,
        name=skill.name,
        digest=version.digest,
        files=all_files(version),
        manifest=Manifest.from_json(version.manifest),
        previous=approved_before(skill, version),
    )


def subject_of_upload(upload: Upload, team: Team) -> Subject:
    """An upload as TEAM would publish it, compared with the approved version of that name, if any."""
    bundle = uploads.check(bytes(upload.data)).accepted()
    manifest = Manifest.from_json(upload.manifest)
    skill = Skill.objects.filter(team=team, name=manifest.name).select_related("team", "latest").first()
    return Subject(
        team=team,
        skill=skill,
        version=None,
        upload=upload,
        name=manifest.name,
        digest=upload.digest,
        files=bundle.files,
        manifest=manifest,
        previous=skill.latest if skill else None,
    )


def approved_before(skill: Skill, version: Version) -> Version | None:
    """The approved version a change is measured against: the latest, or the one before it."""
    if skill.latest_id and skill.latest_id != version.pk:
        return skill.latest
    approved = skill.versions.filter(state=State.APPROVED).alias(key=NumberKey("number"))
    return approved.filter(key__lt=NumberKey(Value(version.number))).order_by(*HIGHEST_FIRST).first()


def catalogue(subject: Subject) -> list[tuple[str, str]]:
    """(name, description) of other skills: distractors of trigger cases, the team's own ones first."""
    others = Skill.objects.filter(published=True).exclude(name=subject.name)
    own = others.filter(team=subject.team).order_by("name")
    public = others.exclude(team=subject.team).filter(visibility=Visibility.PUBLIC)
    popular = public.order_by("-fetches", "name")
    columns = ("name", "description")
    entries = dict(popular.values_list(*columns)[:_DISTRACTORS]) | dict(
        own.values_list(*columns)[:_DISTRACTORS]
    )
    return sorted(entries.items())[:_DISTRACTORS]
