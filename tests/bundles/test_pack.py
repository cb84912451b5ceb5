"""The canonical zip: equal files give equal bytes, and every file can be read out by its place."""

import hashlib
import io
import zipfile
import zlib

from hypothesis import given
from hypothesis import strategies as st

from skills.bundles.limits import BundleLimits
from skills.bundles.pack import pack
from skills.bundles.zip_archive import ZipArchive

FILES = {"SKILL.md": b"hello", "scripts/run.sh": b"#!/bin/sh\n", "empty.txt": b"", "a/ü.md": b"x" * 10_000}
NAMES = st.text(st.sampled_from("abcü/"), min_size=1, max_size=12)


def test_the_order_of_the_files_does_not_matter():
    assert pack(FILES) == pack(dict(reversed(FILES.items())))


def test_another_byte_or_another_name_is_another_digest():
    digests = {
        pack(files).digest for files in (FILES, FILES | {"SKILL.md": b"hellO"}, FILES | {"more.txt": b""})
    }

    assert len(digests) == 3


def test_the_digest_is_that_of_the_bytes():
    archive = pack(FILES)

    assert archive.digest == hashlib.sha256(archive.data).hexdigest()


def test_the_zip_carries_no_time_no_machine_and_nothing_extra():
    """Digests stand in other people's lock files: nothing that varies may be in the bytes."""
    with zipfile.ZipFile(io.BytesIO(pack({"SKILL.md": b"hello"}).data)) as archive:
        (info,) = archive.infolist()

    assert (info.date_time, info.create_system, info.compress_type) == ((1980, 1, 1, 0, 0, 0), 3, 8)
    assert (info.extra, info.comment, info.flag_bits) == (b"", b"", 0)


def test_a_script_with_a_first_line_for_its_program_is_executable():
    modes = {file.path: file.executable for file in pack(FILES).files}

    assert modes == {"SKILL.md": False, "a/ü.md": False, "empty.txt": False, "scripts/run.sh": True}


def test_names_are_sorted_by_their_bytes():
    paths = [file.path for file in pack({"b": b"", "a/b": b"", "a": b"", "ä": b"", "Z": b""}).files]

    assert paths == ["Z", "a", "a/b", "b", "ä"]


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=6))
def test_each_file_lies_where_it_says(files):
    archive = pack(files)

    for file in archive.files:
        packed = archive.data[file.start : file.start + file.packed]
        content = zlib.decompress(packed, wbits=-15)
        assert content == files[file.path]
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@given(
    st.dictionaries(NAMES.filter(lambda name: not name.endswith("/")), st.binary(max_size=200), max_size=6)
)
def test_our_own_reader_takes_what_we_pack(files):
    archive = ZipArchive(pack(files).data, BundleLimits())

    assert {member.name: archive.read(member) for member in archive.members} == files
    assert archive.notes == []
