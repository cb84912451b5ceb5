"""Starts the PostgreSQL of the wheel on a unix socket and stops it with its parent."""

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

from skillhub.embedded.paths import Places, own_folder, programs_dir

START_LIMIT = 60.0  # seconds
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

    def _as_user(self) -> Identity:
        user = self.places.user
        if user is None:
            return {}
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def _program(self, name: str, *, options: Sequence[str | Path]) -> None:
        assert self.programs is not None
        command = [str(self.programs / name), *map(str, options)]
        ended = subprocess.run(
            command, capture_output=True, text=True, cwd="/", check=False, **self._as_user()
        )
        if ended.returncode:
            raise SystemExit(f"{name} failed: {ended.stderr.strip() or ended.stdout.strip()}")

    def _create_cluster(self) -> None:
        draft = self.places.postgres.with_name("postgres.draft")
        shutil.rmtree(draft, ignore_errors=True)
        own_folder(draft, 0o700, self.places.user)
        options: list[str | Path] = [
            *("-D", draft),
            *("-U", "skillhub"),
            # The socket lies in a folder of ours alone, and no port is open: whoever reaches it is us.
            "--auth=trust",
            "--encoding=UTF8",
            # PostgreSQL's own C.UTF-8 sorts the same on every machine, so that a data folder can move.
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            # A cluster that a crash tears is made again: it counts only once it has been renamed.
            "--no-sync",
        ]
        self._program("initdb", options=options)
        draft.rename(self.places.postgres)

    def _clear_stale(self) -> None:
        """Stop a server a dead supervisor left behind; forget a pid that is somebody else's."""
        pid_file = self.places.postgres / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split()[0])
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            command = ""
        # Numbers of processes are given again: after a restart of the machine the pid may be anybody's.
        if str(self.places.postgres) in command:
            self._program("pg_ctl", options=["-D", self.places.postgres, "-m", "fast", "-w", "stop"])
        elif pid_file.exists():
            pid_file.unlink()

    def start(self) -> None:
        base = self.places.postgres.parent
        base.mkdir(parents=True, exist_ok=True)
        if self.places.user and base != self.places.data:
            base.chmod(0o711)
        self.programs = programs_dir(base, self.places.user)
        own_folder(self.places.run, 0o700, self.places.user)
        if not (self.places.postgres / "PG_VERSION").exists():
            self._create_cluster()
        self._clear_stale()
        started = time.monotonic()
        # Children of a server that was killed hold the shared memory a little longer, and PostgreSQL refuses
        # to start beside them.
        while not self._spawn():
            if time.monotonic() - started > OLD_CHILDREN_LIMIT:
                raise SystemExit(f"PostgreSQL did not start; see {self.log}")
            time.sleep(0.5)
        self._create_database()

    @property
    def log(self) -> Path:
        return self.places.postgres.parent / "postgres.log"

    def _spawn(self) -> bool:
        assert self.programs is not None
        options: list[str] = []
        for setting in (
            "shared_buffers=256MB",
            "max_connections=100",
            "unix_socket_permissions=0700",
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
                **self._as_user(),
            )
        import psycopg  # while the server starts

        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                psycopg.connect(self._url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return True
        return False

    def _url(self, database: str) -> str:
        return self.places.database_url.replace("dbname=skillhub", f"dbname={database}")

    def _create_database(self) -> None:
        import psycopg

        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            existing = connection.execute("select 1 from pg_database where datname = 'skillhub'")
            if not existing.fetchone():
                connection.execute("create database skillhub")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            # SIGINT is a fast shutdown: SIGTERM would wait for clients, who may never leave.
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)


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
