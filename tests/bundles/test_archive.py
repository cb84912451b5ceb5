"""Hostile archives are refused with a reason and bounded memory; what common tools write is read."""

import io
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
