"""The corpus as approved public skills with vectors, made once for all search benchmarks."""

import atexit
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def filled(rows: list[dict]) -> dict[int, str]:
    """Import and approve ROWS and embed them; returns `owner/slug` by skill id."""
    from skills.catalog.source_paths import SourcePath
    from skills.management.importing import Importer, open_path
    from skills.people.actor import actor_for_session
    from skills.search import passages
    from tests.factories import a_person, a_team

    boss = a_person("shelf-owner", staff=True)
    of_owner: dict[str, list[dict]] = {}
    for row in rows:
        of_owner.setdefault(row["owner"], []).append(row)
    for number, part in enumerate(of_owner.values()):  # a team for each owner, so that no name is taken
        team = a_team(f"owner-{number}", admin=boss)
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write("\n".join(map(json.dumps, part)))
            file.flush()
            importer = Importer(actor_for_session(boss), team, approve=True, visibility="public")
            importer.bring_in(*open_path(Path(file.name)))
    names = dict(SourcePath.objects.order_by("-pk").values_list("skill_id", "path"))
    embedder()
    started = time.perf_counter()
    passages.build()
    print(f"{len(names)} skills, vectors in {time.perf_counter() - started:.0f} s", flush=True)
    return names


def embedder() -> subprocess.Popen:
    """The embed process, ready to answer."""
    from django.conf import settings

    process = subprocess.Popen([sys.executable, "manage.py", "embed"])
    atexit.register(process.kill)
    while not Path(settings.EMBED_ADDRESS).exists():
        time.sleep(0.2)
    return process
