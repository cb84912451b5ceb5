"""Programs and archives are known by their bytes, whatever their name says; text is text only in UTF-8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.bundles.magic import archive_kind, decode, is_office_document, program_kind

TAR = b"x" * 257 + b"ustar" + b"0" * 250


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x7fELF\x02", "a Linux program (ELF)"),
        (b"MZ\x90\0", "a Windows program"),
        (b"\xfe\xed\xfa\xce", "a macOS program"),
        (b"\xfe\xed\xfa\xcf", "a macOS program"),
        (b"\xce\xfa\xed\xfe", "a macOS program"),
        (b"\xcf\xfa\xed\xfe", "a macOS program"),
        (b"\xca\xfe\xba\xbe", "a Java class or a macOS program"),
        (b"\0asm\x01", "a WebAssembly program"),
        (b"dex\n035", "an Android program"),
        (b"!<arch>\n", "a program library"),
    ],
)
@pytest.mark.parametrize("path", ["notes.md", "assets/logo.png"])
def test_the_first_bytes_of_a_program_decide(path, data, kind):
    assert program_kind(path, data) == kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"BZh9", "a bzip2 archive"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07\x01", "a rar archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"PK\x03\x04", "a zip archive"),
        (b"PK\x05\x06", "a zip archive"),
        (TAR, "a tar archive"),
    ],
)
def test_the_first_bytes_of_an_archive_decide(data, kind):
    assert archive_kind(data) == kind
    assert program_kind("notes.md", data) == ""


@pytest.mark.parametrize(
    "path", ["a.pyc", "a.PYO", "lib/a.so", "a.dll", "a.dylib", "a.exe", "a.jar", "a.class", "a.dmg", "a.msi"]
)
def test_the_name_of_a_program_is_enough(path):
    assert program_kind(path, b"harmless") == "a compiled program by its name"


@pytest.mark.parametrize(
    "suffix", ["docx", "dotx", "xlsx", "xltx", "pptx", "potx", "odt", "ots", "epub", "DOCX"]
)
def test_an_office_document_is_a_zip_with_the_suffix_of_one(suffix):
    assert is_office_document(f"a.{suffix}", b"PK\x03\x04")
    assert not is_office_document(f"a.{suffix}", b"\x1f\x8b\x08")
    assert not is_office_document("a.zip", b"PK\x03\x04")


@pytest.mark.parametrize(
    "data",
    [b"", b"M", b"MZ is a word in this text", b"PK", b"hello", b"\x89PNG\r\n", b"%PDF-1.7", b"dex\nand more"],
)
def test_text_and_plain_assets_are_neither(data):
    assert program_kind("assets/a.bin", data) == archive_kind(data) == ""


def test_a_text_that_starts_with_mz_is_a_program_once_it_has_a_nul():
    assert program_kind("a.md", b"MZ" + b"x" * 1_000 + b"\0") == "a Windows program"
    assert program_kind("a.md", b"MZ" + b"x" * 2_000 + b"\0") == ""


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"hello", "hello"),
        ("naïve 日本".encode(), "naïve 日本"),
        (b"\xef\xbb\xbfhello", "hello"),
        (b"hel\0lo", None),
        (b"\xff\xfe", None),
        ("hello".encode("utf-16"), None),
        (b"caf\xe9", None),
    ],
)
def test_text_is_utf8_without_nul(data, text):
    assert decode(data) == text


@given(st.text(alphabet=st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"])))
def test_text_comes_back_as_it_was_written(text):
    assert decode(text.encode()) == text
