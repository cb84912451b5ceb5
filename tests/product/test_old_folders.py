"""A data folder of an earlier release: open to everybody, its database run by an account of many programs."""

import os
import pwd
import stat
import subprocess
import sys

import pytest

from skillhub.embedded.paths import places
from tests.product.conftest import ROOT, discard, new_product

pytestmark = [
    pytest.mark.product,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root lends PostgreSQL to another account"),
]


@pytest.fixture
def fresh():
    made = new_product(DEMO="0")
    yield made
    discard(made)


def with_services(product, code: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "with-services", sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=product.env(), capture_output=True, text=True, check=False, timeout=120
    )


def test_it_starts_as_before_and_is_closed(fresh):
    with_services(fresh, "print('made')")
    place, nobody = places(fresh.data), pwd.getpwnam("nobody")
    for folder in (place.postgres, place.run):
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    os.chown(place.data, 0, 0)
    for path in (place.data, place.data / "valkey", place.data / "valkey" / "appendonlydir"):
        path.chmod(0o755)
    (place.base / "pg_hba.conf").unlink()

    done = with_services(
        fresh,
        "import os, psycopg;"
        "database = psycopg.connect(os.environ['DATABASE_URL'], user='skillhub');"
        "print(database.execute('select auth_method from pg_hba_file_rules').fetchall())",
    )

    assert (done.returncode, done.stdout.strip()) == (0, "[('peer',)]"), done.stderr
    assert (place.postgres / "PG_VERSION").stat().st_uid == place.owner.uid
    assert stat.S_IMODE((place.data / "valkey").stat().st_mode) == 0o700
