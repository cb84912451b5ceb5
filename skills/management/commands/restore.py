"""Brings a backup back into an empty database and checks every digest."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from tqdm import tqdm

from skills.delivery.fsck import check_consistency
from skills.lib import blobs
from skills.management import backups, instance_keys
from skills.management.postgres_tools import load


class Command(BaseCommand):
    help = "Restore BACKUP (from `backup`) into an empty database, then verify every digest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="The private key that opens a sealed backup."
        )

    def handle(self, *_args: object, **options: Any) -> None:
        path: Path = options["backup"]
        if not path.is_file() and not (path / backups.DUMP).is_file():
            raise CommandError(f"{path} is not a backup: {backups.DUMP} is missing.")
        if "skills_account" in connection.introspection.table_names():
            raise CommandError("The database is not empty; restore into a new DATA_DIR or database.")
        backup = backups.Backup(path, backups.identities_of(options["identity"]))
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            dump = Path(folder) / backups.DUMP
            facts, keys = _unpack(backup, dump)
            if not dump.exists():
                raise CommandError(f"{path} is not a backup: {backups.DUMP} is missing.")
            self.stdout.write("Loading the database …")
            load(dump)
        for name, data in keys.items():
            self.stdout.write(instance_keys.put_back(name, data))
        if "secret_key" in keys and not instance_keys.is_in_environment():
            # What is checked below is what the next start will read.
            settings.SECRET_KEY = keys["secret_key"].decode()
        self._check(facts)

    def _check(self, facts: backups.BackupFacts | None) -> None:
        report = check_consistency()
        problems = [*report.faults]
        if facts and (ours := instance_keys.fingerprint(settings.SECRET_KEY)) != facts.key_fingerprint:
            self.stdout.write(
                f"SECRET_KEY is another one than that of the backup (fingerprints {ours} here, "
                f"{facts.key_fingerprint} there)."
            )
        if names := instance_keys.unreadable_providers():
            problems.append(
                f"The keys of these providers cannot be read under this SECRET_KEY: {', '.join(names)}. "
                f"Put the old one into {instance_keys.secret_key_file()} or the environment and start again, "
                "or enter the keys anew."
            )
        if problems:
            raise CommandError("\n  ".join(["Restored, but not everything is right:", *problems]))
        self.stdout.write(f"Restored {report.versions} versions; every digest is right.")


def _unpack(backup: backups.Backup, dump: Path) -> tuple[backups.BackupFacts | None, dict[str, bytes]]:
    """Put the blobs into the store and the dump at DUMP; returns what else there is."""
    facts, keys = None, {}
    for name, content in tqdm(backup.entries(), unit="entry", disable=None):
        if name == backups.DUMP:
            with dump.open("wb") as file:
                shutil.copyfileobj(content, file)
        elif name == backups.FACTS:
            facts = backups.BackupFacts.from_bytes(content.read())
        elif name.startswith(backups.KEYS):
            keys[name.removeprefix(backups.KEYS)] = content.read()
        elif digest := backups.digest_of(name):
            data = content.read()
            # Wrong ones are left out here and named by the check at the end.
            if blobs.sha256(data) == digest:
                blobs.store().put(digest, data)
        else:
            raise CommandError(f"The backup holds {name[:80]!r}, which is nothing of ours.")
    return facts, keys
