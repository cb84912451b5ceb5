"""Imports skills from a path of this machine, as often as somebody likes: `manage.py import_skills`."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from skills.audit.record import record
from skills.catalog import uploads
from skills.catalog.imports import ImportRun
from skills.catalog.models import OPEN, State, Upload, Version, Visibility
from skills.catalog.source_paths import SourcePath
from skills.flows.intake.carry_out import Intake, draft_of
from skills.flows.intake.changes import Change, ChangeKind, Planned
from skills.flows.intake.checks import ahead
from skills.flows.intake.place import Place
from skills.flows.intake.plan import plan
from skills.flows.names import names_of_others
from skills.flows.release import release_imported, scan_held
from skills.jobs.enqueue import in_bulk, wake_all
from skills.jobs.lease import BATCH as WAKE_BATCH
from skills.lib.errors import Refused
from skills.management.local_files import archive_at, lines_at
from skills.management.local_folders import folder_at
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team
from skills.scans.checks.contract import DidNotFinish
from skills.upstream.trees import Snapshot

_CHANGELOG = "Imported."
_LINES = (".jsonl", ".jsonl.gz")
_GROUP = 16  # lines that are carried out in one transaction
_GROUP_BYTES = 8_000_000  # of archives, which are in memory meanwhile
_FLUSHERS = 4  # threads that wait for the disk


def open_path(path: Path) -> tuple[Place, Snapshot]:
    """What lies at PATH: a folder, a Git checkout, an archive or JSON lines; raises Refused."""
    if path.is_dir():
        return folder_at(path)
    return lines_at(path) if path.name.endswith(_LINES) else archive_at(path)


@transaction.atomic
def keep_report(importer: "Importer", place: Place, report: dict[str, Any]) -> None:
    """Keep what the import did for the admins of its team."""
    team, by = importer.team, importer.by
    run = ImportRun.objects.create(
        team=team, by=by, source=place.url or place.source, revision=place.revision, report=report
    )
    facts = {"run": run.pk, "source": run.source, "counts": report["counts"]}
    record("team.import", by=by, target=team, team_id=team.pk, **facts)


@dataclass(frozen=True)
class _Ready:
    """A line of the plan whose bytes are on the way to the disk."""

    planned: Planned
    upload: Upload | None
    flush: Future[None] | None

    @property
    def size(self) -> int:
        return self.upload.size if self.upload else 0


class Importer:
    """Imports into TEAM on ACTOR's word; APPROVE runs the checks at once and releases what passes them."""

    def __init__(
        self, actor: Actor, team: Team, *, approve: bool = False, visibility: str = Visibility.TEAM
    ) -> None:
        self.actor, self.by, self.team = actor, rules.signed_in(actor), team
        self.approve, self.visibility = approve, visibility
        self.names_of_others = names_of_others(actor, team)

    def bring_in(
        self, place: Place, snapshot: Snapshot, tell: Callable[[Change], object] = lambda _: None
    ) -> list[Change]:
        """Bring SNAPSHOT in; TELL hears of each line when it is done. The worker hears of jobs in bulk."""
        intake = Intake(
            actor=self.actor,
            team=self.team,
            place=place,
            visibility=self.visibility,
            changelog=_CHANGELOG,
            others=self.names_of_others,
        )
        waiting = self._waiting(place) if self.approve else {}
        lines: list[Change] = []
        woken = 0
        with in_bulk():
            for group in _groups(self._ready(place, snapshot)):
                for change, version in _carry_out(intake, group):
                    line = self._released(change, version or waiting.get(change.path))
                    lines.append(line)
                    tell(line)
                if len(lines) - woken >= WAKE_BATCH:
                    woken = len(lines)
                    wake_all()
        wake_all()
        return sorted(lines, key=lambda line: line.path)

    def _ready(self, place: Place, snapshot: Snapshot) -> Iterator[_Ready]:
        """The plan, line by line: threads flush the next bytes while the caller writes rows."""
        with ThreadPoolExecutor(_FLUSHERS) as disk:

            def start(planned: Planned) -> _Ready:
                upload = draft_of(planned, self.by)
                return _Ready(planned, upload, disk.submit(uploads.keep_bytes, upload) if upload else None)

            lines = plan(
                actor=self.actor, team=self.team, place=place, snapshot=snapshot, others=self.names_of_others
            )
            yield from ahead(map(start, lines), _GROUP)

    def _waiting(self, place: Place) -> dict[str, Version]:
        """The open versions here by path, which an import that was ended may have left unreleased."""
        rows = SourcePath.objects.filter(team=self.team, source=place.source, version__state__in=OPEN)
        return {row.path: row.version for row in rows.select_related("version__skill__team")}

    def _released(self, change: Change, version: Version | None) -> Change:
        """CHANGE with what became of its VERSION where it could not be released."""
        is_here = change.is_new_version or change.kind == ChangeKind.UNCHANGED
        note = self._release(version) if self.approve and is_here else ""
        return replace(change, notes=(*change.notes, note)) if note else change

    def _release(self, version: Version | None) -> str:
        """Release VERSION if it waits for that; what else became of it, "" where it is released."""
        if version is None or version.state not in OPEN:
            return ""
        try:
            release_imported(version_id=version.pk, by=self.by)
        except DidNotFinish as error:
            scan_held(version_id=version.pk, error=error)
            return "the checks did not finish; it waits for them before it can be approved"
        version.refresh_from_db(fields=["state"])
        is_blocked = version.state == State.CHANGES_REQUESTED
        return f"not released: its checks found what blocks it ({version.review_url})" if is_blocked else ""


def _groups(lines: Iterator[_Ready]) -> Iterator[list[_Ready]]:
    """LINES in groups for one transaction each, of so many lines and bytes that memory stays small."""
    group: list[_Ready] = []
    for line in lines:
        if group and (len(group) == _GROUP or sum(one.size for one in [*group, line]) > _GROUP_BYTES):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _carry_out(intake: Intake, group: Sequence[_Ready]) -> Iterator[tuple[Change, Version | None]]:
    """Do what the lines of GROUP say: all new versions at once, each by itself where that is refused."""
    drafts = [(line.planned.change, line.upload) for line in group if line.upload]
    for line in group:
        if line.flush:
            line.flush.result()
    try:
        versions = intake.submit(drafts, are_kept=True) if drafts else []
    # Whatever it is, it comes again with the skill that it comes from.
    except (Refused, DatabaseError):
        versions = []
    made = {change.path: version for (change, _), version in zip(drafts, versions, strict=False)}
    for line in group:
        change = line.planned.change
        if change.path in made:
            yield change, made[change.path]
            continue
        try:
            yield change, intake.carry_out(line.planned)
        except Refused as refused:
            yield replace(change, kind=ChangeKind.REFUSED, problems=tuple(refused.problems)), None
