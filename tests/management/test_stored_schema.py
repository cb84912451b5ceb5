"""The stored schema makes the same database as the migrations, one after the other."""

import os
import subprocess
import sys
from pathlib import Path

from skills.management import stored_schema
from tests.management.databases import an_empty_database

ROOT = Path(__file__).resolve().parents[2]
MIGRATE_AND_DUMP = """
import sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from skills.management import stored_schema
stored_schema.STORED = Path(sys.argv[1])
call_command("migrate", *sys.argv[2:], verbosity=0)
print(stored_schema.current())
"""


def schema_from(stored: Path, *options: str) -> str:
    """What `migrate` makes of an empty database where the schema of that file is the stored one."""
    with an_empty_database("schema") as address:
        environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        done = subprocess.run(
            [sys.executable, "-c", MIGRATE_AND_DUMP, stored, *options],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_it_is_what_all_migrations_make(tmp_path):
    step_by_step, in_one_step = tmp_path / "steps.sql", tmp_path / "stored.sql"
    step_by_step.write_text(schema_from(stored_schema.STORED, "--every-step"))
    in_one_step.write_text(schema_from(stored_schema.STORED))

    # Each once more, because PostgreSQL words some constraints anew when it reads them.
    assert schema_from(in_one_step) == schema_from(step_by_step), "run `make freeze`: it stores the schema"


def test_a_database_that_it_does_not_fit_is_made_step_by_step(db, tmp_path, monkeypatch):
    misfit = tmp_path / "schema.sql"
    misfit.write_text("create table begun (id int); create table skills_file (id int);")
    monkeypatch.setattr(stored_schema, "STORED", misfit)

    assert stored_schema.load() is False
    assert not stored_schema.is_empty()
