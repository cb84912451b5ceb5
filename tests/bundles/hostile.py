"""Hostile archives and front matters by name: written here, never taken from anywhere."""

import io
import struct
import zipfile
from collections.abc import Iterator

GOOD = b"---\nname: greet-people\ndescription: Says hello. Use when somebody arrives.\n---\n\nSay hello.\n"


def plain(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return buffer.getvalue()


def with_name(name: str) -> bytes:
    """A good skill plus one file called NAME; zipfile itself would clean the name."""
    mark = "QQ" + "q" * (len(name.encode()) - 2) if len(name.encode()) > 2 else "Q" * len(name.encode())
    data = plain({"SKILL.md": GOOD, mark: b"text"})
    raw = name.encode()
    found = data.replace(mark.encode(), raw)
    if any(byte > 127 for byte in raw):  # set the UTF-8 flag in both headers of that entry
        found = bytearray(found)
        for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = found.rfind(head)
            found[at + flags + 1] |= 0x08
        found = bytes(found)
    return found


PATHS = [
    "../evil",
    "a/../../evil",
    "/etc/passwd",
    "C:/evil",
    "C:evil",
    "..\\evil",
    "a//b",
    "a/./b",
    "a/..",
    " lead",
    "trail ",
    "dot.",
    "a/b. ",
    "con",
    "CON.txt",
    "aux.md",
    "nul",
    "com1.py",
    "lpt9",
    "a/prn",
    "a:b",
    "a*b",
    "a?b",
    'a"b',
    "a<b",
    "a>b",
    "a|b",
    "a\x01b",
    "a\x1fb",
    "a\x7fb",
    "a\u202eb",
    "a\u2066b",
    "a\u200bb",
    "a\u00adb",
    "x" * 130,
    "/".join(["d"] * 14),
    "a/" * 60 + "deep" * 20,
    "a\u2028b",
    "\ufeffa",
]


def entry_type(mode: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("SKILL.md", GOOD)
        info = zipfile.ZipInfo("link")
        info.create_system, info.external_attr = 3, mode << 16
        archive.writestr(info, b"/etc/passwd")
    return buffer.getvalue()


def patched(offset_of: bytes, at: int, new: bytes, *, last: bool = True) -> bytes:
    """A good zip with bytes changed AT an offset from the last (or first) header OFFSET_OF."""
    data = bytearray(plain({"SKILL.md": GOOD, "a.txt": b"hello world"}))
    start = data.rfind(offset_of) if last else data.find(offset_of)
    data[start + at : start + at + len(new)] = new
    return bytes(data)


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def framing() -> Iterator[tuple[str, bytes]]:
    """Zips that two readers would understand differently."""
    good = plain({"SKILL.md": GOOD})
    yield "empty file", b""
    yield "not a zip", b"hello"
    yield "only an end", good[good.rfind(END) :]
    yield "cut in the middle", good[: len(good) // 2]
    yield "cut end", good[:-3]
    yield "bytes before", b"#!/bin/sh\n" + good
    yield "bytes after", good + b"x"
    yield "two zips in a row", good + good
    yield "comment that is a zip", good[:-2] + struct.pack("<H", len(good)) + good
    yield "gap before the directory", _gap(good)
    yield "other local name", patched(LOCAL, 30, b"b.txt")
    yield "other local size", patched(LOCAL, 22, struct.pack("<I", 5))
    yield "other local crc", patched(LOCAL, 14, b"\0\0\0\1")
    yield "wrong crc in both", _both(14, 16, b"\0\0\0\1")
    yield "other local method", patched(LOCAL, 8, b"\0\0")
    yield "unknown method", _both(8, 10, b"\x63\0")
    yield "encrypted", _both(6, 8, b"\x01\0")
    yield "local flag differs", patched(LOCAL, 6, b"\x01\0")
    yield "offset beyond the file", patched(CENTRAL, 42, struct.pack("<I", 99_999))
    yield "two entries share bytes", patched(CENTRAL, 42, struct.pack("<I", 0))
    yield "count too low", patched(END, 8, b"\x01\0\x01\0")
    yield "count too high", patched(END, 8, b"\x09\0\x09\0")
    yield "directory elsewhere", patched(END, 16, struct.pack("<I", 3))
    yield "directory too long", patched(END, 12, struct.pack("<I", 9_999))
    yield "second disk", patched(END, 4, b"\x01\0")
    yield "zip64 marks", patched(END, 8, b"\xff\xff\xff\xff")
    yield "zip64 size", patched(END, 12, b"\xff\xff\xff\xff")
    yield "size lie, small", _both(22, 24, struct.pack("<I", 3))
    yield "size lie, huge", _both(22, 24, struct.pack("<I", 2_000_000_000))
    yield "packed size lie", _both(18, 20, struct.pack("<I", 5))
    yield "duplicate entry", _duplicate()
    yield "damaged extra", with_extra(b"\x99\x99\xff\x00zz")
    yield (
        "name that is not text",
        plain({"SKILL.md": GOOD, "abcd": b"x"}).replace(b"abcd", b"\xff\xfe\xfd\xfc"),
    )
    yield "NUL in a name", plain({"SKILL.md": GOOD, "abcd": b"x"}).replace(b"abcd", b"a\0cd")
    yield "garbage in deflate", patched(LOCAL, 36, b"\xff\xff\xff\xff\xff")
    yield "folder with content", plain({"SKILL.md": GOOD, "d/": b"content"}, zipfile.ZIP_STORED)


def _gap(good: bytes) -> bytes:
    at = good.find(CENTRAL)
    end = good.rfind(END)
    start = struct.unpack_from("<I", good, end + 16)[0]
    moved = good[:at] + b"HIDDEN" + good[at:]
    return moved[: end + 6 + 16] + struct.pack("<I", start + 6) + moved[end + 6 + 20 :]


def _both(local: int, central: int, new: bytes) -> bytes:
    data = bytearray(plain({"SKILL.md": GOOD, "a.txt": b"hello world"}))
    for head, at in ((LOCAL, local), (CENTRAL, central)):
        start = data.rfind(head)
        data[start + at : start + at + len(new)] = new
    return bytes(data)


def _duplicate() -> bytes:
    return plain({"SKILL.md": GOOD, "a.txt": b"one", "b.txt": b"two"}).replace(b"b.txt", b"a.txt")


def with_extra(extra: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("SKILL.md")
        info.extra = extra
        archive.writestr(info, GOOD)
    return buffer.getvalue()


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small archives that would grow."""
    yield "one member of 1 GB in name", _both(22, 24, struct.pack("<I", 1_000_000_000))
    yield "zeros, 4 MB", plain({"SKILL.md": GOOD, "zeros.txt": b"\0" * 4_000_000})
    yield (
        "many members of 4.9 MB",
        plain({"SKILL.md": GOOD, **{f"{i}.txt": noise(4_900_000) for i in range(7)}}),
    )
    yield "member over the limit", plain({"SKILL.md": GOOD, "big.txt": noise(5_000_001)})
    yield (
        "zip that is a picture by name",
        plain({"SKILL.md": GOOD, "assets/a.png": plain({"x": b"0" * 1000})}),
    )
    yield "zip without a suffix", plain({"SKILL.md": GOOD, "assets/inner": plain({"x": b"y"})})
    yield "501 files", plain({"SKILL.md": GOOD, **{f"f{i}": b"x" for i in range(501)}})
    yield "9,000 entries", plain({f"f{i}": b"" for i in range(9_000)})


def noise(size: int) -> bytes:
    """Text that packs about four times: under the ratio, over the sizes."""
    import random

    rng = random.Random(size)
    line = bytes(rng.choice(b"abcdefghij klmnop\n") for _ in range(4_096))
    return (line * (size // len(line) + 1))[:size]


def contents() -> Iterator[tuple[str, bytes]]:
    """Well-formed zips whose files no skill may hold."""
    kinds = {
        "elf": b"\x7fELF\x02\x01",
        "windows program": b"MZ\x90\0\x03\0\0\0",
        "macos program": b"\xcf\xfa\xed\xfe\0",
        "java class": b"\xca\xfe\xba\xbe\0",
        "wasm": b"\0asm\x01",
        "gzip": b"\x1f\x8b\x08",
        "7z": b"7z\xbc\xaf\x27\x1c",
        "rar": b"Rar!\x1a\x07\0",
        "xz": b"\xfd7zXZ\0",
        "library": b"!<arch>\n",
        "tar": b"x" * 257 + b"ustar\0" + b"0" * 300,
    }
    for kind, data in kinds.items():
        yield f"{kind} called notes.md", plain({"SKILL.md": GOOD, "notes.md": data})
    yield "no SKILL.md", plain({"README.md": b"hello"})
    yield "two skills in two folders", plain({"a/SKILL.md": GOOD, "b/SKILL.md": GOOD})
    yield "names that fall together", plain({"SKILL.md": GOOD, "a.txt": b"1", "A.txt": b"2"})
    yield "SKILL.md twice by case", plain({"SKILL.md": GOOD, "Skill.md": b"2"})
    yield "ligature collision", plain({"SKILL.md": GOOD, "fi.txt": b"1", "\ufb01.txt": b"2"})
    yield "file and folder", plain({"SKILL.md": GOOD, "a": b"1", "a/b": b"2"})
    yield "SKILL.md of 300 KB", plain({"SKILL.md": GOOD + noise(300_000)})
    yield "SKILL.md in UTF-16", plain({"SKILL.md": GOOD.decode().encode("utf-16")})
    yield "SKILL.md with NUL", plain({"SKILL.md": GOOD + b"\0"})


def archives() -> Iterator[tuple[str, bytes]]:
    """Every hostile archive by name."""
    yield from framing()
    for name in PATHS:
        yield f"path {name[:40]!r}", with_name(name)
    for kind, mode in {
        "link": 0o120777,
        "fifo": 0o010666,
        "char device": 0o020666,
        "block device": 0o060666,
        "socket": 0o140666,
    }.items():
        yield kind, entry_type(mode)
    yield from bombs()
    yield from contents()


def matter(text: str) -> bytes:
    return f"---\n{text}\n---\n\nSay hello.\n".encode()


BASE = "name: greet-people\ndescription: Says hello.\n"


def front_matters() -> Iterator[tuple[str, bytes]]:
    """Every front matter that could harm a reader, by name."""
    laughs = (
        BASE
        + "a: &a [x,x]\n"
        + "".join(f"{c}: &{c} [*{p},*{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True))
    )
    yield "empty file", b""
    yield "only dashes", b"---\n---\n"
    yield "billion laughs", matter(laughs)
    yield "an anchor", matter(BASE + "a: &x y")
    yield "an alias", matter(BASE + "a: *x")
    yield "chained merges", matter(BASE + "a: &a {x: y}\nb: {<<: *a}")
    yield "python tag", matter(BASE + "a: !!python/object/apply:os.system ['id']")
    yield "binary tag", matter(BASE + "a: !!binary aGVsbG8=")
    yield "own tag", matter(BASE + "a: !secret x")
    yield "int tag", matter(BASE + "a: !!int 5")
    yield "deep lists", matter(BASE + "a: " + "[" * 20 + "]" * 20)
    yield "very deep lists", matter(BASE + "a: " + "[" * 7_000)
    yield "deep maps", matter(BASE + "a: " + "{b: " * 12 + "x" + "}" * 12)
    yield "100 KB of brackets", matter(BASE + "a: " + "[" * 100_000)
    yield "2,001 values", matter(BASE + "a: [" + "x," * 2_001 + "]")
    yield "17 KB", matter(BASE + "a: " + "x" * 17_000)
    yield "bidi control", matter("name: greet-people\ndescription: hello \u202e dlrow")
    yield "tag characters", matter("name: greet-people\ndescription: hello \U000e0041\U000e0042")
    yield "escape character", matter("name: greet-people\ndescription: hello \x1b[31m")


def unusual_front_matters() -> Iterator[tuple[str, bytes]]:
    """Front matter outside the specification, or that is no YAML, by name: odd, and of no harm."""
    yield "no front matter", b"# Hello\n"
    yield "not closed", b"---\nname: greet-people\ndescription: x\n"
    yield "an empty map", matter("{}")
    yield "a list", matter("- name: x")
    yield "a word", matter("hello")
    yield "two documents", matter(BASE + "...\n%YAML 1.2\nname: other")
    yield "merge key", matter(BASE + "<<: {a: b}")
    yield "the same field twice", matter(BASE + "name: other-name")
    yield "the same field twice, nested", matter(BASE + "metadata: {a: b, a: c}")
    yield "a list as a field name", matter(BASE + "? [a, b]\n: c")
    yield "a map as a field name", matter(BASE + "? {a: b}\n: c")
    yield "tab indentation", matter(BASE + "metadata:\n\ta: b")
    yield "unclosed quote", matter(BASE + 'a: "hello')
    yield "colon in plain text", matter("name: greet-people\ndescription: Use when: always")
    yield "no name", matter("description: x")
    yield "empty name", matter('name: ""\ndescription: x')
    yield "name with capitals", matter("name: Greet-People\ndescription: x")
    yield "name with a path", matter("name: ../greet\ndescription: x")
    yield "name with two hyphens", matter("name: greet--people\ndescription: x")
    yield "name with a hyphen at the end", matter("name: greet-\ndescription: x")
    yield "name of 65 letters", matter("name: " + "a" * 65 + "\ndescription: x")
    yield "name in cyrillic", matter("name: навык\ndescription: x")
    yield "name as a list", matter("name: [a]\ndescription: x")
    yield "no description", matter("name: greet-people")
    yield "description as a map", matter("name: greet-people\ndescription: {a: b}")
    yield "description of 1,025", matter("name: greet-people\ndescription: " + "x" * 1_025)
    yield "compatibility of 501", matter(BASE + "compatibility: " + "x" * 501)
    yield "empty compatibility", matter(BASE + 'compatibility: ""')
    yield "license as a list", matter(BASE + "license: [MIT]")
    yield "metadata as text", matter(BASE + "metadata: hello")
    yield "metadata nested", matter(BASE + "metadata: {a: {b: c}}")
    yield "allowed-tools as a map", matter(BASE + "allowed-tools: {a: b}")
    yield "no body", b"---\nname: greet-people\ndescription: x\n---\n"
