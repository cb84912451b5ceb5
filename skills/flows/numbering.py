"""The number of a version whose publisher names none: a pipeline, or several skills at once."""

from skills.bundles.manifest import Manifest
from skills.catalog.models import HOLDS_NUMBER, Upload, Version
from skills.catalog.number_order import HIGHEST_FIRST
from skills.catalog.numbers import next_number
from skills.people.models import Team


def number_for(team: Team, upload: Upload) -> str:
    """The number under which TEAM has the bytes of UPLOAD; else what SKILL.md says, or the next patch."""
    manifest = Manifest.from_json(upload.manifest)
    rows = Version.objects.filter(skill__team=team, skill__name=manifest.name).filter(HOLDS_NUMBER)
    same = rows.filter(digest=upload.digest).order_by("-pk").values_list("number", flat=True).first()
    highest = rows.order_by(*HIGHEST_FIRST).values_list("number", flat=True)[:1]
    return same or next_number(manifest.version, highest).text
