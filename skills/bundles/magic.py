"""Programs, archives and office documents by their first bytes, whatever their name says."""

import codecs
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

_PROGRAMS: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "a Linux program (ELF)"),
    (b"\xfe\xed\xfa\xce", "a macOS program"),
    (b"\xfe\xed\xfa\xcf", "a macOS program"),
    (b"\xce\xfa\xed\xfe", "a macOS program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a Java class or a macOS program"),
    (b"\x00asm", "a WebAssembly program"),
    (b"dex\n03", "an Android program"),
    (b"dex\n04", "an Android program"),
    (b"!<arch>\n", "a program library"),
)
_ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "a gzip archive"),
    *((b"BZh%d" % level, "a bzip2 archive") for level in range(1, 10)),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
)
_TAR_MARK = slice(257, 262)
_OFFICE = re.compile(
    r"(?i)\.(docx|dotx|docm|dotm|xlsx|xltx|xlsm|xltm|pptx|potx|pptm|potm|od[tspg]|ot[tspg]|epub)"
)
_MACROS = b"vbaProject.bin"  # the part of an office document that holds its programs (MS-OVBA, 2.2)
_PROGRAM_SUFFIXES = frozenset(
    [
        ".aar",
        ".apk",
        ".appimage",
        ".class",
        ".deb",
        ".dll",
        ".dmg",
        ".dylib",
        ".ear",
        ".exe",
        ".ipa",
        ".jar",
        ".msi",
        ".msix",
        ".node",
        ".pkg",
        ".pyc",
        ".pyd",
        ".pyo",
        ".rpm",
        ".so",
        ".war",
    ]
)
_HEADER = 1_024  # bytes in which a Windows program has a NUL


def program_kind(path: str, data: bytes) -> str:
    """Which compiled program DATA is, "" where it is none: no skill may hold one."""
    if PurePosixPath(path).suffix.lower() in _PROGRAM_SUFFIXES:
        return "a compiled program by its name"
    # Two letters may begin a text.
    if data.startswith(b"MZ") and b"\0" in data[:_HEADER]:
        return "a Windows program"
    return _kind(_PROGRAMS, data)


def archive_kind(data: bytes) -> str:
    """Which archive DATA is, "" where it is none; an office document is a zip archive."""
    return "a tar archive" if data[_TAR_MARK] == b"ustar" else _kind(_ARCHIVES, data)


def is_office_document(path: str, data: bytes) -> bool:
    """A document of an office program, which is a zip by its bytes."""
    return data.startswith(b"PK\x03\x04") and _OFFICE.fullmatch(PurePosixPath(path).suffix) is not None


def has_macros(data: bytes) -> bool:
    """Whether the office document DATA names programs of its own: zips hold the names of files in clear."""
    return _MACROS in data


def _kind(marks: Iterable[tuple[bytes, str]], data: bytes) -> str:
    return next((kind for mark, kind in marks if data.startswith(mark)), "")


def decode(data: bytes) -> str | None:
    """DATA as text where it is UTF-8 without NUL bytes, else None."""
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def encode_like(text: str, data: bytes) -> bytes:
    """TEXT, with \\n at the ends of lines, as DATA writes it: its line ends and its byte order mark."""
    first, newline, _ = data.partition(b"\n")
    if newline and first.endswith(b"\r"):
        text = text.replace("\n", "\r\n")
    return mark_of(data) + text.encode()


def mark_of(data: bytes) -> bytes:
    """The byte order mark that DATA begins with, which `decode` leaves away; empty where it has none."""
    return codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
