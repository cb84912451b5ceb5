"""Imports skills from a path of this machine, as often as somebody likes: `manage.py import_skills`."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from skills.audit.record import record
from skills.catalog import uploads
from skills.catalog.imports import ImportRun
from skills.catalog.models import OPEN, State, Upload, Version, Visibility
from skills.catalog.source_paths import SourcePath
from skills.flows.intake.carry_out import carry_out, draft_of
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
        lines = []
        with in_bulk():
            for number, ready in enumerate(self._ready(place, snapshot), 1):
                line = self._carry_out(place, ready)
                lines.append(line)
                tell(line)
                if number % WAKE_BATCH == 0:
                    wake_all()
        wake_all()
        return sorted(lines, key=lambda line: line.path)

    def _ready(self, place: Place, snapshot: Snapshot) -> Iterator[_Ready]:
        """The plan, line by line: a thread flushes the next bytes while the caller writes rows."""
        with ThreadPoolExecutor(1) as disk:

            def start(planned: Planned) -> _Ready:
                upload = draft_of(planned, self.by)
                return _Ready(planned, upload, disk.submit(uploads.keep_bytes, upload) if upload else None)

            lines = plan(
                actor=self.actor, team=self.team, place=place, snapshot=snapshot, others=self.names_of_others
            )
            for ready in ahead(map(start, lines), 1):
                if ready.flush:
                    ready.flush.result()
                yield ready

    def _carry_out(self, place: Place, ready: _Ready) -> Change:
        change = ready.planned.change
        try:
            version = carry_out(
                actor=self.actor,
                team=self.team,
                place=place,
                planned=ready.planned,
                upload=ready.upload,
                visibility=self.visibility,
                changelog=_CHANGELOG,
                others=self.names_of_others,
            )
        except Refused as refused:
            return replace(change, kind=ChangeKind.REFUSED, problems=tuple(refused.problems))
        if not self.approve:
            return change
        note = self._release(version or self._waiting(place, change))
        return replace(change, notes=(*change.notes, note)) if note else change

    def _waiting(self, place: Place, change: Change) -> Version | None:
        """The version of an unchanged skill: an import that was ended may have left it unreleased."""
        if change.kind != ChangeKind.UNCHANGED:
            return None
        rows = SourcePath.objects.filter(team=self.team, source=place.source, path=change.path)
        row = rows.select_related("version").first()
        return row.version if row else None

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
