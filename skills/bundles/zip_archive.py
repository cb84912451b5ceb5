"""Reads a zip without trusting it: our own walk of the framing, real bytes counted, no disk.

Accepts what common tools write (streamed entries, comments, ZIP64, names of the past) and refuses what two
readers could understand differently: overlaps, hidden bytes, second directories, lies about sizes.
Structure: APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end).
"""

import struct
import zlib
from collections.abc import Sequence

from skills.bundles import zip_fields
from skills.bundles.limits import BundleLimits
from skills.bundles.tree import Member
from skills.bundles.zip_fields import Directory, ZipEntry, bad_zip
from skills.lib.errors import Problem, ProblemSeverity, Refused

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_RATIO = 100  # times a member may grow; deflate reaches 1,032, text rarely 20
_SMALL = 100_000  # bytes below which the ratio does not matter
_BLANK = b"\0\t\r\n \xef\xbb\xbf"  # what scripts and transfers add around a zip, a byte order mark included
_SPANNED = (b"PK\x07\x08", b"PK00")  # stands before the first entry of what might have been several parts
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")


class ZipArchive:
    """The files of a zip. Raises Refused where the zip as a whole cannot be trusted."""

    def __init__(self, data: bytes, limits: BundleLimits) -> None:
        self._data = data
        directory = zip_fields.directory_of(data)
        if directory.count > limits.pack_files:
            text = f"The zip has {directory.count:,} entries; at most {limits.pack_files:,} are read."
            raise Refused(Problem("too_many_files", text, "Leave out what the agent does not need."))
        entries, has_comments = _entries(data, directory)
        self._starts = _check_layout(data, entries, directory)
        self._entries = [entry for entry in entries if not entry.is_folder]
        old_names = [entry.name for entry in self._entries if entry.is_old_name]
        self.notes = [
            *_comment_notes(directory.comment, has_comments=has_comments),
            *_old_name_notes(old_names),
        ]

    @property
    def members(self) -> Sequence[Member]:
        return self._entries

    def read(self, member: Member) -> bytes:
        assert isinstance(member, ZipEntry)  # one of `members`
        start = self._starts[member.offset]
        packed = self._data[start : start + member.packed]
        if member.size > _SMALL and member.size > _RATIO * max(member.packed, 1):
            text = f"{member.name!r} grows more than {_RATIO} times when unpacked."
            raise bad_zip(text, member.name, "zip_bomb", "Leave it out, or make it shorter.")
        content = packed if member.method == zip_fields.STORED else _inflate(packed, member)
        if len(content) != member.size or zlib.crc32(content) != member.crc:
            raise bad_zip(f"{member.name!r} is damaged: its checksum is wrong.", member.name)
        return content


def _entries(data: bytes, directory: Directory) -> tuple[list[ZipEntry], bool]:
    """Entries of the central directory, and whether one of them carries a comment."""
    position, entries, has_comments = directory.start, [], False
    for _ in range(directory.count):
        entry, position, comment = _entry_at(data, position, directory)
        entries.append(entry)
        has_comments = has_comments or bool(comment)
    if position != directory.end:
        raise bad_zip("The zip's directory has bytes that belong to no entry.")
    return entries, has_comments


def _entry_at(data: bytes, position: int, directory: Directory) -> tuple[ZipEntry, int, bytes]:
    """The entry of the directory at POSITION, where the next one begins, and its comment."""
    if position + _CENTRAL.size > directory.end:
        raise bad_zip("The zip's directory is cut off.")
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
    after_name = position + _CENTRAL.size + name_length
    after_extra = after_name + extra_length
    stop = after_extra + comment_length
    if mark != b"PK\x01\x02" or stop > directory.end:
        raise bad_zip("An entry of the zip's directory is damaged.")
    if disk not in (0, zip_fields.UNKNOWN_16):
        raise zip_fields.several_parts()
    raw = data[position + _CENTRAL.size : after_name]
    extra = zip_fields.extra_fields(data[after_name:after_extra], raw)
    name, is_old = zip_fields.name_of(raw, flags, extra)
    size, packed, offset = zip_fields.real_sizes((size, packed, offset), extra, name)
    entry = ZipEntry(
        name=name,
        raw_name=raw,
        is_old_name=is_old,
        method=method,
        flags=flags,
        crc=crc,
        packed=packed,
        size=size,
        mode=outer >> 16 if made >> 8 == zip_fields.UNIX else 0,
        attributes=outer & 0xFF,
        offset=offset + directory.shift,
        fault=None,
    )
    return zip_fields.with_fault(entry), stop, data[after_extra:stop]


def _check_layout(data: bytes, entries: list[ZipEntry], directory: Directory) -> dict[int, int]:
    """Where the bytes of each entry begin, by its offset; each byte must belong to one entry, or be blank."""
    starts: dict[int, int] = {}
    position = 0
    ordered = sorted(entries, key=lambda entry: entry.offset)
    following = [*(entry.offset for entry in ordered[1:]), directory.start]
    for entry, next_offset in zip(ordered, following, strict=False):
        _check_gap(data[position : entry.offset], entry, position)
        if entry.offset < position:
            raise bad_zip(f"{entry.name!r} shares bytes with another file.", entry.name)
        starts[entry.offset] = _data_start(data, entry, directory.start)
        position = starts[entry.offset] + entry.packed
        if entry.is_streamed:
            position = _after_descriptor(data, entry, position, next_offset)
    if data[position : directory.start].strip(_BLANK):
        raise bad_zip("There are hidden bytes before the zip's directory.")
    return starts


def _check_gap(gap: bytes, entry: ZipEntry, position: int) -> None:
    """Refuse bytes before ENTRY that belong to no file, unless they are blank."""
    rest = gap.strip(_BLANK)
    if not rest or (position == 0 and rest in _SPANNED):
        return
    if position:
        raise bad_zip(f"There are hidden bytes before {entry.name!r}.", entry.name)
    if rest.startswith(_PROGRAMS):
        text = "This is a program that unpacks itself, not a plain zip."
        remedy = (
            "Make a zip without it (7-Zip: untick 'Create SFX archive'), or unpack it and publish the folder."
        )
        raise bad_zip(text, remedy=remedy)
    text = f"There are {len(gap):,} bytes before the zip begins: {rest[:20]!r}…"
    raise bad_zip(text, remedy="Upload the zip alone, as the tool wrote it.")


def _data_start(data: bytes, entry: ZipEntry, directory: int) -> int:
    """Where the bytes of ENTRY begin, when its local header says the same as the directory."""
    if entry.offset + _LOCAL.size > directory:
        raise bad_zip(f"{entry.name!r} lies outside the zip.", entry.name)
    (mark, _need, flags, method, _time, _date, crc, packed, size, name_length, extra_length) = (
        _LOCAL.unpack_from(data, entry.offset)
    )
    after_name = entry.offset + _LOCAL.size + name_length
    start = after_name + extra_length
    if mark != b"PK\x03\x04" or start + entry.packed > directory:
        raise bad_zip(f"The header of {entry.name!r} is damaged.", entry.name)
    raw = data[entry.offset + _LOCAL.size : after_name]
    if raw != entry.raw_name or method != entry.method:
        raise bad_zip(f"{entry.name!r} has another name inside than in the directory.", entry.name)
    if (flags ^ entry.flags) & (zip_fields.STREAMED | zip_fields.ENCRYPTED):
        raise bad_zip(f"The two headers of {entry.name!r} disagree.", entry.name)
    extra = zip_fields.extra_fields(data[after_name:start], raw)
    if zip_fields.name_of(raw, flags, extra)[0] != entry.name:
        raise bad_zip(f"{entry.name!r} has another name inside than in the directory.", entry.name)
    size, packed, _ = zip_fields.real_sizes((size, packed, 0), extra, entry.name)
    # `zip -r -` knows the size before it packs, and nothing else.
    pairs = ((crc, entry.crc), (packed, entry.packed), (size, entry.size))
    if any(stated != real and (stated or not entry.is_streamed) for stated, real in pairs):
        raise bad_zip(f"The two headers of {entry.name!r} disagree on its size.", entry.name)
    return int(start)


def _after_descriptor(data: bytes, entry: ZipEntry, position: int, next_offset: int) -> int:
    """Where the record ends that follows streamed data.

    Its signature is optional, and its sizes are long or short (4.3.9.3): only what comes next tells.
    """
    for sizes in ("<3I", "<I2Q"):
        try:
            expected = struct.pack(sizes, entry.crc, entry.packed, entry.size)
        except struct.error:  # a size of ZIP64, which needs the long form
            continue
        for record in (b"PK\x07\x08" + expected, expected):
            end = position + len(record)
            if data[position:end] == record and not data[end:next_offset].strip(_BLANK):
                return end
    raise bad_zip(f"The sizes after {entry.name!r} disagree with the directory.", entry.name)


def _inflate(packed: bytes, entry: ZipEntry) -> bytes:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)  # negative: raw deflate, without zlib's header
    try:
        # One byte more than the zip says shows a lie without unpacking the rest.
        content = machine.decompress(packed, entry.size + 1)
    except zlib.error:
        raise bad_zip(f"{entry.name!r} is damaged.", entry.name) from None
    if not machine.eof or machine.unused_data or machine.unconsumed_tail:
        raise bad_zip(f"{entry.name!r} has more bytes than the zip says.", entry.name)
    return content


def _comment_notes(comment: bytes, *, has_comments: bool) -> list[Problem]:
    """What the zip says beside its files; GitHub and `git archive` write the commit there."""
    texts = []
    if comment:
        words = comment.decode("utf-8", "replace")
        texts.append(f"The comment of the zip was left out: {words[:100]!r}.")
    if has_comments:
        texts.append("Comments of single files in the zip were left out.")
    return [Problem("left_out", text, severity=ProblemSeverity.NOTE) for text in texts]


def _old_name_notes(names: Sequence[str]) -> list[Problem]:
    """Names that say nowhere in which letters they are written."""
    if not names:
        return []
    text = f"{len(names):,} names were read in the letters of the IBM PC (CP437), such as {names[0]!r}."
    remedy = (
        "Where they are wrong, make the zip with a tool that writes names in UTF-8, such as 7-Zip or zip."
    )
    return [Problem("renamed", text, remedy, file=names[0], severity=ProblemSeverity.NOTE)]
