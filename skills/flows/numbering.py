"""The number of a version whose publisher names none: a pipeline, or several skills at once."""

from skills.bundles.manifest import Manifest
from skills.catalog.models import Upload, Version
from skills.catalog.numbers import next_number
from skills.catalog.selectors import WIDE
from skills.people.models import Team


def number_for(team: Team, upload: Upload) -> str:
    """The number under which TEAM has the bytes of UPLOAD; else what SKILL.md says, or the next patch."""
    manifest = Manifest.from_json(upload.manifest)
    rows = Version.objects.filter(skill__team=team, skill__name=manifest.name)
    held = [row for row in rows.defer(*WIDE).order_by("-pk") if row.holds_number]
    same = next((row.number for row in held if row.digest == upload.digest), "")
    return same or next_number(manifest.version, [row.number for row in held]).text
