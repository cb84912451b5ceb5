"""Immutable bytes by digest: a local folder by default, a bucket through django-storages."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages


class BlobMissing(Exception):
    """The row says these bytes exist, the store does not have them: run `manage.py fsck`."""


class BlobStore(Protocol):
    """`digest` is 64 hex digits of the sha256 of the bytes."""

    def put(self, digest: str, data: bytes) -> None: ...
    def read(self, digest: str, start: int = 0, length: int | None = None) -> bytes: ...
    def delete(self, digest: str) -> None: ...
    def digests(self) -> Iterator[str]: ...


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class LocalBlobs:
    """Files under `root/ab/cd…`, written to a draft, flushed to disk, then renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest[2:]

    def put(self, digest: str, data: bytes) -> None:
        path = self.path(digest)
        # Equal bytes have one name. A blob is never written twice, so nobody reads half of a new one.
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # Drafts begin with a dot: `digests` leaves out what a killed writer left behind.
        draft = path.with_name(f".{digest[2:10]}.{secrets.token_hex(4)}")
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            # Before the rename: after a power cut a name must not stand for bytes that never reached the
            # disk. A row may refer to them as soon as we return.
            os.fsync(file.fileno())
        # Read-only, against an editor or a script of the operator's.
        draft.chmod(0o400)
        draft.rename(path)

    def read(self, digest: str, start: int = 0, length: int | None = None) -> bytes:
        try:
            with self.path(digest).open("rb") as file:
                file.seek(start)
                return file.read() if length is None else file.read(length)
        except FileNotFoundError as error:
            raise BlobMissing(digest) from error

    def delete(self, digest: str) -> None:
        self.path(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        if not self.root.exists():
            return
        for path in sorted(self.root.glob("??/*")):
            if not path.name.startswith("."):
                yield path.parent.name + path.name


class BucketBlobs:
    """The same over a Django storage, for S3 and what speaks its protocol."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    @staticmethod
    def name(digest: str) -> str:
        return f"{digest[:2]}/{digest[2:]}"

    def put(self, digest: str, data: bytes) -> None:
        if not self.storage.exists(self.name(digest)):
            self.storage.save(self.name(digest), ContentFile(data))

    def read(self, digest: str, start: int = 0, length: int | None = None) -> bytes:
        try:
            with self.storage.open(self.name(digest), "rb") as file:
                file.seek(start)
                data: bytes = file.read() if length is None else file.read(length)
                return data
        except FileNotFoundError as error:
            raise BlobMissing(digest) from error

    def delete(self, digest: str) -> None:
        self.storage.delete(self.name(digest))

    def digests(self) -> Iterator[str]:
        folders, _ = self.storage.listdir("")
        for folder in sorted(folders):
            for name in sorted(self.storage.listdir(folder)[1]):
                yield folder + name


@cache
def store() -> BlobStore:
    """The store the settings choose."""
    if settings.S3_BUCKET:
        return BucketBlobs(storages["blobs"])
    return LocalBlobs(settings.BLOBS_DIR)
