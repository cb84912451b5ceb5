"""Bare repositories that stay in the data folder, so that the next reading of a source fetches what changed.

Each is one reading's at a time, is thrown away when a reading ended badly in it, and grows to a limit; all of
them together are bounded by age and size. Nothing else depends on them: one that is gone is fetched again.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from skills.upstream.address import Upstream

_DAYS = 30  # without use
_MOST_BYTES = 2_000_000_000  # of all together
_MOST_PACKS = 50  # of one: each fetch adds one, and git looks through all of them
_SECONDS_A_DAY = 86_400


@contextlib.contextmanager
def kept_repository(upstream: Upstream, most: int) -> Iterator[Path]:
    """The repository of UPSTREAM, with at most MOST bytes of an earlier time in it."""
    shelf = _shelf()
    # With the token: what one could fetch is nothing for another. With the folder: the repository holds the
    # files of it alone, and git believes that it holds all of a commit.
    parts = (upstream.url, upstream.ref, upstream.token, upstream.folder)
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]
    with _locked(shelf / f"{name}.lock") as is_ours:
        if not is_ours:
            with _once(shelf) as repository:
                yield repository
            return
        repository = _taken(shelf, name, most)
        _in_use(repository).touch()
        try:
            yield repository
        except BaseException:
            _throw_away(repository)
            raise
        _in_use(repository).unlink()
        os.utime(repository)


def _taken(shelf: Path, name: str, most: int) -> Path:
    """The kept repository called NAME, else a new one.

    A new one has a path of its own: a git whose worker was killed may still write to the old one.
    """
    for repository in shelf.glob(f"{name}-*.git"):
        if _is_whole(repository) and size_of(repository) <= most and _packs(repository) <= _MOST_PACKS:
            return repository
        _throw_away(repository)
    repository = shelf / f"{name}-{secrets.token_hex(4)}.git"
    _make(repository)
    return repository


def sweep() -> None:
    """Remove what nobody read for long, and the longest unread ones while all are too large together."""
    shelf = _shelf()
    oldest_first = sorted(shelf.glob("*.git"), key=_last_use)
    room = _MOST_BYTES - sum(map(size_of, oldest_first))
    for repository in oldest_first:
        is_old = time.time() - _last_use(repository) > _DAYS * _SECONDS_A_DAY
        if room >= 0 and not is_old:
            break
        with _locked(shelf / f"{repository.name.partition('-')[0]}.lock") as is_ours:
            if is_ours:
                room += size_of(repository)
                _throw_away(repository)
    for left in shelf.glob("once-*"):
        if time.time() - _last_use(left) > _SECONDS_A_DAY:
            shutil.rmtree(left, ignore_errors=True)


def size_of(repository: Path) -> int:
    """Bytes of its packs, which hold all of it."""
    total = 0
    for path in (repository / "objects" / "pack").glob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def _shelf() -> Path:
    folder: Path = settings.DATA_DIR / "sources"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Whether the lock at PATH is ours; the kernel gives it back when we are killed."""
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextlib.contextmanager
def _once(shelf: Path) -> Iterator[Path]:
    """A repository for one reading, while another one has the kept one."""
    repository = Path(tempfile.mkdtemp(prefix="once-", dir=shelf))
    try:
        _make(repository)
        yield repository
    finally:
        shutil.rmtree(repository, ignore_errors=True)


def _make(repository: Path) -> None:
    """What `git init --bare` makes, without its templates."""
    for folder in ("objects/info", "objects/pack", "refs"):
        (repository / folder).mkdir(parents=True)
    reset_configuration(repository)
    (repository / "HEAD").write_text("ref: refs/heads/none\n")  # last: it says that all is there


def _throw_away(repository: Path) -> None:
    # First: what is left when we are killed in between must not count as a repository.
    (repository / "HEAD").unlink(missing_ok=True)
    shutil.rmtree(repository, ignore_errors=True)


def reset_configuration(repository: Path) -> None:
    """Forget what git wrote down: that it may ask the address for objects that are not here."""
    (repository / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")


def _in_use(repository: Path) -> Path:
    return repository / "in-use"


def _is_whole(repository: Path) -> bool:
    """Whether it is there, and its last reading came to its end."""
    return (repository / "HEAD").exists() and not _in_use(repository).exists()


def _packs(repository: Path) -> int:
    return sum(1 for _ in (repository / "objects" / "pack").glob("*.pack"))


def _last_use(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0
