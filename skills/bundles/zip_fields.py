"""Single fields of a zip: its end, names in the letters of their time, sizes of ZIP64, what an entry is.

Numbers of sections are those of APPNOTE.TXT 6.3.10.
"""

import stat
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from skills.bundles.tree import Member
from skills.lib.errors import Problem, Refused

# Bits of the general purpose flag (4.4.4); a streamed entry has its sizes after its data.
ENCRYPTED, STREAMED, UTF8 = 0x1, 0x8, 0x800
STORED, DEFLATED = 0, 8  # compression methods (4.4.5)
UNIX = 3  # "version made by" of entries whose attributes hold a file mode (4.4.2)
UNKNOWN_16, UNKNOWN_32 = 0xFFFF, 0xFFFFFFFF  # "see the ZIP64 record"
REMEDY = "Make the zip again with an ordinary tool, for example: zip -r skill.zip my-skill"

_END = struct.Struct("<4s4H2IH")
_LOCATOR = struct.Struct("<4sIQI")  # 4.3.15
_END_64 = struct.Struct("<4sQ2H2I4Q")  # 4.3.14
_LONGEST_COMMENT = 65_535
_MOST_PADDING = 4_096  # blank bytes after the end
_ZIP64, _UNICODE_PATH = 0x0001, 0x7075  # extra fields (4.5.3, 4.6.9)
_FOLDER = 0x10  # of MS-DOS attributes
_EMPTY_DEFLATED = 2  # bytes that deflate makes of nothing
_METHODS = {
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    12: "bzip2",
    14: "LZMA",
    93: "Zstandard",
    95: "xz",
    98: "PPMd",
    99: "AES",
}
_BLANK = b"\0\t\r\n "


@dataclass(frozen=True, kw_only=True)
class Directory:
    """Where the central directory lies, how many entries it has, and by how much all offsets are off."""

    start: int
    end: int
    count: int
    shift: int
    comment: bytes


@dataclass(frozen=True, kw_only=True)
class ZipEntry(Member):
    """What the directory says about one member; `packed` is its size before unpacking."""

    raw_name: bytes
    is_old_name: bool  # its letters are those of the IBM PC
    method: int
    flags: int
    crc: int
    packed: int
    mode: int
    attributes: int
    offset: int

    @property
    def is_streamed(self) -> bool:
        return bool(self.flags & STREAMED)

    @property
    def is_folder(self) -> bool:
        # Old tools of Windows end a folder's name with a backslash, or not at all.
        marked = self.name.endswith(("/", "\\"))
        return marked or (not self.size and (stat.S_ISDIR(self.mode) or bool(self.attributes & _FOLDER)))


def bad_zip(text: str, file: str = "", code: str = "bad_zip", remedy: str = REMEDY) -> Refused:
    return Refused(Problem(code, text, remedy, file=file))


def several_parts() -> Refused:
    remedy = "Make it in one part: zip without -s; in 7-Zip leave 'Split to volumes' empty."
    return bad_zip("The zip is one of several parts.", remedy=remedy)


def directory_of(data: bytes) -> Directory:
    """Where the central directory of the zip DATA is, by the record at its end."""
    end = _end_of(data)
    _, disk, first_disk, here, count, size, start, comment_length = _END.unpack_from(data, end)
    comment = data[end + _END.size : end + _END.size + comment_length]
    short = (disk, first_disk, here, count, size, start)
    record = end
    if data[max(end - _LOCATOR.size, 0) :].startswith(b"PK\x06\x07"):
        record = end - _LOCATOR.size - _END_64.size
        disk, first_disk, here, count, size, start = _end_64(data, record, short)
    if disk or first_disk or here != count:
        raise several_parts()
    shift = record - size - start
    if shift < 0:
        raise bad_zip("The zip's directory is not where its end says.")
    return Directory(start=record - size, end=record, count=count, shift=shift, comment=comment)


def _end_of(data: bytes) -> int:
    """Where the end record is: the only one whose comment reaches to the end of the zip."""
    found = []
    position = max(len(data) - _END.size - _LONGEST_COMMENT - _MOST_PADDING, 0)
    while (position := data.find(b"PK\x05\x06", position)) >= 0:
        if position + _END.size <= len(data):
            stop = position + _END.size + _END.unpack_from(data, position)[-1]
            if stop <= len(data) and len(data) - stop <= _MOST_PADDING and not data[stop:].strip(_BLANK):
                found.append(position)
        position += 1
    if len(found) == 1:
        return found[0]
    if found:
        raise bad_zip("The comment of the zip holds another zip.")
    if b"PK\x05\x06" in data:
        raise bad_zip("There are other bytes after the end of the zip.", remedy="Upload the zip alone.")
    text = "The zip is cut off: the directory at its end is missing."
    raise bad_zip(text, remedy="Download or copy it again; `unzip -t FILE` says whether it is whole.")


def _end_64(data: bytes, position: int, short: tuple[int, ...]) -> tuple[int, ...]:
    """What the end record of ZIP64 at POSITION says in place of SHORT, the fields of the ordinary one."""
    if position < 0:
        raise bad_zip("The zip's ZIP64 record is damaged.")
    mark, size, _made, _need, *fields = _END_64.unpack_from(data, position)
    # Twelve bytes come before what the size counts; a longer record would have fields of a newer format.
    if mark != b"PK\x06\x06" or size != _END_64.size - 12:
        raise bad_zip("The zip's ZIP64 record is damaged.")
    for old, new in zip(short, fields, strict=True):
        if old not in (new, UNKNOWN_16, UNKNOWN_32):
            raise bad_zip("The two ends of the zip disagree.")
    return tuple(fields)


def extra_fields(extra: bytes, name: bytes) -> dict[int, bytes]:
    """The extra fields of an entry by their kind (4.5.1)."""
    fields: dict[int, bytes] = {}
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        value = extra[position + 4 : position + 4 + length]
        if kind in (_ZIP64, _UNICODE_PATH) and kind in fields:
            raise bad_zip(f"An extra field of {_spelled(name)!r} stands there twice.", _spelled(name))
        fields[kind] = value
        position += 4 + length
    if position > len(extra) or any(extra[position:]):
        raise bad_zip(f"The extra field of {_spelled(name)!r} is damaged.", _spelled(name))
    return fields


def name_of(raw: bytes, flags: int, extra: Mapping[int, bytes]) -> tuple[str, bool]:
    """The name that RAW means, and whether it is in the letters of the IBM PC, CP437 (appendix D)."""
    unicode_path = extra.get(_UNICODE_PATH, b"")
    is_old = False
    # Version 1, then the checksum of the name it belongs to: a tool that renames would forget the field.
    if unicode_path[:5] == b"\x01" + struct.pack("<I", zlib.crc32(raw)):
        name = _utf8(unicode_path[5:])
    elif flags & UTF8:
        name = _utf8(raw)
    else:
        try:
            name = raw.decode()  # Finder writes UTF-8 and does not say so
        except UnicodeDecodeError:
            name, is_old = raw.decode("cp437"), True
    if "\0" in name or not name:
        raise bad_zip("A file name is empty or contains a NUL byte.", code="bad_path")
    return name, is_old


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise bad_zip(f"The file name {raw!r} is not UTF-8, as its zip says.", code="bad_path") from None


def _spelled(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def real_sizes(stated: tuple[int, int, int], extra: Mapping[int, bytes], name: str) -> tuple[int, int, int]:
    """Size, packed size and offset as STATED, or from the ZIP64 field, which holds only what is missing."""
    field = extra.get(_ZIP64, b"")
    position, sizes = 0, []
    for value in stated:
        if value != UNKNOWN_32:
            sizes.append(value)
        elif position + 8 <= len(field):
            sizes += struct.unpack_from("<Q", field, position)
            position += 8
        else:
            raise bad_zip(f"The ZIP64 sizes of {name!r} are missing.", name)
    return sizes[0], sizes[1], sizes[2]


def with_fault(entry: ZipEntry) -> ZipEntry:
    """ENTRY, with the reason why its bytes cannot be had."""
    name, kind = entry.name, stat.S_IFMT(entry.mode)
    if entry.flags & ENCRYPTED:
        remedy = "Make the zip without a password: zip without -e; in 7-Zip leave the password empty."
        return replace(entry, fault=Problem("encrypted", f"{name!r} is encrypted.", remedy, file=name))
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a link" if kind == stat.S_IFLNK else "a device or a pipe"
        remedy = "Put the file itself in its place: zip without -y follows links, git and GitHub keep them."
        text = f"{name!r} is {what}; only files are kept."
        return replace(entry, fault=Problem("not_a_file", text, remedy, file=name))
    if entry.method not in (STORED, DEFLATED):
        method = _METHODS.get(entry.method, f"method {entry.method}")
        remedy = "Choose Deflate (7-Zip: 'Compression method'), or use Finder, Explorer or zip -r."
        text = f"{name!r} is packed with {method}; only Deflate is read."
        return replace(entry, fault=Problem("bad_zip", text, remedy, file=name))
    if entry.is_folder and (entry.size or entry.packed > _EMPTY_DEFLATED):
        raise bad_zip(f"The folder {name!r} has content.", name)
    if kind == stat.S_IFDIR and not entry.is_folder:
        raise bad_zip(f"{name!r} is both a file and a folder.", name)
    return entry
