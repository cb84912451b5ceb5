"""What `up` does between the services and the web server: migrate, collect, fill, welcome."""

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare(*, demo: bool, address: str) -> str:
    """Bring database and static files up to date; returns the text to print once it runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skillhub.settings")
    django.setup()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Bringing the database up to date …", flush=True)
        call_command("migrate", verbosity=1, interactive=False)
    collect_static()
    from skills.management.first_start import welcome

    return welcome(demo=demo, address=address)


def collect_static() -> None:
    """Collect static files when any of them changed since the last start."""
    mark = Path(settings.STATIC_ROOT) / ".fingerprint"
    sources = sorted(path for path in Path(settings.BASE_DIR, "static").rglob("*") if path.is_file())
    facts = "".join(f"{path}{path.stat().st_mtime_ns}{path.stat().st_size}" for path in sources)
    lock = Path(settings.BASE_DIR, "requirements.txt").read_text(encoding="utf-8")
    fingerprint = hashlib.sha256((facts + lock).encode()).hexdigest()
    if mark.exists() and mark.read_text(encoding="utf-8") == fingerprint:
        return
    print("Collecting static files …", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(fingerprint, encoding="utf-8")
