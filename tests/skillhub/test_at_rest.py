"""What lies on the disk is for us alone: folders, sockets, logs, and the database behind them."""

import contextlib
import os
import pwd
import stat
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from skillhub.embedded.database_role import OWNER, SUPERUSER
from skillhub.embedded.owner import Owner, clients, database_owner, hand_over, maker
from skillhub.embedded.paths import Places, close_folder, make_folder, places, reachable

FOREIGN = stat.S_IRWXG | stat.S_IRWXO
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another account")


@contextlib.contextmanager
def as_nobody():
    """This process with the rights of an account that has nothing to do with us."""
    nobody, groups = pwd.getpwnam("nobody"), os.getgroups()
    os.setgroups([])
    os.setegid(nobody.pw_gid)
    os.seteuid(nobody.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def what_may_be_read(folder: Path) -> list[Path]:
    return [Path(root, name) for root, folders, files in os.walk(folder) for name in (*folders, *files)]


def installation(data: Path) -> Places:
    return Places(data=data, base=data, run=data / "run", owner=database_owner(data))


def modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.rglob("*")
    }


@as_root
def test_another_account_reads_nothing_of_a_running_installation(db):
    data = settings.DATA_DIR

    assert any(name.match("valkey/appendonlydir/*") for name in what_may_be_read(data))
    with as_nobody():
        assert what_may_be_read(data) == []
        for place in ("secret_key", "valkey/valkey.log", "postgres/PG_VERSION", "postgres.log"):
            with pytest.raises(PermissionError):
                (data / place).open()
        with pytest.raises(PermissionError):
            (places().run / ".s.PGSQL.5432").stat()


@as_root
def test_the_database_runs_as_a_user_that_no_other_program_has():
    owner = places().owner

    assert (places().postgres / "PG_VERSION").stat().st_uid == owner.uid
    if "PG_USER" not in os.environ:
        assert not {owner.uid} & {
            account.pw_uid for account in pwd.getpwall() if account.pw_name != "skillhub"
        }


def test_the_database_asks_the_kernel_who_connects():
    with psycopg.connect(f"{places().database_server} user={SUPERUSER} dbname=postgres") as server:
        rules = server.execute("select type, auth_method, options from pg_hba_file_rules").fetchall()
        users = server.execute("select sys_name, pg_username from pg_ident_file_mappings").fetchall()

    assert rules == [("local", "peer", ["map=skillhub"])]
    assert users == [(name, role) for name in clients() for role in (SUPERUSER, OWNER)]
    assert {name for name, _ in users} <= {"root", pwd.getpwuid(os.geteuid()).pw_name}


def test_who_may_connect_is_written_where_the_server_cannot_write():
    for name in ("pg_hba.conf", "pg_ident.conf"):
        facts = (places().base / name).stat()

        assert facts.st_uid == os.geteuid()
        assert not facts.st_mode & (stat.S_IWGRP | stat.S_IRWXO)


def test_what_a_process_of_ours_writes_is_for_us_alone(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("x")

    assert modes(tmp_path) == {"folder": "0o700", "folder/file": "0o600"}


def test_an_open_folder_of_an_earlier_release_is_closed(tmp_path):
    data = tmp_path / "data"
    for name in ("blobs/ab/cd", "valkey/appendonlydir/a.aof", "beat", "postgres.log"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("x")
        (data / name).chmod(0o444)
    for folder in (data, *(path for path in data.rglob("*") if path.is_dir())):
        folder.chmod(0o755)

    close_folder(installation(data))

    assert not data.stat().st_mode & FOREIGN & ~stat.S_IXGRP
    assert [name for name, mode in modes(data).items() if int(mode, 8) & FOREIGN] == []
    assert (data / "blobs/ab/cd").stat().st_mode & stat.S_IRUSR


def test_closing_does_not_follow_a_link_out_of_the_folder(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("x")
    outside.chmod(0o644)
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    (data / "link").symlink_to(outside)

    close_folder(installation(data))

    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


def test_missing_folders_above_the_data_stay_open_to_walk_through(tmp_path):
    make_folder(tmp_path / "srv" / "hub" / "data")

    assert modes(tmp_path) == {"srv": "0o755", "srv/hub": "0o755", "srv/hub/data": "0o700"}


@as_root
def test_the_owner_of_the_database_walks_through_a_closed_folder_and_nobody_else(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    place = installation(data)

    close_folder(place)

    step = data.stat()
    assert (step.st_gid, stat.S_IMODE(step.st_mode)) == (place.owner.gid, 0o710)
    assert not step.st_mode & stat.S_IRGRP


@as_root
def test_a_database_of_nobody_is_handed_over_and_nothing_else(tmp_path):
    nobody, ours = pwd.getpwnam("nobody"), Owner(60_900, 60_900)
    cluster, secret = tmp_path / "postgres", tmp_path / "secret"
    (cluster / "base").mkdir(parents=True)
    (cluster / "base" / "1").write_text("rows")
    secret.write_text("root's")
    for path in (cluster, cluster / "base", cluster / "base" / "1"):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    os.link(secret, cluster / "hard")
    (cluster / "soft").symlink_to(secret)

    hand_over(cluster, ours)

    assert {path.stat().st_uid for path in (cluster, cluster / "base", cluster / "base" / "1")} == {ours.uid}
    assert secret.stat().st_uid == 0


@as_root
def test_root_does_not_take_the_database_of_another_account(tmp_path):
    data = tmp_path / "data"
    (data / "postgres").mkdir(parents=True)
    os.chown(data, 1234, 1234)

    with pytest.raises(SystemExit, match="belongs to another account"):
        close_folder(installation(data))


@as_root
def test_an_account_that_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_USER", "no-such-account")

    with pytest.raises(SystemExit, match="PG_USER is no-such-account"):
        database_owner(tmp_path)


@as_root
def test_a_chosen_account_is_taken_and_makes_its_own_database(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_USER", "nobody")
    nobody = pwd.getpwnam("nobody")

    owner = database_owner(tmp_path)

    assert owner == Owner(nobody.pw_uid, nobody.pw_gid) == maker(owner)
    assert not reachable(Path("/root"), owner)
