"""What must be text: by folder, suffix and first line; and what is said of the byte that is not."""

import pytest

from skills.bundles.limits import BundleLimits
from skills.bundles.text_places import is_program, text_problem
from skills.bundles.validate import check_files
from tests.bundles.hostile import GOOD

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
LATIN_1 = [b"# caf\xe9\n", b"\xc0\xaf", "h\xef\r\n\f".encode("cp1252"), "hi".encode("utf-16")]
NO_ENCODING = [b"echo hi\n\0", b"caf\xe9\0", b"\xff\xfe\0", b"\xff\x01\x02"]
PROGRAMS = [
    "scripts/run.sh",
    "scripts/tool",
    "setup.py",
    "Makefile",
    "assets/run.sh",
    "assets/Tool.PY",
    "lib/query.sql",
]
PROSE = ["references/guide.md", "evals/notes.md", "evals/files/input.csv", "README.md", "lib/NOTES.TXT"]
DATA = ["scripts/deep/er/data.bin", "references/guide.dat", "references/picture.png"]
TEXT_PLACES = [*PROGRAMS, *PROSE, *DATA]


def told(path, data):
    report = check_files({"SKILL.md": GOOD, path: data}, BundleLimits())
    assert (report.bundle is None) == bool(report.errors)
    return [(problem.severity, problem.code) for problem in report.problems if problem.file == path]


@pytest.mark.parametrize("data", [*LATIN_1, *NO_ENCODING, b"\xed\xa0\x80"])
@pytest.mark.parametrize("path", PROGRAMS)
def test_what_runs_is_utf8_or_refused(path, data):
    assert told(path, data) == [("error", "not_text")]


@pytest.mark.parametrize("data", LATIN_1)
@pytest.mark.parametrize("path", PROSE)
def test_a_text_in_an_encoding_of_the_past_is_told(path, data):
    assert told(path, data) == [("warning", "not_text")]


@pytest.mark.parametrize("data", NO_ENCODING)
@pytest.mark.parametrize("path", PROSE)
def test_a_text_with_bytes_that_no_encoding_has_is_refused(path, data):
    assert told(path, data) == [("error", "not_text")]


@pytest.mark.parametrize("data", [*LATIN_1, *NO_ENCODING])
@pytest.mark.parametrize("path", DATA)
def test_what_does_not_claim_to_be_text_is_told_among_texts(path, data):
    assert told(path, data) == [("warning", "binary_file")]


def test_skill_md_is_utf8_or_refused():
    report = check_files({"SKILL.md": GOOD + b"caf\xe9"}, BundleLimits())

    assert [problem.code for problem in report.errors] == ["not_text"]


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
