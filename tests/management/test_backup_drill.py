"""A backup, damaged and sealed ones too, brought back on a fresh place by a plain owner of its database."""

import json
import os
import subprocess
import sys

import psycopg
import pyrage
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from skillhub.embedded.database_role import SUPERUSER
from skills.delivery.fsck import check_consistency
from skills.delivery.models import DamagedBlob
from skills.flows import access
from skills.lib import blobs
from skills.management.backups import Backup, facts_beside, identities_of
from skills.portfolio.models import Provider
from skills.portfolio.provider_keys import encrypt_key
from tests.factories import a_person, actor, an_approved, files
from tests.product.conftest import ROOT

CONTENT = {**files(), "assets/a.bin": bytes(range(256)) * 400}
CHECK = """
import json, django
django.setup()
from django.core.management import call_command
from skills.catalog.models import Version
from skills.delivery.content import zip_of
from skills.lib.blobs import sha256
from skills.portfolio.models import Provider
from skills.portfolio.provider_keys import decrypt_key
call_command("verify_audit")
call_command("fsck")
digests = {str(v): "sha256:" + sha256(zip_of(v)) for v in Version.objects.exclude(state="removed")}
print(json.dumps({"digests": digests, "key": decrypt_key(Provider.objects.get().secret)}))
"""


@pytest.fixture
def boss(transactional_db):
    return a_person("boss", staff=True)


@pytest.fixture
def version(boss, owner, mate, team):
    return an_approved(owner, mate, team, wanted="public", content=CONTENT)


@pytest.fixture
def identity(tmp_path):
    made = pyrage.x25519.Identity.generate()
    file = tmp_path / "identity.txt"
    file.write_text(f"# made for a test\n{made}\n")
    return str(made.to_public()), file


@pytest.fixture
def fresh(tmp_path, settings, transactional_db):
    """The environment of an instance without data, whose database belongs to a role that may do little."""
    parameters = connection.get_connection_params()
    place = {name: parameters[name] for name in ("host", "port") if parameters.get(name)} | {
        "user": SUPERUSER
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **place) as server:
        server.execute("drop database if exists drill")
        server.execute("drop role if exists drill")
        server.execute("create role drill")
        server.execute("create database drill owner drill")
    # What only a superuser may do, and an operator does once.
    with psycopg.connect(dbname="drill", autocommit=True, **place) as database:
        database.execute("create extension if not exists vector")
    without = ("SECRET_KEY", "PYTEST_CURRENT_TEST")
    port = place.get("port", 5432)
    yield {
        **{key: value for key, value in os.environ.items() if key not in without},
        "DATA_DIR": str(tmp_path / "fresh"),
        "DATABASE_URL": f"host={place['host']} user={place['user']} port={port} dbname=drill",
        # The embedded server lets nobody else in; the role's rights are what counts.
        "PGOPTIONS": "-c role=drill",
        "DJANGO_SETTINGS_MODULE": "skillhub.settings",
        "PYTHONPATH": str(ROOT),
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **place) as server:
        server.execute("drop database drill with (force)")
        server.execute("drop role drill")


def run(environment, arguments: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def damage(version) -> None:
    path = blobs.store().path(version.blob)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def test_a_sealed_backup_with_its_keys_comes_back_on_a_fresh_place(
    version, boss, owner, mate, team, tmp_path, identity, fresh
):
    recipient, file = identity
    gone = an_approved(owner, mate, team, "gone")
    access.remove(actor=actor(boss), version_id=gone.pk, reason="x")
    Provider.objects.create(name="paid", kind="openai", secret=encrypt_key("sk-very-secret"))
    target = tmp_path / "backups" / "monday"
    target.parent.mkdir()

    call_command("backup", target, encrypt_to=[recipient], with_keys=True)

    sealed = target.with_name("monday.age")
    assert b"skillhub" not in sealed.read_bytes()[200:]
    wrong = run(fresh, ["manage.py", "restore", str(sealed)])
    assert (wrong.returncode, "cannot be read" in wrong.stderr) == (1, True)
    restored = run(fresh, ["manage.py", "restore", str(sealed), "--identity", str(file)])
    assert restored.returncode == 0, restored.stdout + restored.stderr
    checked = run(fresh, ["-c", CHECK])
    assert checked.returncode == 0, checked.stdout + checked.stderr
    found = json.loads(checked.stdout.splitlines()[-1])
    assert found == {"digests": {str(version): version.digest}, "key": "sk-very-secret"}


def test_a_backup_without_the_keys_says_so_when_it_is_made_and_when_it_is_restored(
    version, tmp_path, fresh, capsys
):
    Provider.objects.create(name="paid", kind="openai", secret=encrypt_key("sk-very-secret"))

    call_command("backup", tmp_path / "plain")

    said = " ".join(capsys.readouterr().out.split())
    assert "are not in it: keep them elsewhere, or use --with-keys" in said
    restored = run(fresh, ["manage.py", "restore", str(tmp_path / "plain")])
    assert restored.returncode == 1
    assert "SECRET_KEY is another one" in restored.stdout
    assert "cannot be read under this SECRET_KEY: paid" in restored.stderr


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_a_backup_of_damaged_data_goes_on_and_says_what_it_lacks(harm, version, owner, mate, team, tmp_path):
    other = an_approved(owner, mate, team, "other")
    if harm == "missing":
        blobs.store().delete(version.blob)
    else:
        damage(version)

    with pytest.raises(CommandError, match=rf"lacks the bytes of 1 versions[^\n]*\n  .*1\.0\.0: {harm}"):
        call_command("backup", tmp_path / "b")

    facts = facts_beside(tmp_path / "b")
    assert (facts.is_whole, facts.blobs, facts.faults) == (False, 1, [f"{version}: {harm}"])
    assert [digest for digest, _ in Backup(tmp_path / "b").right_bytes({other.blob, version.blob})] == [
        other.blob
    ]
    assert DamagedBlob.objects.get().kind == harm


@pytest.mark.parametrize("is_sealed", [False, True], ids=["folder", "sealed"])
def test_everything_is_healed_from_a_backup(is_sealed, boss, owner, mate, team, tmp_path, identity, capsys):
    recipient, file = identity
    versions = [an_approved(owner, mate, team, f"skill-{number}") for number in range(6)]
    call_command("backup", tmp_path / "b", encrypt_to=[recipient] if is_sealed else [])
    for number, version in enumerate(versions):
        if number % 2:
            damage(version)
        else:
            blobs.store().delete(version.blob)
    assert len(check_consistency().faults) == 6

    place = tmp_path / ("b.age" if is_sealed else "b")
    call_command("fsck", heal_from=place, identity=file if is_sealed else None)

    out = capsys.readouterr().out
    assert out.count("mended") == 6
    assert "Every digest is right." in out
    assert not DamagedBlob.objects.exists()


def test_a_damaged_backup_heals_nothing_and_is_not_believed(version, tmp_path):
    call_command("backup", tmp_path / "b")
    copy = tmp_path / "b" / "blobs" / version.blob[:2] / version.blob[2:]
    copy.write_bytes(b"something else")
    blobs.store().delete(version.blob)

    with pytest.raises(CommandError, match="missing"):
        call_command("fsck", heal_from=tmp_path / "b")


def test_nothing_of_a_backup_is_open_to_others(version, tmp_path):
    call_command("backup", tmp_path / "b", with_keys=True)

    paths = [tmp_path / "b", *(tmp_path / "b").rglob("*")]

    assert [path for path in paths if path.stat().st_mode & 0o077] == []


def test_a_key_that_is_none_is_refused_before_anything_is_written(version, tmp_path):
    with pytest.raises(CommandError, match="is no public key"):
        call_command("backup", tmp_path / "b", encrypt_to=["age1nonsense"])

    assert not (tmp_path / "b").exists()
    (tmp_path / "id").write_bytes(b"\xff")
    with pytest.raises(CommandError, match="holds no private key"):
        identities_of(tmp_path / "id")


def test_what_a_killed_backup_left_is_in_nobodys_way(version, tmp_path):
    (tmp_path / "b.draft").mkdir()
    (tmp_path / "b.draft" / "x").write_text("half")

    call_command("backup", tmp_path / "b")

    names = sorted(path.name for path in (tmp_path / "b").iterdir())
    assert names == ["backup.json", "blobs", "database.dump"]
