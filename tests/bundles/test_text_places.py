"""What must be text: by folder, suffix and first line; and what is said of the byte that is not."""

import pytest

from skills.bundles.limits import BundleLimits
from skills.bundles.text_places import is_program, text_problem
from skills.bundles.validate import check_files
from tests.bundles.hostile import GOOD

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
NOT_TEXT = [b"echo hi\n\0", b"# caf\xe9\n", "echo hi".encode("utf-16"), b"\xed\xa0\x80", b"\xc0\xaf"]
TEXT_PLACES = [
    "scripts/run.sh",
    "scripts/tool",
    "scripts/deep/er/data.bin",
    "references/guide.md",
    "references/guide.dat",
    "references/picture.png",
    "evals/notes.md",
    "evals/files/input.csv",
    "README.md",
    "setup.py",
    "Makefile",
    "lib/NOTES.TXT",
    "assets/run.sh",
    "assets/Tool.PY",
]


@pytest.mark.parametrize("data", NOT_TEXT)
@pytest.mark.parametrize("path", TEXT_PLACES)
def test_a_text_place_holds_utf8_or_is_refused(path, data):
    report = check_files({"SKILL.md": GOOD, path: data}, BundleLimits())

    assert [(problem.code, problem.file) for problem in report.errors] == [("not_text", path)]
    assert report.bundle is None


@pytest.mark.parametrize("path", TEXT_PLACES)
def test_utf8_of_every_script_is_fine_in_a_text_place(path):
    assert text_problem(path, "naïve 日本語 العربية עברית हिन्दी 🙂".encode()) is None


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("assets/table.csv", b"caf\xe9"),
        ("assets/logo.png", PNG),
        ("assets/model.bin", b"\0\1\2"),
        ("logo.png", PNG),
        ("references/picture.png", PNG),
        ("evals/files/scan.pdf", b"%PDF-1.7\n\xe2\xe3"),
        ("fonts/a.woff2", b"wOF2\0"),
    ],
)
def test_what_nobody_takes_for_text_may_be_anything(path, data):
    assert text_problem(path, data) is None


def test_a_first_line_that_names_an_interpreter_makes_a_program_of_any_file():
    assert text_problem("assets/logo.png", b"#!/bin/sh\n\0") is not None
    assert is_program("assets/data", b"#!/usr/bin/env python3\n")


@pytest.mark.parametrize(
    ("data", "text", "line"),
    [
        (b"one\ntwo \xe9\n", "a.md is not UTF-8 text: the byte 0xE9 stands at offset 8 (line 2).", 2),
        (b"one\n\n\0", "a.md is not UTF-8 text: a NUL byte stands at offset 5 (line 3).", 3),
        (b"\0\xff", "a.md is not UTF-8 text: a NUL byte stands at offset 0 (line 1).", 1),
        (b"\xff\0", "a.md is not UTF-8 text: the byte 0xFF stands at offset 0 (line 1).", 1),
    ],
)
def test_the_byte_is_named_with_its_place(data, text, line):
    problem = text_problem("a.md", data)

    assert (problem.text, problem.line) == (text, line)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("hi".encode("utf-16"), "`iconv -f UTF-16 -t UTF-8 a.md`"),
        (b"caf\xe9", "`iconv -f WINDOWS-1252 -t UTF-8 a.md`"),
        (b"a\0", "Remove the NUL bytes."),
    ],
)
def test_the_way_out_fits_what_the_file_seems_to_be(data, words):
    assert words in text_problem("a.md", data).remedy


def test_a_file_of_a_refused_kind_is_told_once():
    report = check_files({"SKILL.md": GOOD, "scripts/a.tar.gz": b"\x1f\x8b\x08\0"}, BundleLimits())

    assert [problem.code for problem in report.errors] == ["refused_kind"]
