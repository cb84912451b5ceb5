"""Bytes of a version: the whole zip, or one file read out of it by its place.

Every reader of every protocol comes through here, and gets the right bytes or a refusal: nothing that is
read is handed on before it was compared with its digest.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from skills.catalog.models import File, Version
from skills.delivery import faults
from skills.lib import blobs
from skills.lib.errors import Unavailable, refuse


class Stored(Protocol):
    """A version, as far as its bytes are concerned: the digest of its blob."""

    @property
    def blob(self) -> str: ...


class Placed(Protocol):
    """A file, as far as its bytes are concerned: where they lie in the zip, and what they are."""

    @property
    def start(self) -> int: ...
    @property
    def packed(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


def zip_of(version: Stored) -> bytes:
    with _right_or_refused():
        return blobs.read_whole(blobs.store(), version.blob)


def file_bytes(version: Stored, file: Placed) -> bytes:
    """One file, without reading the rest of the zip: it has a digest of its own."""
    with _right_or_refused():
        return unpack(blobs.store().read(version.blob, file.start, file.packed), version.blob, file)


def all_files(version: Version) -> dict[str, bytes]:
    """Every file by path, from one read of the zip; empty for a removed version."""
    if not version.has_content:
        return {}
    data = zip_of(version)
    with _right_or_refused():
        return {
            file.path: unpack(data[file.start : file.start + file.packed], version.blob, file)
            for file in File.objects.filter(version=version).order_by("path")
        }


def unpack(packed: bytes, blob: str, file: Placed) -> bytes:
    """The bytes of FILE; raises BlobDamaged where PACKED, a part of BLOB, holds others."""
    try:
        # Negative wbits: the zip holds raw deflate, without zlib's header. One byte more than it should be
        # shows that it is too long; damage must not fill the memory.
        data = zlib.decompressobj(wbits=-15).decompress(packed, file.size + 1)
    except zlib.error as error:
        raise blobs.BlobDamaged(blob) from error
    if blobs.sha256(data) != file.sha256:
        raise blobs.BlobDamaged(blob)
    return data


@contextmanager
def _right_or_refused() -> Iterator[None]:
    """A fault of the store becomes an alarm for staff and a refusal for the reader."""
    try:
        yield
    except blobs.BlobFault as fault:
        faults.alarm(fault)
        text = f"The stored bytes of this version are {fault.kind}, so they are not handed out."
        remedy = "Staff have been told; publishing the same bytes again mends them."
        raise refuse("bytes_damaged", text, remedy, kind=Unavailable) from fault
