"""What a backup is: a folder, or the same entries in one age file (age-encryption.org), written as a stream.

Entries come in this order: `database.dump`, `blobs/ab/cd…`, `keys/…` where they were asked for, and
`backup.json`, which says what is in it. Beside an age file lies that last one again, readable by everybody
who can read the folder: it holds no secret.
"""

import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol, TypeAlias

import pyrage
from django.core.management.base import CommandError

from skills.lib import blobs

SEALED = ".age"  # the suffix of an encrypted backup
DUMP, FACTS, KEYS = "database.dump", "backup.json", "keys/"
_BLOB = re.compile(r"blobs/([0-9a-f]{2})/([0-9a-f]{62})")
Entries: TypeAlias = Iterator[tuple[str, IO[bytes]]]
Recipient: TypeAlias = "pyrage.x25519.Recipient | pyrage.ssh.Recipient"
Identity: TypeAlias = "pyrage.x25519.Identity | pyrage.ssh.Identity"


@dataclass(frozen=True, kw_only=True)
class BackupFacts:
    """`faults` are versions whose bytes could not be read; `key_fingerprint` is that of SECRET_KEY."""

    made_at: str
    versions: int
    blobs: int
    faults: list[str]
    has_keys: bool
    key_fingerprint: str

    @property
    def is_whole(self) -> bool:
        return not self.faults

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), indent=2).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "BackupFacts":
        try:
            return cls(**json.loads(data))
        except (ValueError, TypeError) as error:
            raise CommandError(f"{FACTS} of the backup cannot be read: {error}") from None


def blob_entry(digest: str) -> str:
    return f"blobs/{digest[:2]}/{digest[2:]}"


def digest_of(name: str) -> str:
    """Of the entry NAME, "" where it is no blob's."""
    match = _BLOB.fullmatch(name)
    return match[1] + match[2] if match else ""


class BackupWriter(Protocol):
    def add(self, name: str, data: bytes) -> None: ...
    def add_file(self, name: str, path: Path) -> None: ...


@contextmanager
def writer(target: Path, recipients: Sequence[Recipient]) -> Iterator[BackupWriter]:
    """Writes the backup TARGET, which is there when everything is; sealed where there are RECIPIENTS."""
    draft = target.with_name(f"{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.unlink(missing_ok=True)
    if recipients:
        with _sealed(draft, recipients) as sealing:
            yield sealing
    else:
        yield _FolderWriter(draft)
    draft.rename(target)


class _FolderWriter:
    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700, parents=True)

    def add(self, name: str, data: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def add_file(self, name: str, path: Path) -> None:
        # From another disk too.
        shutil.move(path, self.root / name)


class _TarWriter:
    def __init__(self, archive: tarfile.TarFile) -> None:
        self.archive = archive

    def add(self, name: str, data: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), 0o600
        self.archive.addfile(entry, io.BytesIO(data))

    def add_file(self, name: str, path: Path) -> None:
        self.archive.add(path, name)


@contextmanager
def _sealed(path: Path, recipients: Sequence[Recipient]) -> Iterator[_TarWriter]:
    """A tar that another thread encrypts as it is written: nothing lies on the disk in plain."""
    read_end, write_end = os.pipe()
    with ThreadPoolExecutor(1) as pool, path.open("xb") as target:
        path.chmod(0o600)
        sealing = pool.submit(_encrypt, read_end, target, recipients)
        try:
            with (
                os.fdopen(write_end, "wb") as plain,
                tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT) as archive,
            ):
                yield _TarWriter(archive)
        except BrokenPipeError:
            sealing.result()  # its error is the cause
            raise
        sealing.result()
        os.fsync(target.fileno())


def _encrypt(read_end: int, target: IO[bytes], recipients: Sequence[Recipient]) -> None:
    with os.fdopen(read_end, "rb") as plain:
        pyrage.encrypt_io(plain, target, list(recipients))


@dataclass(frozen=True)
class Backup:
    """A backup that is there; IDENTITIES open it where it is sealed."""

    path: Path
    identities: Sequence[Identity] = ()

    def entries(self) -> Entries:
        """Every entry by name, each to be read before the next; unknown names are refused."""
        if self.path.is_dir():
            yield from self._of_folder()
        else:
            yield from self._of_sealed()

    def _of_folder(self) -> Entries:
        files = sorted(path for path in self.path.rglob("*") if path.is_file())
        # The dump first, as in a sealed one.
        for path in sorted(files, key=lambda path: path.name != DUMP):
            with path.open("rb") as file:
                yield path.relative_to(self.path).as_posix(), file

    def _of_sealed(self) -> Entries:
        read_end, write_end = os.pipe()
        with ThreadPoolExecutor(1) as pool, os.fdopen(read_end, "rb") as plain:
            opening = pool.submit(self._decrypt, write_end)
            try:
                with tarfile.open(fileobj=plain, mode="r|") as archive:
                    for entry in archive:
                        content = archive.extractfile(entry)
                        if content is not None:
                            yield entry.name, content
            except tarfile.TarError as error:
                raise _cannot_open(self.path, _cause(opening) or error) from None
            if cause := _cause(opening):
                raise _cannot_open(self.path, cause)

    def _decrypt(self, write_end: int) -> None:
        with os.fdopen(write_end, "wb") as plain, self.path.open("rb") as source:
            pyrage.decrypt_io(source, plain, list(self.identities))

    def right_bytes(self, digests: set[str]) -> Iterable[tuple[str, bytes]]:
        """Of DIGESTS those that are in it, each compared with its digest."""
        for name, content in self.entries():
            digest = digest_of(name)
            if digest in digests and blobs.sha256(data := content.read()) == digest:
                yield digest, data


def _cause(opening: "Future[None]") -> BaseException | None:
    return opening.exception(timeout=60)


def _cannot_open(path: Path, error: BaseException) -> CommandError:
    return CommandError(f"{path} cannot be read: {error}. A sealed backup is opened with --identity FILE.")


def facts_beside(path: Path) -> BackupFacts | None:
    """What the backup at PATH says of itself, without opening a sealed one."""
    place = path / FACTS if path.is_dir() else path.with_name(f"{path.name}.json")
    return BackupFacts.from_bytes(place.read_bytes()) if place.is_file() else None


def recipients_of(texts: Sequence[str]) -> list[Recipient]:
    """The public keys that TEXTS write, of age or of SSH."""
    return [_recipient(text.strip()) for text in texts]


def _recipient(text: str) -> Recipient:
    kind = pyrage.ssh.Recipient if text.startswith("ssh-") else pyrage.x25519.Recipient
    try:
        return kind.from_str(text)
    except pyrage.RecipientError as error:
        raise CommandError(f"{text[:80]!r} is no public key of age or SSH: {error}") from None


def identities_of(path: Path | None) -> list[Identity]:
    """The private keys in a file that `age-keygen` wrote, or in one of SSH's."""
    if path is None:
        return []
    data = path.read_bytes()
    try:
        if b"PRIVATE KEY-----" in data:
            return [pyrage.ssh.Identity.from_buffer(data)]
        lines = data.decode().split()
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} holds no private key of age or SSH: {error}") from None


def name_of(moment: datetime) -> str:
    """Of a backup made at MOMENT (UTC), in a folder of many."""
    return f"skillhub-{moment:%Y%m%dT%H%M%SZ}"
