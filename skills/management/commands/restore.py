"""Brings a backup back into an empty database and checks every digest."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from tqdm import tqdm

from skills.delivery.fsck import check_consistency
from skills.lib import blobs
from skills.management.postgres_tools import load


class Command(BaseCommand):
    help = "Restore FOLDER (from `backup`) into an empty database, then verify every digest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: object, **options: Any) -> None:
        folder: Path = options["folder"]
        if not (folder / "database.dump").is_file():
            raise CommandError(f"{folder} is not a backup: database.dump is missing.")
        if "skills_account" in connection.introspection.table_names():
            raise CommandError("The database is not empty; restore into a new DATA_DIR or database.")
        source = blobs.LocalBlobs(folder / "blobs")
        digests = list(source.digests())
        for digest in tqdm(digests, unit="blob", disable=None):
            blobs.store().put(digest, source.read(digest))
        self.stdout.write("Loading the database …")
        load(folder / "database.dump")
        report = check_consistency()
        if report.faults:
            raise CommandError("\n".join(["Damaged:", *report.faults]))
        self.stdout.write(f"Restored {report.versions} versions; every digest is right.")
