"""Bytes of a version: the whole zip, or one file read out of it by its place."""

import zlib
from typing import Protocol

from skills.catalog.models import File, Version
from skills.lib import blobs


class Stored(Protocol):
    """A version, as far as its bytes are concerned: the digest of its blob."""

    @property
    def blob(self) -> str: ...


class Placed(Protocol):
    """A file, as far as its bytes are concerned: where they lie in the zip."""

    @property
    def start(self) -> int: ...
    @property
    def packed(self) -> int: ...
    @property
    def size(self) -> int: ...


def zip_of(version: Stored) -> bytes:
    return blobs.store().read(version.blob)


def file_bytes(version: Stored, file: Placed) -> bytes:
    """One file, without reading the rest of the zip."""
    packed = blobs.store().read(version.blob, file.start, file.packed)
    # Negative wbits: the zip holds raw deflate, without zlib's header. The size is known, so one buffer will
    # do.
    return zlib.decompress(packed, wbits=-15, bufsize=max(file.size, 1))


def all_files(version: Version) -> dict[str, bytes]:
    """Every file by path, from one read of the zip; empty for a removed version."""
    if not version.has_content:
        return {}
    data = zip_of(version)
    return {
        file.path: zlib.decompress(data[file.start : file.start + file.packed], wbits=-15)
        for file in File.objects.filter(version=version).order_by("path")
    }
