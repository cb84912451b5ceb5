"""Writes a backup: the database first, then the blobs, so that every row has its bytes."""

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from skills.catalog.models import State, Version
from skills.delivery import faults
from skills.lib import blobs
from skills.lib.clock import now
from skills.management import backups, instance_keys
from skills.management.postgres_tools import dump
from skills.management.retention import RetentionPolicy, prune


class Command(BaseCommand):
    help = (
        "Write database and blobs to FOLDER, which must not exist, or to a new one of many --into a folder. "
        "Safe while SkillHub runs. What cannot be read is listed, and the exit status is 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?")
        parser.add_argument("--into", type=Path, metavar="PARENT", help="Name it by the time, in PARENT.")
        parser.add_argument(
            "--encrypt-to",
            action="append",
            default=[],
            metavar="KEY",
            help="Seal it to this public key of age or SSH, as one .age file; may be repeated.",
        )
        parser.add_argument(
            "--with-keys", action="store_true", help="Put SECRET_KEY and the signing keys in as well."
        )
        for name, what in (("daily", "days"), ("weekly", "weeks"), ("monthly", "months")):
            parser.add_argument(
                f"--{name}",
                type=int,
                default=0,
                metavar="N",
                help=f"With --into: afterwards keep the newest backup of each of the last N {what}.",
            )

    def handle(self, *_args: object, **options: Any) -> None:
        target = _target(options["folder"], options["into"], is_sealed=bool(options["encrypt_to"]))
        recipients = backups.recipients_of(options["encrypt_to"])
        with backups.writer(target, recipients) as writer:
            facts = self._write(writer, with_keys=options["with_keys"])
        if recipients:
            target.with_name(f"{target.name}.json").write_bytes(facts.as_bytes())
        self.stdout.write(f"Wrote {facts.blobs} blobs and the database to {target}.")
        self._tell_keys(facts)
        policy = RetentionPolicy(*(options[name] for name in ("daily", "weekly", "monthly")))
        if options["into"] and policy != RetentionPolicy(0, 0, 0):
            for path in prune(options["into"], policy):
                self.stdout.write(f"Deleted {path.name}.")
        if not facts.is_whole:
            lines = [f"The backup lacks the bytes of {len(facts.faults)} versions; all else is in it:"]
            raise CommandError("\n  ".join([*lines, *facts.faults]))

    def _write(self, writer: backups.BackupWriter, *, with_keys: bool) -> backups.BackupFacts:
        made_at = now()
        before = _versions()
        self.stdout.write("Dumping the database …")
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        # A folder that nobody else can read, and not beside the target: that may be a disk of others'.
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            path = Path(folder) / backups.DUMP
            dump(path)
            writer.add_file(backups.DUMP, path)
        # Those of before as well: what was removed since is in the dump, and its bytes are not collected yet.
        versions = _versions() | before
        found = self._write_blobs(writer, versions)
        faults.note({digest: fault for digest, fault in found.items() if fault})
        if with_keys:
            for name, data in instance_keys.key_files():
                writer.add(f"{backups.KEYS}{name}", data)
        facts = backups.BackupFacts(
            made_at=made_at.isoformat(),
            versions=sum(map(len, versions.values())),
            blobs=sum(fault is None for fault in found.values()),
            faults=_lines(versions, found),
            has_keys=with_keys,
            key_fingerprint=instance_keys.fingerprint(settings.SECRET_KEY),
        )
        writer.add(backups.FACTS, facts.as_bytes())
        return facts

    def _write_blobs(
        self, writer: backups.BackupWriter, versions: dict[str, list[str]]
    ) -> dict[str, blobs.BlobFaultKind | None]:
        """Write the bytes of every digest; returns what was wrong with each."""
        found: dict[str, blobs.BlobFaultKind | None] = {}
        for digest in tqdm(sorted(versions), unit="blob", disable=None):
            try:
                data = blobs.read_whole(blobs.store(), digest)
            except blobs.BlobFault as fault:
                found[digest] = fault.kind
            else:
                found[digest] = None
                writer.add(backups.blob_entry(digest), data)
        return found

    def _tell_keys(self, facts: backups.BackupFacts) -> None:
        if facts.has_keys:
            self.stdout.write("The keys are in it: who opens the backup can read the keys of providers.")
            return
        place = "the environment" if instance_keys.is_in_environment() else instance_keys.secret_key_file()
        self.stdout.write(
            f"SECRET_KEY (from {place}; fingerprint {facts.key_fingerprint}) and the signing keys are not in "
            "it: keep them elsewhere, or use --with-keys. Without SECRET_KEY the keys of providers cannot be "
            "read again."
        )


def _target(folder: Path | None, parent: Path | None, *, is_sealed: bool) -> Path:
    if (folder is None) == (parent is None):
        raise CommandError("Name a new folder, or a parent with --into.")
    suffix = backups.SEALED if is_sealed else ""
    if parent is not None:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = parent / backups.name_of(now())
    assert folder is not None
    target = folder.with_name(folder.name.removesuffix(suffix) + suffix)
    if target.exists():
        raise CommandError(f"{target} exists; choose a new folder.")
    return target


def _lines(versions: dict[str, list[str]], found: dict[str, blobs.BlobFaultKind | None]) -> list[str]:
    return [f"{name}: {fault}" for digest, fault in found.items() if fault for name in versions[digest]]


def _versions() -> dict[str, list[str]]:
    """The names of the versions that need each digest."""
    names: dict[str, list[str]] = defaultdict(list)
    rows = Version.objects.exclude(state=State.REMOVED).select_related("skill__team")
    for version in rows.order_by("pk").iterator():
        names[version.blob].append(str(version))
    return names
