"""Hostile archives are refused with a reason and bounded memory; what common tools write is read."""

import io
import struct
import subprocess
import sys
import tracemalloc
import zipfile

import pytest

from skills.bundles.limits import BundleLimits
from skills.bundles.validate import check_zip
from tests.bundles import hostile

ARCHIVES = list(hostile.archives())


def test_there_are_enough_hostile_archives():
    assert len(ARCHIVES) >= 100
    assert len({name for name, _ in ARCHIVES}) == len(ARCHIVES)


@pytest.mark.parametrize(("name", "data"), ARCHIVES, ids=[name for name, _ in ARCHIVES])
def test_hostile_archive_is_refused_with_a_reason(name, data):
    tracemalloc.start()

    report = check_zip(data, BundleLimits())

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.bundle is None, name
    assert all(problem.code and problem.text for problem in report.errors)
    assert peak < 120_000_000


def tool_zips():
    files = {"SKILL.md": hostile.GOOD, "scripts/run.sh": b"#!/bin/sh\necho hi\n"}
    yield "deflated", hostile.plain(files)
    yield "stored", hostile.plain(files, zipfile.ZIP_STORED)
    yield "with folders", hostile.plain({"scripts/": b"", **files}, zipfile.ZIP_STORED)
    yield "inside one folder", hostile.plain({f"greet-people/{name}": data for name, data in files.items()})
    yield "with mac rubbish", hostile.plain({**files, "__MACOSX/._SKILL.md": b"x", ".DS_Store": b"x"})

    class Stream(io.RawIOBase):
        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, part):
            self.data += part
            return len(part)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    yield "streamed with descriptors", bytes(stream.data)


TOOLS = list(tool_zips())


@pytest.mark.parametrize(("name", "data"), TOOLS, ids=[name for name, _ in TOOLS])
def test_zip_of_a_common_tool_is_read(name, data):
    report = check_zip(data, BundleLimits())

    assert report.errors == []
    assert sorted(report.accepted().files) == ["SKILL.md", "scripts/run.sh"]


def test_equal_files_give_equal_bytes_whatever_tool_packed_them():
    digests = {check_zip(data, BundleLimits()).accepted().archive.digest for _, data in TOOLS}

    assert len(digests) == 1


def test_rubbish_that_is_left_out_is_told():
    report = check_zip(dict(TOOLS)["with mac rubbish"], BundleLimits())

    assert [(p.code, p.severity) for p in report.problems] == [("left_out", "note")] * 2


def test_the_canonical_zip_opens_with_unzip(tmp_path):
    bundle = check_zip(dict(TOOLS)["deflated"], BundleLimits()).accepted()
    path = tmp_path / "skill.zip"
    path.write_bytes(bundle.archive.data)

    done = subprocess.run(
        [sys.executable, "-m", "zipfile", "-t", str(path)], capture_output=True, check=False
    )

    assert done.returncode == 0
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["SKILL.md", "scripts/run.sh"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert [oct(info.external_attr >> 16) for info in archive.infolist()] == ["0o100644", "0o100755"]


def refusal_of(data, **limits):
    (problem,) = check_zip(data, BundleLimits(**limits)).errors
    assert problem.remedy
    return problem.code, problem.file


@pytest.mark.parametrize(
    ("data", "code", "file"),
    [
        (hostile.entry_type(0o120777), "not_a_file", "link"),
        (dict(ARCHIVES)["encrypted"], "encrypted", "a.txt"),
        (dict(ARCHIVES)["duplicate entry"], "duplicate_file", "a.txt"),
        (dict(ARCHIVES)["zeros, 4 MB"], "zip_bomb", "zeros.txt"),
        (dict(ARCHIVES)["member over the limit"], "too_large", "big.txt"),
        (dict(ARCHIVES)["name that is not text"], "bad_path", ""),
        (dict(ARCHIVES)["not a zip"], "bad_zip", ""),
    ],
)
def test_a_refusal_has_its_code_and_names_the_file(data, code, file):
    assert refusal_of(data) == (code, file)


def test_files_share_the_room_of_the_whole():
    data = hostile.plain({"SKILL.md": hostile.GOOD, "a.txt": b"x" * 600, "b.txt": b"y" * 600})

    assert refusal_of(data, unpacked=len(hostile.GOOD) + 1_199) == ("too_large", "")
    assert check_zip(data, BundleLimits(unpacked=len(hostile.GOOD) + 1_200)).errors == []


def test_a_size_that_lies_is_found_without_unpacking_the_rest():
    """The directory says 3 bytes, the data holds 11: the first byte too many ends it."""
    assert refusal_of(dict(ARCHIVES)["size lie, small"])[0] == "bad_zip"


@pytest.mark.parametrize("signature", [b"PK\x07\x08", b""])
def test_the_record_after_streamed_data_may_lack_its_signature(signature):
    data = dict(TOOLS)["streamed with descriptors"]
    if not signature:
        data = without_signatures(data)

    assert sorted(check_zip(data, BundleLimits()).accepted().files) == ["SKILL.md", "scripts/run.sh"]


def test_a_record_after_streamed_data_that_disagrees_is_refused():
    data = bytearray(dict(TOOLS)["streamed with descriptors"])
    data[data.find(b"PK\x07\x08") + 4] ^= 1

    assert refusal_of(bytes(data)) == ("bad_zip", "SKILL.md")


def without_signatures(data: bytes) -> bytes:
    """The streamed zip of two entries with both signatures of 4 bytes taken out and the places mended."""
    shorter = data.replace(b"PK\x07\x08", b"")
    directory = shorter.find(hostile.CENTRAL)
    second = shorter.rfind(hostile.CENTRAL)
    end = shorter.rfind(hostile.END)
    place = bytearray(shorter)
    place[second + 42 : second + 46] = struct.pack("<I", shorter.rfind(hostile.LOCAL))
    place[end + 16 : end + 20] = struct.pack("<I", directory)
    return bytes(place)


def test_folders_in_a_zip_are_no_files():
    data = hostile.plain({"scripts/": b"", "SKILL.md": hostile.GOOD, "scripts/a/": b""}, zipfile.ZIP_DEFLATED)

    assert list(check_zip(data, BundleLimits()).accepted().files) == ["SKILL.md"]


def test_extra_fields_that_name_nothing_are_let_be():
    """Times and owners, as zip and macOS write them."""
    data = hostile.with_extra(struct.pack("<HHBI", 0x5455, 5, 1, 0))

    assert check_zip(data, BundleLimits()).errors == []
