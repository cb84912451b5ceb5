"""Reads every blob and file again and compares them with their digests."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from skills.delivery.fsck import check_consistency


class Command(BaseCommand):
    help = "Verify every version's zip and every file's sha256; list blobs nothing refers to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete-orphans", action="store_true", help="Delete unreferenced blobs.")

    def handle(self, *_args: object, **options: Any) -> None:
        report = check_consistency(
            delete_orphans=options["delete_orphans"],
            progress=lambda rows, total: tqdm(rows, total=total, unit="version", disable=None),
        )
        self.stdout.write(f"{report.versions} versions, {report.files} files checked.")
        if report.orphans:
            done = "deleted" if options["delete_orphans"] else "found; --delete-orphans deletes them"
            self.stdout.write(f"{len(report.orphans)} blobs nothing refers to, {done}.")
        if report.faults:
            raise CommandError("\n".join(["Damaged:", *(f"  {fault}" for fault in report.faults)]))
        self.stdout.write("Every digest is right.")
