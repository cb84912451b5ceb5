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
    from skills.bundles.validate import check_files
    from skills.catalog import uploads
    from skills.lib.errors import Refused
    from skills.management.importing import Importer, find
    from skills.people.actor import actor_for_session
    from skills.search import passages
    from tests.factories import a_person, a_team

    boss = a_person("shelf-owner", staff=True)
    teams: dict[str, Importer] = {}
    names: dict[int, str] = {}
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(map(json.dumps, rows)))
        file.flush()
        for found in find(Path(file.name)):
            owner = found.source.split("/")[0]
            if owner not in teams:  # a team for each owner, so that no name is taken
                team = a_team(f"owner-{len(teams)}", admin=boss)
                teams[owner] = Importer(actor_for_session(boss), team, approve=True, visibility="public")
            try:
                checked = check_files(found.files, uploads.limits(), found.slug)
                version = teams[owner].publish(found, checked)
            except Refused:
                continue
            names.setdefault(version.skill_id, found.source)
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
