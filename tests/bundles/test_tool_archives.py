"""Archives as tools write them are read; what stays refused says the true cause and the way out."""

import io
import struct
import tarfile
import zipfile
import zlib

import pytest
import zstandard

from skills.bundles.limits import BundleLimits
from skills.bundles.validate import check
from tests.bundles import hostile

LIMITS = BundleLimits()
FILES = {"greet/SKILL.md": hostile.GOOD, "greet/scripts/a.py": b"print(1)\n"}


def a_zip(files=FILES, *, comment=b"", method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.comment = comment
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def zip64():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(data)
    return buffer.getvalue()


def streamed_with_known_sizes():
    """As `zip -r -` does: the size before packing stands in the first header, and nothing else."""
    data = bytearray(a_zip())
    for head, flags in ((hostile.LOCAL, 6), (hostile.CENTRAL, 8)):
        at = -1
        while (at := data.find(head, at + 1)) >= 0:
            data[at + flags] |= 8
    parts, offsets, position = [], [], 0
    start = data.find(hostile.CENTRAL)
    ends = [data.find(hostile.LOCAL, 1), start]
    for end in ends:
        entry = bytearray(data[position:end])
        sizes = bytes(entry[14:26])
        entry[14:22] = bytes(8)
        offsets.append(sum(map(len, parts)))
        parts.append(bytes(entry) + b"PK\x07\x08" + sizes)
        position = end
    directory = bytearray(data[start:])
    at = -1
    for offset in offsets:
        at = directory.find(hostile.CENTRAL, at + 1)
        directory[at + 42 : at + 46] = struct.pack("<I", offset)
    end = directory.rfind(hostile.END)
    directory[end + 16 : end + 20] = struct.pack("<I", sum(map(len, parts)))
    return b"".join(parts) + bytes(directory)


def a_tar(files=FILES, *, form=tarfile.PAX_FORMAT, links=()):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for kind, name in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "SKILL.md"
            tar.addfile(info)
    return buffer.getvalue()


def gz(data):
    machine = zlib.compressobj(wbits=31)
    return machine.compress(data) + machine.flush()


READ = {
    "plain": a_zip(),
    "stored": a_zip(method=zipfile.ZIP_STORED),
    "with a comment": a_zip(comment=b"c651ca487a65fe36ac9c02c6fc0db013e20f0510"),
    "with the longest comment": a_zip(comment=b"x" * 65_535),
    "zip64": zip64(),
    "zip -r -": streamed_with_known_sizes(),
    "with a line end after it": a_zip() + b"\r\n",
    "with a blank line before it": b"\n" + a_zip(),
    "with backslashes": a_zip({name.replace("/", "\\"): data for name, data in FILES.items()}),
    "tar": a_tar(),
    "tar of long ago": a_tar(form=tarfile.USTAR_FORMAT),
    "tar of GNU": a_tar(form=tarfile.GNU_FORMAT),
    "tar of a dot": a_tar({f"./{name.removeprefix('greet/')}": data for name, data in FILES.items()}),
    "tar.gz": gz(a_tar()),
    "tar.zst": zstandard.compress(a_tar()),
    "tar.zst in two frames": zstandard.compress(a_tar()[:600]) + zstandard.compress(a_tar()[600:]),
}


@pytest.mark.parametrize("name", READ)
def test_an_archive_of_an_ordinary_tool_is_read(name):
    report = check(READ[name], LIMITS)

    assert report.errors == []
    assert report.accepted().files == {"SKILL.md": hostile.GOOD, "scripts/a.py": b"print(1)\n"}


def test_comments_are_told():
    (note,) = check(READ["with a comment"], LIMITS).problems

    assert (note.code, note.severity) == ("left_out", "note")
    assert "c651ca487a65fe36ac9c02c6fc0db013e20f0510" in note.text


def test_names_of_old_zips_are_read_in_their_letters_and_told():
    data = a_zip({**FILES, "greet/XtX.md": b"x"}).replace(b"XtX.md", b"\x82t\x82.md")

    report = check(data, LIMITS)

    assert "été.md" in report.accepted().files
    assert "CP437" in next(problem.text for problem in report.problems if problem.code == "renamed")


@pytest.mark.parametrize(("checksum_is_right", "name"), [(True, "äöü.txt"), (False, "x.txt")])
def test_the_unicode_name_of_info_zip_counts_where_it_belongs_to_the_name(checksum_is_right, name):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("SKILL.md", hostile.GOOD)
        info = zipfile.ZipInfo("x.txt")
        value = struct.pack("<BI", 1, zlib.crc32(b"x.txt") ^ (not checksum_is_right)) + "äöü.txt".encode()
        info.extra = struct.pack("<HH", 0x7075, len(value)) + value
        archive.writestr(info, b"x")

    assert name in check(buffer.getvalue(), LIMITS).accepted().files


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"MZ\x90\0" * 50 + a_zip(), "bad_zip", "a program that unpacks itself"),
        (b"some header" + a_zip(), "bad_zip", "bytes before the zip begins"),
        (a_zip() + b"trailing words", "bad_zip", "other bytes after the end"),
        (a_zip()[:120], "bad_zip", "cut off"),
        (a_zip({"SKILL.md": hostile.GOOD}, method=zipfile.ZIP_LZMA), "bad_zip", "packed with LZMA"),
        (a_zip({"SKILL.md": hostile.GOOD}, method=zipfile.ZIP_BZIP2), "bad_zip", "packed with bzip2"),
        (hostile.entry_type(0o120777), "not_a_file", "is a link"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "bad_zip", "a 7z archive"),
        (b"<!DOCTYPE html><html>", "bad_zip", "a web page"),
        (b"", "bad_zip", "an empty file"),
        (hostile.GOOD, "bad_zip", "a text file"),
        (gz(b"words"), "bad_archive", "no tar in it"),
        (gz(a_tar())[:-30], "bad_archive", "cut off"),
        (zstandard.compress(a_tar())[:-30], "bad_archive", "cut off|damaged|no tar"),
        (a_tar()[:2_000], "bad_archive", "cut off|damaged"),
        (a_tar() + b"x" * 512, "bad_archive", "other bytes after its end"),
        (gz(bytes(200_000_000)), "too_large", "120 MB when it is unpacked"),
        (a_tar(links=[(tarfile.SYMTYPE, "greet/a")]), "not_a_file", "is a link"),
        (a_tar(links=[(tarfile.LNKTYPE, "greet/a")]), "not_a_file", "is a link"),
        (a_tar(links=[(tarfile.FIFOTYPE, "greet/a")]), "not_a_file", "a device or a pipe"),
        (a_tar({**FILES, "greet/../../x": b"x"}), "bad_path", "leads out of its folder"),
        (a_tar({**FILES, "/etc/x": b"x"}), "bad_path", "is absolute"),
    ],
)
def test_what_is_refused_says_why_and_the_way_out(data, code, words):
    problem, *_ = check(data, LIMITS).errors

    assert problem.code == code
    assert any(word in problem.text for word in words.split("|"))
    assert problem.remedy


def test_what_no_skill_keeps_may_be_a_link_or_locked():
    data = a_tar(links=[(tarfile.SYMTYPE, "greet/.venv/python"), (tarfile.SYMTYPE, "CLAUDE.md")])

    assert check(data, LIMITS).errors == []


def test_a_skill_at_the_top_keeps_others_as_its_files_and_says_so():
    report = check({"SKILL.md": hostile.GOOD, "skills/a/SKILL.md": hostile.GOOD}, LIMITS)

    assert sorted(report.accepted().files) == ["SKILL.md", "skills/a/SKILL.md"]
    assert [(problem.code, problem.file) for problem in report.problems] == [
        ("several_skills", "skills/a/SKILL.md")
    ]
