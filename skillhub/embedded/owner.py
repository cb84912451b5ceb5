"""As whom the embedded database runs where we are root: a user of its own, that no other program has."""

import hashlib
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from skillhub import env

# Numbers that nobody gives to accounts, services or containers (systemd's UIDS-GIDS), below the 65,536
# that a container may be limited to.
_FIRST, _NUMBERS = 60_706, 478
_MAKERS = ("nobody", "postgres", "daemon")


@dataclass(frozen=True)
class Owner:
    """A user and group of the machine, by number; it needs no name."""

    uid: int
    gid: int


def database_owner(data: Path) -> Owner | None:
    """PG_USER, the account `skillhub`, or a number without a name; None where we are not root.

    PostgreSQL refuses to run as root. An account that other programs have too, such as `nobody`, would make
    each of them the master of the database.
    """
    if os.geteuid() != 0:
        return None
    chosen = env.text("PG_USER")
    try:
        found = pwd.getpwnam(chosen or "skillhub")
    except KeyError:
        if chosen:
            raise SystemExit(f"PG_USER is {chosen}, but this machine has no such account.") from None
        number = _FIRST + int(hashlib.sha256(str(data).encode()).hexdigest(), 16) % _NUMBERS
        return Owner(number, number)
    return Owner(found.pw_uid, found.pw_gid)


def maker(owner: Owner | None) -> Owner | None:
    """As whom a new database is made: `initdb` refuses users without a name, the server takes them.

    In the group of OWNER, which may walk through the data folder.
    """
    if owner is None or _name(owner.uid):
        return owner
    for name in _MAKERS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(found.pw_uid, owner.gid)
    raise SystemExit("Running as root needs an account for PostgreSQL: set PG_USER.")


def clients() -> list[str]:
    """The names of the users of this machine who may connect: we, and root, who may do anything."""
    ours = _name(os.geteuid())
    return sorted({"root", ours} - {""})


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def hand_over(folder: Path, owner: Owner) -> None:
    """Give OWNER what is in FOLDER and belongs to whoever owns the folder itself."""
    former = folder.lstat().st_uid
    if former == owner.uid:
        return
    # Only what was theirs, and never through a link: they may have put somebody else's file there.
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid == former:
            os.chown(path, owner.uid, owner.gid, follow_symlinks=False)
