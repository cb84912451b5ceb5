"""Writes a backup folder: the database first, then the blobs, so that every row has its bytes."""

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from skills.catalog.models import State, Version
from skills.lib import blobs
from skills.management.postgres_tools import dump


class Command(BaseCommand):
    help = "Write database and blobs to FOLDER, which must not exist. Safe while SkillHub runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: object, **options: Any) -> None:
        folder: Path = options["folder"]
        if folder.exists():
            raise CommandError(f"{folder} exists; choose a new folder.")
        draft = folder.with_name(f"{folder.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        (draft / "blobs").mkdir(parents=True)
        kept = Version.objects.exclude(state=State.REMOVED).order_by("digest")
        self.stdout.write("Dumping the database …")
        dump(draft / "database.dump")
        digests = sorted(set(kept.values_list("digest", flat=True)))
        target = blobs.LocalBlobs(draft / "blobs")
        for digest in tqdm(digests, unit="blob", disable=None):
            name = digest.removeprefix("sha256:")
            target.put(name, blobs.store().read(name))
        draft.rename(folder)
        self.stdout.write(f"Wrote {len(digests)} blobs and the database to {folder}.")
