"""Reads a tar, packed by gzip or zstd or not at all, in memory and within a size."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import zstandard

from skills.bundles.limits import BundleLimits, human
from skills.bundles.tree import Member
from skills.lib.errors import Problem, ProblemSeverity, Refused

GZIP, ZSTD, ZSTD_SKIPPABLE = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x2a\x4d\x18"
_PART = 1 << 20  # bytes that are unpacked at once
_WINDOW = 1 << 27  # bytes that zstd may look back: what `zstd --ultra -22` asks for
_REMEDY = "Make it again, for example: tar czf skill.tar.gz my-skill"
_NO_LINKS = "Put the file itself in its place: tar -h follows links, --hard-dereference the hard ones."
# What tarfile raises where a header lies; it wraps most of it, and not all.
_DAMAGES = (tarfile.TarError, EOFError, ValueError, OverflowError, IndexError, KeyError)


@dataclass(frozen=True, kw_only=True)
class TarMember(Member):
    start: int  # of its bytes


def is_tar(data: bytes) -> bool:
    """Whether the first block has the checksum of a header; the oldest tars have no other mark."""
    try:
        tarfile.TarInfo.frombuf(data[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


class TarArchive:
    """The files of a tar. Raises Refused where it cannot be read to its end."""

    def __init__(self, data: bytes, limits: BundleLimits) -> None:
        self._data = _unpacked(data, 2 * limits.pack_unpacked)
        if not is_tar(self._data):
            raise _bad_tar("There is no tar in it, only a packed file.")
        try:
            with tarfile.open(fileobj=io.BytesIO(self._data), mode="r:", encoding="utf-8") as tar:
                self.members: Sequence[Member] = _members(tar, limits)
                end, comment = tar.offset, tar.pax_headers.get("comment", "")
        except _DAMAGES as error:
            raise _bad_tar(f"The tar is damaged: {error}.") from None
        _check_end(self._data[end:])
        # `git archive` writes the commit there.
        text = f"The comment of the tar was left out: {comment[:100]!r}."
        self.notes = [Problem("left_out", text, severity=ProblemSeverity.NOTE)] if comment else []

    def read(self, member: Member) -> bytes:
        assert isinstance(member, TarMember)  # one of `members`
        content = self._data[member.start : member.start + member.size]
        if len(content) != member.size:
            raise _bad_tar(f"{member.name!r} is cut off.", member.name)
        return content


def _members(tar: tarfile.TarFile, limits: BundleLimits) -> list[Member]:
    members: list[Member] = []
    for count, info in enumerate(tar):
        if count == limits.pack_files:
            text = f"The tar has more than {limits.pack_files:,} entries."
            raise Refused(Problem("too_many_files", text, "Leave out what the agent does not need."))
        if not info.isdir():
            name = _name(info)
            start = info.offset_data
            members.append(TarMember(name=name, size=info.size, fault=_fault(info, name), start=start))
    return members


def _check_end(end: bytes) -> None:
    """Refuse what tarfile takes for the end: it stops without a word where a header is damaged."""
    if len(end) < tarfile.BLOCKSIZE:
        raise _bad_tar("The tar is cut off: its end is missing.")
    if end.strip(b"\0"):
        raise _bad_tar("The tar is damaged, or has other bytes after its end.")


def _bad_tar(text: str, file: str = "", remedy: str = _REMEDY) -> Refused:
    return Refused(Problem("bad_archive", text, remedy, file=file))


def _unpacked(data: bytes, most: int) -> bytes:
    """DATA without its compression; raises Refused beyond MOST bytes."""
    if data.startswith(GZIP):
        return _read(gzip.GzipFile(fileobj=io.BytesIO(data)), most)
    if data.startswith(ZSTD) or data[1:4] == ZSTD_SKIPPABLE:
        machine = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        return _read(machine.stream_reader(data, read_across_frames=True), most)
    return data


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _read(stream: _Stream, most: int) -> bytes:
    content = bytearray()
    try:
        while part := stream.read(_PART):
            content += part
            if len(content) > most:
                text = f"The archive has more than {human(most)} when it is unpacked."
                raise Refused(Problem("too_large", text, "Bring the folder of the skill alone."))
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        text = f"The archive is damaged or cut off: {error}."
        raise _bad_tar(text, remedy="Download or copy it again.") from None
    return bytes(content)


def _name(info: tarfile.TarInfo) -> str:
    try:
        return info.name.encode("utf-8", "surrogateescape").decode()
    except UnicodeDecodeError:
        text = f"The file name {info.name!a} is not UTF-8."
        raise Refused(Problem("bad_path", text, "Rename it, or use tar --format=pax.")) from None


def _fault(info: tarfile.TarInfo, name: str) -> Problem | None:
    """Why the bytes of an entry cannot be had."""
    if info.issym() or info.islnk():
        text = f"{name!r} is a link to {info.linkname!r}; only files are kept."
        return Problem("not_a_file", text, _NO_LINKS, file=name)
    if info.issparse():
        return Problem("not_a_file", f"{name!r} is a sparse file.", "Leave tar's option -S away.", file=name)
    if not info.isreg():
        return Problem("not_a_file", f"{name!r} is a device or a pipe.", "Leave it out.", file=name)
    return None
