"""The one canonical zip of a bundle: sorted names, 1980-01-01, fixed modes, nothing injected."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
_HEADER = 30  # bytes of a local header before the name


@dataclass(frozen=True)
class PackedFile:
    """One file of a bundle. `start` and `packed` say where its deflated bytes lie in the zip."""

    path: str
    sha256: str
    size: int
    executable: bool
    start: int
    packed: int


@dataclass(frozen=True)
class Archive:
    """The zip's bytes and its digest (64 hex digits of their sha256)."""

    data: bytes
    digest: str
    files: tuple[PackedFile, ...]


def pack(files: Mapping[str, bytes]) -> Archive:
    """Pack FILES; equal files give equal bytes."""
    buffer = io.BytesIO()
    packed = []
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for path in sorted(files, key=str.encode):
            content = files[path]
            executable = content.startswith(b"#!")
            info = zipfile.ZipInfo(path, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (0o100755 if executable else 0o100644) << 16
            archive.writestr(info, content)
            start = info.header_offset + _HEADER + len(path.encode())
            digest = hashlib.sha256(content).hexdigest()
            packed.append(PackedFile(path, digest, len(content), executable, start, info.compress_size))
    data = buffer.getvalue()
    return Archive(data, hashlib.sha256(data).hexdigest(), tuple(packed))
