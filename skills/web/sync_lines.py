"""What a sync found, one line for each skill, as its pages show it: what changed comes first."""

from dataclasses import dataclass
from typing import Any

from skills.catalog.models import Version
from skills.flows.intake.changes import Change, ChangeKind
from skills.people.models import Team
from skills.sources.models import Sync

_ORDER = [
    ChangeKind.REFUSED,
    ChangeKind.NEW,
    ChangeKind.NEXT,
    ChangeKind.GONE,
    ChangeKind.COPY,
    ChangeKind.UNCHANGED,
]


@dataclass(frozen=True, kw_only=True)
class FileDifference:
    path: str
    change: str


@dataclass(frozen=True, kw_only=True)
class SyncLine:
    """One skill of a source. `version` is what this sync made of it, None where it made nothing."""

    change: Change
    files: list[FileDifference]
    version: Version | None


def sync_lines(sync: Sync, team: Team) -> list[SyncLine]:
    """The lines of SYNC, those that ask for somebody's eyes first."""
    made = [row["version"] for row in sync.changes if row["version"]]
    rows = Version.objects.filter(pk__in=made, skill__team=team).select_related("skill__team")
    versions = {version.pk: version for version in rows}
    lines = [_line(row, versions) for row in sync.changes]
    return sorted(lines, key=lambda line: (_ORDER.index(line.change.kind), line.change.path))


def _line(row: dict[str, Any], versions: dict[int, Version]) -> SyncLine:
    rest = dict(row)
    files, version = rest.pop("files"), rest.pop("version")
    return SyncLine(
        change=Change.from_json(rest),
        files=[FileDifference(**file) for file in files],
        version=versions.get(version),
    )
