"""Importing the corpus against hashing, zipping and inserting the same bytes without any check."""

import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from bench import corpus
from bench.report import Figure

ROUNDS = 5  # in turns; the median counts


def baseline(texts: list[bytes]) -> float:
    """Seconds to hash, zip and insert: one transaction and one fsync a skill, nothing checked."""
    from django.db import connection, transaction

    from skills.bundles.pack import pack

    folder = Path(tempfile.mkdtemp())
    with connection.cursor() as cursor:
        cursor.execute(
            "create table if not exists bench_bundle"
            " (id bigserial primary key, digest text, size int, head text)"
        )
    started = time.perf_counter()
    for text in texts:
        archive = pack({"SKILL.md": text})
        with (folder / archive.digest).open("wb") as file:
            file.write(archive.data)
            file.flush()
            os.fsync(file.fileno())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into bench_bundle (digest, size, head) values (%s, %s, %s)",
                [archive.digest, len(text), text[:500].decode(errors="ignore").replace("\0", "")],
            )
    return time.perf_counter() - started


def ours(path: Path) -> float:
    """Seconds to import PATH into a new team, with no bytes on disk yet that an earlier turn wrote."""
    from django.conf import settings

    from skills.management.importing import Importer, open_path
    from skills.people.actor import actor_for_session
    from tests.factories import a_person, a_team

    tag = hashlib.sha256(os.urandom(8)).hexdigest()[:8]
    owner = a_person(f"imp-{tag}")
    team = a_team(f"team-{tag}", admin=owner)
    by = actor_for_session(owner)
    shutil.rmtree(settings.BLOBS_DIR, ignore_errors=True)
    started = time.perf_counter()
    Importer(by, team).bring_in(*open_path(path))
    return time.perf_counter() - started


def peak(count: int) -> float:
    """Peak memory in MB of a process that imports COUNT skills."""
    code = f"import django; django.setup(); from bench.importing import import_some; import_some({count})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def import_some(count: int) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as part:
        part.writelines(islice(corpus.lines(), count))
        part.flush()
        ours(Path(part.name))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


def measure() -> list[Figure]:
    if corpus.is_missing("importing"):
        return []
    texts = corpus.texts()
    pairs = [(baseline(texts), ours(corpus.SKILLS)) for _ in range(ROUNDS)]
    bare, mine = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    small, large = peak(100), peak(len(texts))
    return [
        Figure(
            "importing the corpus, speed",
            bare / mine,
            least=0.25,
            note=f"{mine:.1f} s against {bare:.1f} s for {len(texts)} skills, scans not counted",
        ),
        Figure(
            "importing, peak memory at 1,421 through 100",
            large / small,
            most=1.2,
            note=f"{large:.0f} MB against {small:.0f} MB",
        ),
    ]
