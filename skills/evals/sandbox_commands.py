"""The command lines that contain a command: bubblewrap's options and Docker's, one meaning a line."""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

# bytes, bytes, count, bytes
MEMORY, FILE_SIZE, PROCESSES, DISK = 1 << 30, 32 << 20, 64, 64 << 20
NOBODY = 65534  # the user inside; owns nothing on any system
_SYSTEM = tuple(
    map(Path, ("/usr", "/bin", "/sbin", "/lib", "/lib64"))
)  # what a script needs to find an interpreter
_TEMPORARY = "/tmp"  # noqa: S108 - a private one, inside
Option = tuple[str, ...]

_BUBBLEWRAP: tuple[Option, ...] = (
    ("--unshare-all",),  # no network, no process of the host, no shared memory
    ("--die-with-parent",),
    ("--new-session",),  # or it could type into the terminal that started us
    ("--clearenv",),  # our environment holds keys
    ("--cap-drop", "ALL"),
    ("--uid", str(NOBODY)),
    ("--gid", str(NOBODY)),
    ("--hostname", "sandbox"),
    ("--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin"),
    ("--setenv", "HOME", "/work"),
    ("--setenv", "LANG", "C.UTF-8"),
    ("--setenv", "PYTHONDONTWRITEBYTECODE", "1"),  # or every script would leave files that nobody asked for
)

_DOCKER: tuple[Option, ...] = (
    ("--rm",),
    ("-i",),
    ("--network", "none"),
    ("--read-only",),
    ("--tmpfs", f"{_TEMPORARY}:size=64m"),
    ("--user", f"{NOBODY}:{NOBODY}"),
    ("--memory", str(MEMORY)),
    ("--pids-limit", str(PROCESSES)),
    ("--cap-drop", "ALL"),
    ("--security-opt", "no-new-privileges"),
    ("--workdir", "/work"),
)


def bubblewrap(command: Sequence[str], *, work: Path, skill: Path) -> list[str]:
    """COMMAND in namespaces of its own, with WORK to write to and SKILL to read."""
    folders: tuple[Option, ...] = (
        ("--proc", "/proc"),
        ("--dev", "/dev"),
        ("--size", str(DISK)),  # of the tmpfs on the next line
        ("--tmpfs", _TEMPORARY),
        ("--bind", str(work), "/work"),
        ("--ro-bind", str(skill), "/skill"),
        ("--chdir", "/work"),
    )
    return ["bwrap", *chain(*_BUBBLEWRAP, *_system_folders(), *folders), *command]


def _system_folders() -> Iterable[Option]:
    """The host's programs, to read only. Many systems have /bin as a link to /usr/bin; it stays one."""
    for path in _SYSTEM:
        if path.is_symlink():
            yield "--symlink", str(path.readlink()), str(path)
        elif path.is_dir():
            yield "--ro-bind", str(path), str(path)


def docker(command: Sequence[str], *, work: Path, skill: Path, image: str) -> list[str]:
    """The same in a container of IMAGE."""
    folders = ("--volume", f"{work}:/work", "--volume", f"{skill}:/skill:ro")
    return ["docker", "run", *chain(*_DOCKER), *folders, image, *command]
