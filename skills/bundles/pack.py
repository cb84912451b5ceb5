"""The one canonical zip of a bundle: sorted names, 1980-01-01, fixed modes, nothing injected."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Changing any of these, or zlib itself, changes the digest of equal files: known bundles would be new ones.
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
_LEVEL = 6  # of deflate: zlib's default
_UNIX = 3  # "made by" in a zip's directory; readers take the file modes from such entries only
_LOCAL_HEADER = 30  # bytes before the name; we write no extra field (APPNOTE 4.3.7)


@dataclass(frozen=True, kw_only=True)
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


def tree_digest(files: Iterable[tuple[str, str]]) -> str:
    """Of FILES (path and sha256), whatever zip they are packed in: 64 hex digits."""
    lines = (f"{sha256}  {path}\n".encode() for path, sha256 in files)
    # As `sha256sum` would list them, sorted by their bytes.
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


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
            info.create_system = _UNIX
            info.external_attr = (0o100755 if executable else 0o100644) << 16
            archive.writestr(info, content)
            packed.append(
                PackedFile(
                    path=path,
                    sha256=hashlib.sha256(content).hexdigest(),
                    size=len(content),
                    executable=executable,
                    start=info.header_offset + _LOCAL_HEADER + len(path.encode()),
                    packed=info.compress_size,
                )
            )
    data = buffer.getvalue()
    return Archive(data, hashlib.sha256(data).hexdigest(), tuple(packed))
