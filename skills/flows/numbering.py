"""The number of a version whose publisher names none: a pipeline, which only knows that files changed."""

from skills.bundles.manifest import Manifest
from skills.catalog.models import Skill, Upload, Version
from skills.catalog.numbers import next_number
from skills.people.models import Team


def number_for(team: Team, upload: Upload) -> str:
    """The number under which TEAM has the bytes of UPLOAD; else what SKILL.md says, or the next patch."""
    manifest = Manifest.from_json(upload.manifest)
    skill = Skill.objects.filter(team=team, name=manifest.name).first()
    rows = Version.objects.filter(skill=skill).order_by("-pk") if skill else Version.objects.none()
    held = [row for row in rows.defer("manifest", "rendered") if row.holds_number]
    same = next((row.number for row in held if row.digest == upload.digest), "")
    return same or next_number(manifest.version, [row.number for row in held]).text
