"""Upgrades: old data is read and kept before it is changed; what is too new is refused."""

import gzip
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from skills.management import postgres_tools, upgrade
from tests.management.databases import an_empty_database

ROOT = Path(__file__).resolve().parents[2]
FIRST_DATA = Path(__file__).with_name("first_data")
INITIAL = {("skills", "0001_initial")}
EARLY = {("skills", f"{number:04}_x") for number in range(1, 10)}
# What runs in a process of its own, on a database of its own.
READ_EVERYTHING = """
import json, django
django.setup()
from django.core.management import call_command
from django.test import Client
from skills.catalog.models import Skill, Version
from skills.people.models import Account

call_command("migrate", verbosity=0)
call_command("fsck")
call_command("verify_audit")
client = Client()
client.force_login(Account.objects.get(username="admin"))
pages = ["/", "/review/", "/audit/", "/models/", "/budgets/", "/account/tokens/", "/operations/"]
for skill in Skill.objects.all():
    home = f"/@{skill.team.handle}/{skill.name}/"
    pages += [home, f"{home}versions/", f"{home}files/"]
answers = {page: client.get(page).status_code for page in pages}
print(json.dumps({
    "skills": Skill.objects.count(), "versions": Version.objects.count(),
    "failed": {page: status for page, status in answers.items() if status >= 500},
    "opened": sum(status == 200 for status in answers.values()),
}))
"""


@pytest.fixture
def first_release(tmp_path):
    """The environment of a data folder and a database as the first release left them."""
    script = gzip.decompress((FIRST_DATA / "database.sql.gz").read_bytes()).decode()
    # Those of psql alone, and of a superuser, which `restore` leaves away too.
    others = ("\\restrict", "\\unrestrict", "COMMENT ON EXTENSION")
    lines = (line for line in script.splitlines() if not line.startswith(others))
    with zipfile.ZipFile(FIRST_DATA / "blobs.zip") as blobs:
        blobs.extractall(tmp_path / "data" / "blobs")
    with an_empty_database("first") as own:
        with psycopg.connect(own, autocommit=True) as database:
            database.execute("\n".join(lines))
        yield {
            **os.environ,
            "DATABASE_URL": own,
            "DATA_DIR": str(tmp_path / "data"),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "EMBED": "0",
        }


def test_the_data_of_the_first_release_is_upgraded_and_read(first_release):
    done = subprocess.run(
        [sys.executable, "-c", READ_EVERYTHING],
        cwd=ROOT,
        env=first_release,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert "Every digest is right." in done.stdout
    assert "The chain is whole." in done.stdout
    read = json.loads(done.stdout.splitlines()[-1])
    assert (read["versions"], read["failed"]) == (21, {})
    assert read["opened"] >= read["skills"]
    (kept,) = (Path(first_release["DATA_DIR"]) / "backups").iterdir()
    assert kept.read_bytes()[:5] == b"PGDMP"


def test_a_database_of_the_present_has_no_problem(db):
    assert upgrade.problem() == ""


def test_a_newer_schema_is_refused_in_words(db):
    MigrationRecorder(connection).record_applied("skills", "9999_from_the_future")

    with pytest.raises(CommandError, match=r"newer version of SkillHub.*skills\.9999_from_the_future"):
        call_command("migrate", verbosity=0)


def test_an_app_that_is_no_longer_installed_is_no_newer_schema(db):
    MigrationRecorder(connection).record_applied("an_app_of_before", "0001_initial")

    assert upgrade.problem() == ""


@pytest.mark.parametrize("count", range(1, 9))
def test_a_state_between_the_early_migrations_is_refused_in_words(count):
    applied = set(sorted(EARLY)[:count])

    text = upgrade.begun_early(applied, EARLY)

    assert f"{count + 1:04}_x was never applied" in text
    assert "7fee367" in text


@pytest.mark.parametrize("applied", [set(), EARLY, EARLY | INITIAL, INITIAL])
def test_none_or_all_of_the_early_migrations_are_fine(applied):
    assert upgrade.begun_early(applied, EARLY) == ""


def test_the_last_three_dumps_are_kept(db, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    for day in range(1, 6):
        (tmp_path / "backups").mkdir(exist_ok=True)
        (tmp_path / "backups" / f"before-migration-2020010{day}T000000.dump").write_bytes(b"old")
    (tmp_path / "backups" / "mine.dump").write_bytes(b"of the operator")

    kept = upgrade.dump_first()

    names = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert names == [
        "before-migration-20200104T000000.dump",
        "before-migration-20200105T000000.dump",
        kept.name,
        "mine.dump",
    ]


def test_where_nothing_can_be_dumped_nothing_is_migrated(db, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(postgres_tools, "_program", lambda _: "/bin/false")

    with pytest.raises(CommandError, match=r"not migrated.*--no-dump"):
        upgrade.dump_first()

    assert list((tmp_path / "backups").iterdir()) == []


def test_an_empty_database_needs_no_dump(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    MigrationRecorder(connection).migration_qs.filter(app="skills").delete()

    assert upgrade.dump_first() is None
    assert not (tmp_path / "backups").exists()
