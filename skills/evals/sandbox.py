"""Runs a stranger's script away from everything: no network, no environment, a system to read only.

bubblewrap contains it (namespaces, an unprivileged user, a private /tmp), limits of the kernel bound memory,
processor time, files and processes, and a watcher ends what writes too much or takes too long. Docker does
the same where SANDBOX=docker. Without either, cases that need tools are not run.
"""

import contextlib
import errno
import os
import resource
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from skills.evals import sandbox_commands
from skills.evals.sandbox_commands import DISK, FILE_SIZE, MEMORY, PROCESSES

_FIRST_USER, _USERS = 200_000, 1_000_000  # users outside, where we are root: none of them exists
_OUTPUT = 200_000  # characters of what a command printed
_BYTES_A_CHARACTER = 4  # at most, in UTF-8
_CPU_SECONDS, _OPEN_FILES = 60, 256
_MOST_FILES, _MOST_FILE_BYTES = 200, 1_000_000  # of what a script wrote and a grade may look at
_NO_COMMAND = 126  # the status with which a shell says that something cannot be run
_PROGRAMS = {"bwrap": "bwrap", "docker": "docker"}  # kind → the program it needs
_IMAGE = "python:3.12-slim"


@dataclass(frozen=True)
class CommandResult:
    """How a command ended. `problem` says why it was stopped, "" when it ended by itself."""

    status: int
    output: str
    problem: str = ""

    @property
    def succeeded(self) -> bool:
        return self.status == 0 and not self.problem


@cache
def why_unavailable(kind: str) -> str:
    """The reason that the sandbox KIND does not work on this machine; "" when it does."""
    if kind == "none":
        return "The sandbox is switched off (SANDBOX=none)."
    program = _PROGRAMS.get(kind)
    if program is None:
        return f"SANDBOX is bwrap, docker or none, not {kind!r}."
    if not shutil.which(program):
        return f"{program} is not installed; install bubblewrap, or set SANDBOX=docker."
    with Sandbox({}, {}, kind=kind) as sandbox:
        result = sandbox.run(["true"], seconds=30)
    return "" if result.status == 0 else f"{program} does not work here: {result.output[:200]}"


class Sandbox:
    """The folders of one trial: /work, where a command starts and may write, and /skill, to read only."""

    def __init__(
        self, work: Mapping[str, bytes], skill: Mapping[str, bytes], *, kind: str = "bwrap", image: str = ""
    ) -> None:
        self.kind, self.image = kind, image or _IMAGE
        # A user of its own for each sandbox: the kernel counts processes by user, across sandboxes.
        self.user = _FIRST_USER + secrets.randbelow(_USERS) if os.geteuid() == 0 else os.geteuid()
        self._root = Path(tempfile.mkdtemp(prefix="sandbox-"))
        self.work, self.skill = self._root / "work", self._root / "skill"
        for folder, files in ((self.work, work), (self.skill, skill)):
            folder.mkdir()
            for path, data in files.items():
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        self._open_to_its_user()

    def _open_to_its_user(self) -> None:
        """Let the unprivileged user write to /work and read /skill."""
        for path in (self._root, *self._root.rglob("*")):
            path.chmod(0o755)  # the user inside is another one
            if os.geteuid() == 0 and not path.is_relative_to(self.skill):
                os.chown(path, self.user, self.user)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete the folders."""
        shutil.rmtree(self._root, ignore_errors=True)

    def run(self, command: list[str], *, stdin: bytes = b"", seconds: float = 30) -> CommandResult:
        """Run COMMAND in /work; returns when it and everything it started are gone."""
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as input_:
            input_.write(stdin)
            input_.seek(0)
            try:
                process = self._started(command, stdin=input_.fileno(), stdout=output.fileno())
            # What a model asks for may be no command: one with a NUL, or longer than the system takes.
            except ValueError as error:
                return CommandResult(_NO_COMMAND, "", f"not a command: {error}")
            except OSError as error:
                if error.errno != errno.E2BIG:
                    raise
                return CommandResult(_NO_COMMAND, "", "the command is too long")
            problem = self._watch(process, output.fileno(), seconds)
            output.seek(0)
            text = output.read(_BYTES_A_CHARACTER * _OUTPUT).decode("utf-8", "replace")[:_OUTPUT]
        return CommandResult(process.returncode, text, problem)

    def _started(self, command: list[str], *, stdin: int, stdout: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._contained(command),
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a group of its own, so that `_watch` can end all of it
            # Never ours: it holds the keys of providers and of the database.
            env={"PATH": "/usr/bin:/bin:/usr/local/bin"},
            close_fds=True,
            preexec_fn=self._kernel_limits() if self.kind == "bwrap" else None,
            **self._unprivileged(),
        )

    def _contained(self, command: list[str]) -> list[str]:
        if self.kind == "docker":
            return sandbox_commands.docker(command, work=self.work, skill=self.skill, image=self.image)
        return sandbox_commands.bubblewrap(command, work=self.work, skill=self.skill)

    def _unprivileged(self) -> dict[str, Any]:
        """Popen's options that drop root. Docker drops it itself, and needs the rights of its caller."""
        if os.geteuid() != 0 or self.kind != "bwrap":
            return {}
        return {"user": self.user, "group": self.user, "extra_groups": []}

    def _kernel_limits(self) -> Callable[[], None]:
        """Sets limits of the kernel between fork and exec; everything inside inherits them."""
        # Where we are not root the user inside is ourselves, so what runs already counts too.
        processes = PROCESSES + (_processes(self.user) if os.geteuid() else 0)
        limits = (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, FILE_SIZE),
            (resource.RLIMIT_NPROC, processes),
            (resource.RLIMIT_CPU, _CPU_SECONDS),
            (resource.RLIMIT_NOFILE, _OPEN_FILES),
            (resource.RLIMIT_CORE, 0),
        )

        def set_limits() -> None:
            for which, most in limits:
                resource.setrlimit(which, (most, most))

        return set_limits

    def _watch(self, process: "subprocess.Popen[bytes]", output: int, seconds: float) -> str:
        """Wait for the end; stop what takes too long or writes too much. "" when it ended by itself."""
        until, pause = time.monotonic() + seconds, 0.01
        problem = ""
        while process.poll() is None and not problem:
            time.sleep(pause)
            pause = min(pause * 1.5, 0.1)
            if time.monotonic() > until:
                problem = f"stopped after {seconds:g} seconds"
            elif self._written() + os.fstat(output).st_size > DISK:
                problem = f"stopped: it wrote more than {DISK >> 20} MB"
        if problem:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return problem

    def _paths(self) -> Iterator[Path]:
        """What lies in /work."""
        for folder, _, names in os.walk(self.work):
            for name in sorted(names):
                yield Path(folder) / name

    def _written(self) -> int:
        """Bytes on disk in /work; a sparse file counts for what it takes, in blocks of 512 bytes."""
        total = 0
        for path in self._paths():
            with contextlib.suppress(OSError):  # a script may delete what was just listed
                total += path.lstat().st_blocks * 512
        return total

    def files(self) -> dict[str, bytes]:
        """The plain files in /work, of bounded number and size; links are never followed."""
        files: dict[str, bytes] = {}
        for path in self._paths():
            # A link could point at a file of the host, which we, outside, could read.
            if path.is_symlink() or not path.is_file() or len(files) >= _MOST_FILES:
                continue
            # Where the user inside is ourselves, a script may have closed its file to us.
            with contextlib.suppress(PermissionError), path.open("rb") as file:
                files[str(path.relative_to(self.work))] = file.read(_MOST_FILE_BYTES)
        return files


def _processes(user: int) -> int:
    """How many processes and threads a user has now: the kernel counts both against its limit."""
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):  # it may have ended since
                if entry.stat().st_uid == user:
                    count += len(list(Path("/proc", entry.name, "task").iterdir()))
    return count
