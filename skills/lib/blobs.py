"""Immutable bytes by digest: a local folder by default, a bucket through django-storages.

No reader may trust a store: what comes out is compared with its digest (`read_whole`), or a part of it
with a digest of its own (delivery/content.py). Who deletes holds the lock of the digest (catalog/locks.py).
"""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from skills.lib.failpoints import reached


class BlobFaultKind(StrEnum):
    MISSING = "missing"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"


class BlobFault(Exception):
    """A row names bytes that the store does not give: run `manage.py fsck`."""

    kind: ClassVar[BlobFaultKind]

    def __init__(self, digest: str) -> None:
        super().__init__(f"the blob {digest} is {self.kind}")
        self.digest = digest


class BlobMissing(BlobFault):
    kind = BlobFaultKind.MISSING


class BlobDamaged(BlobFault):
    """The bytes are not those that the digest names."""

    kind = BlobFaultKind.DAMAGED


class BlobUnreadable(BlobFault):
    """A disk or a bucket that answers with an error; the bytes may be fine."""

    kind = BlobFaultKind.UNREADABLE


class PutStep(StrEnum):
    """The places of `LocalBlobs.put` where tests kill the process (lib/failpoints.py)."""

    BEFORE_FLUSH = "put_before_flush"
    BEFORE_RENAME = "put_before_rename"
    AFTER_RENAME = "put_after_rename"


class BlobStore(Protocol):
    """`digest` is 64 hex digits of the sha256 of the bytes."""

    def put(self, digest: str, data: bytes) -> None:
        """Keep DATA, for good when this returns; wrong bytes under its digest are written anew."""

    def read(self, digest: str, start: int = 0, length: int | None = None) -> bytes:
        """The bytes as they are, right or wrong; raises BlobMissing or BlobUnreadable."""

    def exists(self, digest: str) -> bool: ...
    def delete(self, digest: str) -> None: ...
    def digests(self) -> Iterator[str]: ...

    def written_at(self, digest: str) -> float:
        """In seconds since 1970; raises BlobMissing."""

    def delete_drafts(self, before: float, /) -> int:
        """Delete what writers who were killed before that moment left behind; returns how many."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_whole(blobs: BlobStore, digest: str) -> bytes:
    """The bytes that DIGEST names and no others; raises BlobFault."""
    data = blobs.read(digest)
    _check(digest, data)
    return data


def _check(digest: str, data: bytes) -> None:
    if sha256(data) != digest:
        raise BlobDamaged(digest)


class LocalBlobs:
    """Files under `root/ab/cd…`, written to a draft, flushed to disk, then renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest[2:]

    def put(self, digest: str, data: bytes) -> None:
        _check(digest, data)
        path = self.path(digest)
        if _holds(path, data):
            return
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _flush_folder(self.root)
        # Drafts begin with a dot: `digests` leaves out what a killed writer left behind.
        draft = path.with_name(f".{digest[2:10]}.{secrets.token_hex(4)}")
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            reached(PutStep.BEFORE_FLUSH)
            # Before the rename: after a power cut a name must not stand for bytes that never reached the
            # disk. A row may refer to them as soon as we return.
            os.fsync(file.fileno())
        # Read-only, against an editor or a script of the operator's.
        draft.chmod(0o400)
        reached(PutStep.BEFORE_RENAME)
        # In place of wrong bytes too: who has those open reads them to their end, nobody reads half of both.
        draft.replace(path)
        reached(PutStep.AFTER_RENAME)
        # The name itself is data of its folder.
        _flush_folder(path.parent)

    def read(self, digest: str, start: int = 0, length: int | None = None) -> bytes:
        try:
            with self.path(digest).open("rb") as file:
                file.seek(start)
                return file.read() if length is None else file.read(length)
        except FileNotFoundError as error:
            raise BlobMissing(digest) from error
        except OSError as error:
            raise BlobUnreadable(digest) from error

    def exists(self, digest: str) -> bool:
        return self.path(digest).is_file()

    def delete(self, digest: str) -> None:
        self.path(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        for path in sorted(self.root.glob("??/*")):
            if not path.name.startswith("."):
                yield path.parent.name + path.name

    def written_at(self, digest: str) -> float:
        try:
            return self.path(digest).stat().st_mtime
        except FileNotFoundError as error:
            raise BlobMissing(digest) from error

    def delete_drafts(self, before: float, /) -> int:
        count = 0
        for draft in self.root.glob("??/.*"):
            # Its writer may rename it at this moment.
            with contextlib.suppress(FileNotFoundError):
                if draft.stat().st_mtime < before:
                    draft.unlink()
                    count += 1
        return count


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    # Not there, or a disk that cannot read it: both are mended by writing it.
    except OSError:
        return False


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class BucketBlobs:
    """The same over a Django storage, for S3 and what speaks its protocol. Saving must overwrite."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    @staticmethod
    def name(digest: str) -> str:
        return f"{digest[:2]}/{digest[2:]}"

    def put(self, digest: str, data: bytes) -> None:
        _check(digest, data)
        try:
            if self.read(digest) == data:
                return
        except BlobFault:
            pass
        self.storage.save(self.name(digest), ContentFile(data))

    def read(self, digest: str, start: int = 0, length: int | None = None) -> bytes:
        try:
            with self.storage.open(self.name(digest), "rb") as file:
                file.seek(start)
                data: bytes = file.read() if length is None else file.read(length)
                return data
        except FileNotFoundError as error:
            raise BlobMissing(digest) from error
        except _bucket_errors() as error:
            raise BlobUnreadable(digest) from error

    def exists(self, digest: str) -> bool:
        return self.storage.exists(self.name(digest))

    def delete(self, digest: str) -> None:
        self.storage.delete(self.name(digest))

    def digests(self) -> Iterator[str]:
        folders, _ = self.storage.listdir("")
        for folder in sorted(folders):
            for name in sorted(self.storage.listdir(folder)[1]):
                yield folder + name

    def written_at(self, digest: str) -> float:
        if not self.exists(digest):
            raise BlobMissing(digest)
        return self.storage.get_modified_time(self.name(digest)).timestamp()

    def delete_drafts(self, _before: float, /) -> int:
        """None: a bucket shows an object when all of it has arrived."""
        return 0


@cache
def _bucket_errors() -> tuple[type[Exception], ...]:
    """What a bucket raises when it does not answer; its client is loaded only where one is used."""
    from botocore.exceptions import BotoCoreError, ClientError

    return OSError, BotoCoreError, ClientError


@cache
def store() -> BlobStore:
    """The store the settings choose."""
    if settings.S3_BUCKET:
        return BucketBlobs(storages["blobs"])
    return LocalBlobs(settings.BLOBS_DIR)
