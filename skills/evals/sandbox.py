"""Runs a stranger's script away from everything: no network, no environment, a system to read only.

bubblewrap makes the walls (namespaces, an unprivileged uid, a private /tmp), limits of the kernel bound
memory, processors, files and processes, and a watcher ends what writes too much or takes too long.
Docker does the same where SANDBOX=docker. Without either, cases that need tools are not run.
"""

import contextlib
import os
import resource
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

MEMORY, FILE_SIZE, PROCESSES, DISK = 1 << 30, 32 << 20, 64, 64 << 20  # bytes, bytes, count, bytes
NOBODY = 65534  # who it is inside
_FIRST_USER, _USERS = 200_000, 1_000_000  # who it is outside, where we are root
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64")
_OUTPUT = 200_000  # characters of what a command printed


@dataclass(frozen=True)
class Ended:
    """How a command ended. `problem` says why it was stopped, "" when it ended by itself."""

    status: int
    output: str
    problem: str = ""


@cache
def available(kind: str) -> str:
    """ "" when the sandbox KIND works here, else the reason it does not."""
    if kind == "none":
        return "The sandbox is switched off (SANDBOX=none)."
    program = {"bwrap": "bwrap", "docker": "docker"}.get(kind)
    if program is None:
        return f"SANDBOX is bwrap, docker or none, not {kind!r}."
    if not shutil.which(program):
        return f"{program} is not installed; install bubblewrap, or set SANDBOX=docker."
    with Box({}, {}, kind=kind) as box:
        ended = box.run(["true"], seconds=30)
    return "" if ended.status == 0 else f"{program} does not work here: {ended.output[:200]}"


class Box:
    """One sample's folder: /work, where it starts and may write, and /skill, to read only."""

    def __init__(
        self, work: Mapping[str, bytes], skill: Mapping[str, bytes], *, kind: str = "bwrap", image: str = ""
    ) -> None:
        self.kind, self.image = kind, image or "python:3.12-slim"
        # A user of its own for each box: the kernel counts processes by user, across boxes.
        self.user = _FIRST_USER + secrets.randbelow(_USERS) if os.geteuid() == 0 else os.geteuid()
        self._root = Path(tempfile.mkdtemp(prefix="sandbox-"))
        self.work, self.skill = self._root / "work", self._root / "skill"
        for folder, files in ((self.work, work), (self.skill, skill)):
            folder.mkdir()
            for path, data in files.items():
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        self._give_away()

    def _give_away(self) -> None:
        """Let the unprivileged user write to /work and read /skill."""
        self._root.chmod(0o755)
        for folder, _, names in os.walk(self._root):
            for path in (folder, *(os.path.join(folder, name) for name in names)):
                os.chmod(path, 0o755)  # noqa: S103 - the user inside is another one
                if os.geteuid() == 0 and not path.startswith(str(self.skill)):
                    os.chown(path, self.user, self.user)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._root, ignore_errors=True)

    def run(self, command: list[str], *, stdin: bytes = b"", seconds: float = 30) -> Ended:
        """Run COMMAND in /work; returns when it and everything it started are gone."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            drop = os.geteuid() == 0 and self.kind == "bwrap"
            nobody = {"user": self.user, "group": self.user, "extra_groups": []} if drop else {}
            process = subprocess.Popen(
                self._walls(command),
                stdin=given,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={"PATH": "/usr/bin:/bin:/usr/local/bin"},
                close_fds=True,
                preexec_fn=self._bounds() if self.kind == "bwrap" else None,
                **nobody,  # type: ignore[call-overload]
            )
            problem = self._watch(process, out.fileno(), seconds)
            out.seek(0)
            text = out.read(4 * _OUTPUT).decode("utf-8", "replace")[:_OUTPUT]
        return Ended(process.returncode, text, problem)

    def _bounds(self) -> Callable[[], None]:
        """Limits of the kernel, set between fork and exec; inherited by everything inside."""
        processes = PROCESSES + (_processes(self.user) if os.geteuid() else 0)
        limits = (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, FILE_SIZE),
            (resource.RLIMIT_NPROC, processes),
            (resource.RLIMIT_CPU, 60),
            (resource.RLIMIT_NOFILE, 256),
            (resource.RLIMIT_CORE, 0),
        )

        def bound() -> None:
            for which, most in limits:
                resource.setrlimit(which, (most, most))

        return bound

    def _watch(self, process: "subprocess.Popen[bytes]", out: int, seconds: float) -> str:
        """Wait for the end; stop what is too long or writes too much. "" when it ended by itself."""
        until, pause = time.monotonic() + seconds, 0.01
        problem = ""
        while process.poll() is None and not problem:
            time.sleep(pause)
            pause = min(pause * 1.5, 0.1)
            if time.monotonic() > until:
                problem = f"stopped after {seconds:g} seconds"
            elif self._written() + os.fstat(out).st_size > DISK:
                problem = f"stopped: it wrote more than {DISK >> 20} MB"
        if problem:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return problem

    def _written(self) -> int:
        total = 0
        for folder, _, names in os.walk(self.work):
            for name in names:
                with contextlib.suppress(OSError):
                    total += os.lstat(os.path.join(folder, name)).st_blocks * 512
        return total

    def files(self) -> dict[str, bytes]:
        """What lies in /work: plain files of bounded size, links never followed."""
        found: dict[str, bytes] = {}
        for folder, _, names in os.walk(self.work):
            for name in sorted(names):
                path = Path(folder) / name
                if path.is_symlink() or not path.is_file() or len(found) >= 200:
                    continue
                with path.open("rb") as file:
                    found[str(path.relative_to(self.work))] = file.read(1_000_000)
        return found

    def _walls(self, command: list[str]) -> list[str]:
        if self.kind == "docker":
            return [
                "docker",
                "run",
                "--rm",
                "-i",
                "--network",
                "none",
                "--read-only",
                "--tmpfs",
                "/tmp:size=64m",  # noqa: S108 - inside
                "--user",
                f"{NOBODY}:{NOBODY}",
                "--memory",
                str(MEMORY),
                "--pids-limit",
                str(PROCESSES),
                "--cap-drop",
                "ALL",
                "--security-opt",
                "no-new-privileges",
                "--workdir",
                "/work",
                "--volume",
                f"{self.work}:/work",
                "--volume",
                f"{self.skill}:/skill:ro",
                self.image,
                *command,
            ]
        walls = [
            "bwrap",
            "--unshare-all",
            "--die-with-parent",
            "--new-session",
            "--clearenv",
            "--cap-drop",
            "ALL",
            "--uid",
            str(NOBODY),
            "--gid",
            str(NOBODY),
            "--hostname",
            "sandbox",
            "--setenv",
            "PATH",
            "/usr/local/bin:/usr/bin:/bin",
            "--setenv",
            "HOME",
            "/work",
            "--setenv",
            "LANG",
            "C.UTF-8",
            "--setenv",
            "PYTHONDONTWRITEBYTECODE",
            "1",
        ]
        for path in _SYSTEM:
            if os.path.islink(path):
                walls += ["--symlink", os.readlink(path), path]
            elif os.path.isdir(path):
                walls += ["--ro-bind", path, path]
        return [
            *walls,
            "--proc",
            "/proc",
            "--dev",
            "/dev",
            "--size",
            str(DISK),
            "--tmpfs",
            "/tmp",  # noqa: S108 - inside
            "--bind",
            str(self.work),
            "/work",
            "--ro-bind",
            str(self.skill),
            "/skill",
            "--chdir",
            "/work",
            *command,
        ]


def _processes(user: int) -> int:
    """How many processes and threads a user has now: the kernel counts both against its limit."""
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == user:
                    count += len(os.listdir(f"/proc/{entry.name}/task"))
    return count
