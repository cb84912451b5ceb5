"""What Git says about a folder: whether it is a checkout, which files it tracks, where it comes from.

Git is asked without its hooks and without the file system monitor, which a repository's own settings could
make a command of; and what it refuses is reported in its own words, never worked around.
"""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from skills.lib.errors import Problem, Refused

_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_NO_REPOSITORY = "not a git repository"
_SUBMODULE = "160000"  # the mode of a gitlink (git-ls-files(1), --stage)
_SECONDS = 120
_CREDENTIALS = re.compile(r"^([a-z+]+://)[^/@]*@")


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A work tree. `tracked` and `submodules` are paths from its `top`; `remote` is the address of origin."""

    top: Path
    tracked: frozenset[str]
    submodules: frozenset[str]
    remote: str = ""
    commit: str = ""
    folders: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        above = {str(folder) for path in self.tracked | self.submodules for folder in Path(path).parents}
        object.__setattr__(self, "folders", frozenset(above))

    def path_of(self, place: Path) -> str:
        """PLACE as Git writes it, "." for the top."""
        return place.relative_to(self.top).as_posix()


def checkout_of(folder: Path) -> Checkout | None:
    """The checkout that FOLDER lies in, None where it is none; raises Refused where Git will not say."""
    has_one = any((place / ".git").exists() for place in (folder, *folder.parents))
    try:
        top = _git(folder, "rev-parse", "--show-toplevel")
    except FileNotFoundError:
        if not has_one:
            return None
        text = f"{folder} is a Git checkout, and git is not installed here."
        raise Refused(Problem("git_refused", text, "Install git, or import an archive of it.")) from None
    if top is None:
        return None
    root = Path(os.fsdecode(top.rstrip(b"\n")))
    listed = _git(root, "ls-files", "-z", "--stage") or b""
    entries = [os.fsdecode(entry).partition("\t") for entry in listed.split(b"\0") if entry]
    submodules = frozenset(path for mode, _, path in entries if mode.startswith(_SUBMODULE))
    return Checkout(
        top=root.resolve(),
        tracked=frozenset(path for _, _, path in entries) - submodules,
        submodules=submodules,
        remote=_remote(root),
        commit=_or_nothing(root, "rev-parse", "--verify", "HEAD"),
    )


def _remote(root: Path) -> str:
    """The address of origin, without what may be a password in it."""
    return _CREDENTIALS.sub(r"\1", _or_nothing(root, "config", "--get", "remote.origin.url"))


def _or_nothing(root: Path, *words: str) -> str:
    done = _run(root, *words)
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""


def _git(folder: Path, *words: str) -> bytes | None:
    """What git answers, None where there is no repository; raises Refused with its own words."""
    done = _run(folder, *words)
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip()
    if _NO_REPOSITORY in said:
        return None
    text = f"git does not read {folder}: {said}"
    remedy = "Do what git says, as the account that runs the import; or import an archive of the commit."
    raise Refused(Problem("git_refused", text, remedy))


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    return subprocess.run(
        ["git", *_QUIET, "-C", str(folder), *words],
        capture_output=True,
        check=False,
        timeout=_SECONDS,
        env=env,
        stdin=subprocess.DEVNULL,
    )
