"""Starts the PostgreSQL of the wheel on a unix socket and stops it with its parent."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from skillhub.embedded.database_role import OWNER, SUPERUSER, prepare_database
from skillhub.embedded.owner import Owner, clients, hand_over, maker
from skillhub.embedded.paths import Places, own_folder, programs_dir

START_LIMIT = 60.0  # seconds
STOP_LIMIT = 60.0  # seconds a server of an earlier start may take to write its data down
OLD_CHILDREN_LIMIT = 15  # seconds a killed server's children may hold the shared memory
PARENT_DIED = 1  # PR_SET_PDEATHSIG in prctl(2)
# After a crash the server would fsync every file one by one; syncfs asks the file system once.
DURABLE = ("recovery_init_sync_method=syncfs",)
# For tests, whose data nobody misses after a crash.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Identity(TypedDict, total=False):
    """Arguments of subprocess.Popen: as whom the program runs; empty for ourselves."""

    user: int
    group: int
    extra_groups: list[int]


class Postgres:
    """One server process on `places.run`; `start` is safe after any kind of crash."""

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        self.places = places
        self.settings = DURABLE if durable else FAST
        self.process: subprocess.Popen[bytes] | None = None
        self.programs: Path | None = None

    def _create_cluster(self) -> None:
        draft = self.places.postgres.with_name("postgres.draft")
        shutil.rmtree(draft, ignore_errors=True)
        own_folder(draft, maker(self.places.owner))
        self._initdb(draft)
        if self.places.owner:
            hand_over(draft, self.places.owner)
        draft.rename(self.places.postgres)

    def _initdb(self, target: Path) -> None:
        assert self.programs is not None
        command = [
            str(self.programs / "initdb"),
            *("-D", str(target)),
            *("-U", SUPERUSER),
            "--auth=peer",
            "--encoding=UTF8",
            # PostgreSQL's own C.UTF-8 sorts the same on every machine, so that a data folder can move.
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            # A cluster that a crash tears is made again: it counts only once it has been renamed.
            "--no-sync",
        ]
        identity = _run_as(maker(self.places.owner))
        ended = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **identity)
        if ended.returncode:
            raise SystemExit(f"initdb failed: {ended.stderr.strip() or ended.stdout.strip()}")

    def _clear_stale(self) -> None:
        """Stop a server a dead supervisor left behind; forget a pid that is somebody else's."""
        pid_file = self.places.postgres / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split()[0])
        deadline = time.monotonic() + STOP_LIMIT
        # Numbers of processes are given again: after a restart of the machine the pid may be anybody's.
        while str(self.places.postgres) in _command_line(pid):
            if time.monotonic() > deadline:
                raise SystemExit(f"The PostgreSQL of an earlier start does not stop: process {pid}.")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.2)
        pid_file.unlink(missing_ok=True)

    def _write_access(self) -> None:
        """Who may connect, as files of ours that the server reads and cannot change.

        The socket lies in a folder of the database's owner, and no port is open; beyond that the kernel says
        whose process asks. Written at each start, so that a database of an earlier release is closed as well.
        """
        rules = {
            self._hba: f"local all {SUPERUSER},{OWNER} peer map=skillhub\n",
            self._ident: "".join(
                f'skillhub "{name}" {role}\n' for name in clients() for role in (SUPERUSER, OWNER)
            ),
        }
        for path, text in rules.items():
            draft = path.with_suffix(".draft")
            draft.write_text(text, encoding="utf-8")
            if self.places.owner:
                os.chown(draft, -1, self.places.owner.gid)
                draft.chmod(0o640)
            draft.rename(path)

    def start(self) -> None:
        owner = self.places.owner
        self.programs = programs_dir(self.places.base, owner)
        if (self.places.postgres / "PG_VERSION").exists():
            self._clear_stale()
            if owner:
                hand_over(self.places.postgres, owner)
        else:
            self._create_cluster()
        self._write_access()
        started = time.monotonic()
        # Children of a server that was killed hold the shared memory a little longer, and PostgreSQL refuses
        # to start beside them.
        while not self._spawn():
            if time.monotonic() - started > OLD_CHILDREN_LIMIT:
                raise SystemExit(f"PostgreSQL did not start; see {self.log}")
            time.sleep(0.5)
        prepare_database(self._server)

    @property
    def log(self) -> Path:
        return self.places.base / "postgres.log"

    @property
    def _hba(self) -> Path:
        return self.places.base / "pg_hba.conf"

    @property
    def _ident(self) -> Path:
        return self.places.base / "pg_ident.conf"

    def _spawn(self) -> bool:
        assert self.programs is not None
        options: list[str] = []
        for setting in (
            "shared_buffers=256MB",
            "max_connections=100",
            "unix_socket_permissions=0700",
            f"hba_file={self._hba}",
            f"ident_file={self._ident}",
            *self.settings,
        ):
            options += ["-c", setting]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(self.programs / "postgres"),
                    "-D",
                    str(self.places.postgres),
                    "-k",
                    str(self.places.run),
                    # No TCP at all: only the socket in our folder.
                    "-h",
                    "",
                    "-p",
                    "5432",
                    *options,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd="/",
                preexec_fn=stop_with_parent(signal.SIGINT),
                **_run_as(self.places.owner),
            )
        import psycopg  # while the server starts

        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                psycopg.connect(f"{self._server} dbname=postgres", connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return True
        return False

    @property
    def _server(self) -> str:
        return f"{self.places.database_server} user={SUPERUSER}"

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            # SIGINT is a fast shutdown: SIGTERM would wait for clients, who may never leave.
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)


def _run_as(owner: Owner | None) -> Identity:
    if owner is None:
        return {}
    return {"user": owner.uid, "group": owner.gid, "extra_groups": []}


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def stop_with_parent(number: int) -> Callable[[], None]:
    """A preexec function: leave the terminal's process group, and die with our parent (Linux)."""

    def prepare() -> None:
        # Ctrl-C goes to the whole group of the terminal. The supervisor hears it and stops its children in
        # order, so they must not hear it themselves.
        os.setpgrp()
        try:
            ctypes.CDLL(None).prctl(PARENT_DIED, number)
        except AttributeError:  # not Linux
            return

    return prepare
