"""Reads every blob and file again and compares them with their digests."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from skills.delivery.fsck import ConsistencyReport, check_consistency
from skills.flows.release_audit import audit_releases
from skills.management.backups import Backup, identities_of


class Command(BaseCommand):
    help = "Verify every version's zip and every file's sha256; list blobs nothing refers to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete-orphans", action="store_true", help="Delete unreferenced blobs.")
        parser.add_argument(
            "--older-than",
            type=int,
            default=settings.BLOB_GRACE_HOURS,
            metavar="HOURS",
            help="Only those that nothing has needed for so long (default: BLOB_GRACE_HOURS).",
        )

        parser.add_argument("--heal-from", type=Path, metavar="BACKUP", help="Mend what is wrong from it.")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="The private key that opens a sealed backup."
        )

    def handle(self, *_args: object, **options: Any) -> None:
        source: Path | None = options["heal_from"]
        if source and not source.exists():
            raise CommandError(f"{source} is not there.")
        report = check_consistency(
            heal_from=Backup(source, identities_of(options["identity"])) if source else None,
            delete_orphans=options["delete_orphans"],
            grace=timedelta(hours=options["older_than"]),
            progress=lambda rows, total: tqdm(rows, total=total, unit="version", disable=None),
        )
        self.stdout.write(f"{report.versions} versions, {report.files} files checked.")
        for name in report.healed:
            self.stdout.write(f"{name}: mended.")
        if report.orphans:
            self._tell_orphans(report, told_to=options["delete_orphans"])
        releases = audit_releases()
        if releases.waiting:
            self.stdout.write(f"{releases.waiting} releases wait for their signature.")
        faults = [*report.faults, *releases.faults]
        if faults:
            raise CommandError("\n".join(["Damaged:", *(f"  {fault}" for fault in faults)]))
        self.stdout.write("Every digest is right.")

    def _tell_orphans(self, report: ConsistencyReport, *, told_to: bool) -> None:
        done = "found; --delete-orphans deletes them"
        if told_to:
            young = len(report.orphans) - len(report.deleted)
            done = f"{len(report.deleted)} deleted" + (f", {young} too young" if young else "")
        self.stdout.write(f"{len(report.orphans)} blobs nothing refers to, {done}.")
