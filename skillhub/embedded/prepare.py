"""What `up` does between the services and the web server: migrate, collect, fill; then welcome.

A mark beside the data says which code it was done for, so that an ordinary start skips it all
and the first page need not wait for this process to load Django.
"""

import hashlib
import os
from pathlib import Path

from skillhub import __version__, env

# Patterns of the files whose change makes a start prepare anew.
_WATCHED = ("static/**/*", "skillhub/**/*.py", "skills/**/*.py", "requirements.txt")


def _mark() -> Path:
    return env.data_dir() / "prepared"


def _state_of_code(*, demo: bool) -> str:
    """Changes when code, static files, requirements, the database or DEMO do."""
    files = sorted(path for pattern in _WATCHED for path in env.BASE_DIR.glob(pattern) if path.is_file())
    # Times and sizes, not contents: an ordinary start must not read every file first.
    facts = [f"{path}{path.stat().st_mtime_ns}{path.stat().st_size}" for path in files]
    facts += [__version__, str(demo), os.environ.get("DATABASE_URL", ""), env.text("STATIC_ROOT")]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def is_current(*, demo: bool) -> bool:
    mark = _mark()
    return mark.exists() and mark.read_text(encoding="utf-8") == _state_of_code(demo=demo)


def bring_up_to_date(*, demo: bool) -> None:
    """Migrate, collect static files, write the demo data of an empty instance."""
    _load()
    from django.core.management import CommandError, call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from skills.management import upgrade
    from skills.management.first_start import fill_if_empty, refuse_demo_logins

    if problem := upgrade.problem():
        raise SystemExit(problem)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Bringing the database up to date …", flush=True)
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except CommandError as error:
            raise SystemExit(str(error)) from error
    print("Collecting static files …", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    if demo:
        fill_if_empty()
    else:
        refuse_demo_logins()
    # Last: a preparation that failed on the way is done again.
    _mark().write_text(_state_of_code(demo=demo), encoding="utf-8")


def welcome(*, address: str) -> str:
    """The words to print once everything runs."""
    _load()
    from skills.management import first_start

    return first_start.welcome(address=address)


def _load() -> None:
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skillhub.settings")
    if not apps.ready:
        django.setup()
