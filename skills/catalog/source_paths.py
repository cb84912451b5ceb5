"""Which skill a path of a source was brought in as, so that the same path is the same skill next time."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import connection, models
from django.db.models import Q

from skills.audit.record import record
from skills.catalog.models import Skill, Version
from skills.lib.clock import now
from skills.lib.guards import Guard
from skills.people.models import Account, Team

LENGTH = 500  # characters of a source and of a path


class SourcePath(models.Model):
    """A path of a source that is a skill of the team.

    `written_name` is what SKILL.md calls itself, and `mark` the digest of the files as they lay there when
    they were last brought in. `gone_at`: since when the source has the path no more.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=LENGTH)
    path = models.CharField(max_length=LENGTH)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="source_paths")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    written_name = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=64)
    brought_at = models.DateTimeField(default=now)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "source", "path"], name="one_skill_per_source_path"),
            models.CheckConstraint(condition=Q(mark__regex=r"^[0-9a-f]{64}$"), name="mark_is_sha256"),
            Guard(
                name="source_paths_stay",
                event="delete",
                message="paths of a source are marked as gone, never deleted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.path}"


@dataclass(frozen=True, kw_only=True)
class Brought:
    """Where the files of a skill were found, and what they were; `moved_from` is its path of before."""

    source: str
    path: str
    written_name: str
    mark: str
    moved_from: str = ""


_KEEP = """
    insert into skills_sourcepath
        (team_id, source, path, skill_id, version_id, written_name, mark, brought_at)
    values (%(team)s, %(source)s, %(path)s, %(skill)s, %(version)s, %(written_name)s, %(mark)s, %(now)s)
    on conflict (team_id, source, path) do update set
        skill_id = excluded.skill_id, version_id = excluded.version_id,
        written_name = excluded.written_name, mark = excluded.mark,
        brought_at = excluded.brought_at, gone_at = null
"""


def keep_source_path(version: Version, brought: Brought) -> None:
    """Remember that VERSION was brought from there; the same again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "team": version.skill.team_id,
                "source": brought.source,
                "path": brought.path,
                "skill": version.skill_id,
                "version": version.pk,
                "written_name": brought.written_name,
                "mark": brought.mark,
                "now": now(),
            },
        )
    if brought.moved_from:
        before = SourcePath.objects.filter(
            team=version.skill.team_id, source=brought.source, path=brought.moved_from
        )
        before.filter(gone_at=None).update(gone_at=now())


def gone_since(skill: Skill) -> datetime | None:
    """Since when no source has SKILL any more; None where one has it, or none ever brought it."""
    times = list(SourcePath.objects.filter(skill=skill).values_list("gone_at", flat=True))
    known = [time for time in times if time is not None]
    return max(known) if known and len(known) == len(times) else None


def mark_gone(row: SourcePath, by: Account) -> bool:
    """Say that the source has ROW no more; its skill stays as it is. Returns whether that is news."""
    gone = SourcePath.objects.filter(pk=row.pk, gone_at=None).update(gone_at=now())
    if gone:
        record(
            "skill.gone",
            by=by,
            target=row.skill,
            team_id=row.team_id,
            source=row.source,
            path=row.path,
        )
    return bool(gone)
