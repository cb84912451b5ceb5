"""Reads a zip without trusting it: our own walk of the framing, real bytes counted, no disk.

Accepts what common tools write (streamed entries included) and refuses whatever two readers could
understand differently: gaps, overlaps, prefixes, second directories, lies about sizes.
Structure: APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end).
"""

import stat
import struct
import zlib
from dataclasses import dataclass

from skills.bundles.limits import BundleLimits, human
from skills.bundles.paths import is_junk
from skills.lib.errors import Problem, ProblemSeverity, Refused
from skills.lib.progress import reading

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
# Bits of the general purpose flag (4.4.4); a streamed entry has its sizes after its data.
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8  # compression methods (4.4.5)
_UNICODE_PATH, _ZIP64 = 0x7075, 0x0001  # extra fields that give a second name or second sizes (4.6.9, 4.5.3)
_UNIX = 3  # "version made by" of entries whose attributes hold a file mode (4.4.2)
_UNKNOWN_16, _UNKNOWN_32 = 0xFFFF, 0xFFFFFFFF  # "see the ZIP64 record"
_RATIO = 100  # times a member may grow; deflate reaches 1,032, text rarely 20
_SMALL = 100_000  # bytes below which the ratio does not matter
_EMPTY_DEFLATED = 2  # bytes that deflate makes of nothing
_REMEDY = "Make the zip again with an ordinary tool, for example: zip -r skill.zip my-skill"


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """What the directory says about one member; `packed` and `size` are bytes before and after unpacking."""

    name: str
    method: int
    streamed: bool
    crc: int
    packed: int
    size: int
    mode: int
    offset: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")


def _bad_zip(text: str, file: str = "", code: str = "bad_zip") -> Refused:
    return Refused(Problem(code, text, _REMEDY, file=file))


def read_zip(data: bytes, limits: BundleLimits) -> tuple[dict[str, bytes], list[Problem]]:
    """The files of the zip DATA by path, and notes on what was left out; raises Refused."""
    if len(data) > limits.archive:
        text = f"The zip has {human(len(data))}; at most {human(limits.archive)} are accepted."
        raise Refused(Problem("too_large", text, "Leave out what the agent does not need."))
    entries, directory = _directory(data, limits)
    _check_layout(data, entries, directory)
    files: dict[str, bytes] = {}
    notes: list[Problem] = []
    room = limits.unpacked  # bytes that all files together may still take
    for entry in entries:
        if entry.is_folder:
            continue
        if is_junk(entry.name):
            text = f"{entry.name} was left out: systems make such files by themselves."
            notes.append(Problem("left_out", text, file=entry.name, severity=ProblemSeverity.NOTE))
            continue
        if entry.name in files:
            raise _bad_zip(f"The zip holds {entry.name!r} twice.", entry.name, "duplicate_file")
        reading(entry.name)
        files[entry.name] = _read(data, entry, min(limits.file, room))
        room -= len(files[entry.name])
    return files, notes


def _directory(data: bytes, limits: BundleLimits) -> tuple[list[_Entry], int]:
    """Entries of the central directory and where it starts."""
    count, start = _end_of_directory(data)
    if count > limits.files * 2:
        text = f"The zip has {count} entries; at most {limits.files} files are accepted."
        raise Refused(Problem("too_many_files", text, "Leave out what the agent does not need."))
    end = len(data) - _END.size
    position, entries = start, []
    for _ in range(count):
        entry, position = _central(data, position, end)
        entries.append(entry)
    if position != end:
        raise _bad_zip("The zip's directory has bytes that belong to no entry.")
    return entries, start


def _end_of_directory(data: bytes) -> tuple[int, int]:
    """How many entries the central directory has, and where it starts; it reaches up to the end record."""
    if len(data) < _END.size or not data.startswith(b"PK"):
        raise _bad_zip("This is not a zip file.")
    mark, disk, first_disk, here, count, size, start, comment = _END.unpack(data[-_END.size :])
    if mark != b"PK\x05\x06":
        raise _bad_zip("The zip ends with a comment or other bytes after its directory.")
    if comment or disk or first_disk or here != count:
        raise _bad_zip("The zip has a comment or several parts.")
    if _UNKNOWN_16 in (count, here) or _UNKNOWN_32 in (size, start):
        raise _bad_zip("The zip uses the ZIP64 format, which nothing of this size needs.")
    if start + size != len(data) - _END.size:
        raise _bad_zip("The zip's directory is not where its end says.")
    return count, start


def _central(data: bytes, position: int, end: int) -> tuple[_Entry, int]:
    """The entry of the directory at POSITION and where the next one begins."""
    if position + _CENTRAL.size > end:
        raise _bad_zip("The zip's directory is cut off.")
    (
        mark,
        made,
        _need,
        flags,
        method,
        _time,
        _date,
        crc,
        packed,
        size,
        name_length,
        extra_length,
        comment_length,
        disk,
        _inner,
        outer,
        offset,
    ) = _CENTRAL.unpack_from(data, position)
    stop = position + _CENTRAL.size + name_length + extra_length + comment_length
    if mark != b"PK\x01\x02" or stop > end or disk or comment_length:
        raise _bad_zip("An entry of the zip's directory is damaged or carries a comment.")
    after_name = position + _CENTRAL.size + name_length
    name = _name(data[position + _CENTRAL.size : after_name], flags)
    _check_extra(data[after_name : after_name + extra_length], name)
    if flags & _ENCRYPTED:
        raise _bad_zip(f"{name!r} is encrypted.", name, "encrypted")
    if method not in (_STORED, _DEFLATED):
        raise _bad_zip(f"{name!r} is packed with method {method}; only deflate is read.", name)
    mode = outer >> 16 if made >> 8 == _UNIX else 0
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        text = f"{name!r} is a link or a device; only files and folders are accepted."
        raise _bad_zip(text, name, "not_a_file")
    entry = _Entry(
        name=name,
        method=method,
        streamed=bool(flags & _STREAMED),
        crc=crc,
        packed=packed,
        size=size,
        mode=mode,
        offset=offset,
    )
    if (stat.S_IFMT(mode) == stat.S_IFDIR) != entry.is_folder and stat.S_IFMT(mode):
        raise _bad_zip(f"{name!r} is both a file and a folder.", name)
    if entry.is_folder and (size or packed > _EMPTY_DEFLATED):
        raise _bad_zip(f"The folder {name!r} has content.", name)
    return entry, stop


def _name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError:
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise _bad_zip(f"The file name {raw!r} is not UTF-8.", code="bad_path") from None
    if "\0" in name or not name:
        raise _bad_zip("A file name is empty or contains a NUL byte.", code="bad_path")
    return name


def _check_extra(extra: bytes, name: str) -> None:
    """Refuse an extra field that another reader could take a name or sizes from."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        position += 4 + length
        if kind in (_UNICODE_PATH, _ZIP64):
            raise _bad_zip(f"{name!r} has a second name or second sizes in its extra field.", name)
    if position > len(extra) or any(extra[position:]):
        raise _bad_zip(f"The extra field of {name!r} is damaged.", name)


def _check_layout(data: bytes, entries: list[_Entry], directory: int) -> None:
    """Every byte before the directory belongs to exactly one entry."""
    position = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset != position:
            raise _bad_zip(f"There are hidden or shared bytes before {entry.name!r}.", entry.name)
        position = _data_start(data, entry, directory) + entry.packed
        if entry.streamed:
            position = _after_descriptor(data, entry, position)
    if position != directory:
        raise _bad_zip("There are hidden bytes before the zip's directory.")


def _data_start(data: bytes, entry: _Entry, directory: int) -> int:
    """Where the bytes of ENTRY begin, when its local header says the same as the directory."""
    if entry.offset + _LOCAL.size > directory:
        raise _bad_zip(f"{entry.name!r} lies outside the zip.", entry.name)
    (mark, _need, flags, method, _time, _date, crc, packed, size, name_length, extra_length) = (
        _LOCAL.unpack_from(data, entry.offset)
    )
    start = entry.offset + _LOCAL.size + name_length + extra_length
    raw = data[entry.offset + _LOCAL.size : entry.offset + _LOCAL.size + name_length]
    if mark != b"PK\x03\x04" or start + entry.packed > directory:
        raise _bad_zip(f"The header of {entry.name!r} is damaged.", entry.name)
    if _name(raw, flags) != entry.name or method != entry.method:
        raise _bad_zip(f"{entry.name!r} has another name inside than in the directory.", entry.name)
    if bool(flags & _STREAMED) != entry.streamed or flags & _ENCRYPTED:
        raise _bad_zip(f"The two headers of {entry.name!r} disagree.", entry.name)
    _check_extra(data[start - extra_length : start], entry.name)
    stated = (crc, packed, size)
    if stated != (entry.crc, entry.packed, entry.size) and not (entry.streamed and not any(stated)):
        raise _bad_zip(f"The two headers of {entry.name!r} disagree on its size.", entry.name)
    return int(start)


def _after_descriptor(data: bytes, entry: _Entry, position: int) -> int:
    """Where the record ends that follows streamed data; its signature is optional (4.3.9.3)."""
    expected = struct.pack("<3I", entry.crc, entry.packed, entry.size)
    for head in (b"PK\x07\x08", b""):
        if data[position : position + len(head) + 12] == head + expected:
            return position + len(head) + 12
    raise _bad_zip(f"The sizes after {entry.name!r} disagree with the directory.", entry.name)


def _read(data: bytes, entry: _Entry, room: int) -> bytes:
    """The real bytes of one member, never more than ROOM."""
    header = _LOCAL.unpack_from(data, entry.offset)
    name_length, extra_length = header[-2:]
    start = entry.offset + _LOCAL.size + name_length + extra_length
    packed = data[start : start + entry.packed]
    if entry.size > room:
        raise _too_large(entry, room)
    if entry.size > _SMALL and entry.size > _RATIO * max(entry.packed, 1):
        text = f"{entry.name!r} grows more than {_RATIO} times when unpacked."
        raise _bad_zip(text, entry.name, "zip_bomb")
    content = packed if entry.method == _STORED else _inflate(packed, entry, room)
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise _bad_zip(f"{entry.name!r} is damaged: its checksum is wrong.", entry.name)
    return content


def _inflate(packed: bytes, entry: _Entry, room: int) -> bytes:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)  # negative: raw deflate, without zlib's header
    try:
        # One byte more than the zip says shows a lie without unpacking the rest.
        content = machine.decompress(packed, entry.size + 1)
    except zlib.error:
        raise _bad_zip(f"{entry.name!r} is damaged.", entry.name) from None
    if len(content) > room:
        raise _too_large(entry, room)
    if not machine.eof or machine.unused_data or machine.unconsumed_tail:
        raise _bad_zip(f"{entry.name!r} has more bytes than the zip says.", entry.name)
    return content


def _too_large(entry: _Entry, room: int) -> Refused:
    text = f"{entry.name!r} is too large: {human(room)} are left for it."
    return Refused(Problem("too_large", text, "Leave out what the agent does not need.", file=entry.name))
