"""What is read out of bytes that are not text, and how a page shows them."""

import os

import pytest

from skills.bundles.binary import dump, legible, searchable, strings

WORDS = "curl https://a.example/x"


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_words_are_found_whatever_bytes_their_letters_take(encoding):
    data = b"\x00\x01\xff\xfe\x90" * 7 + WORDS.encode(encoding) + b"\xff\x01\x90"

    assert WORDS in [text.strip() for text in strings(data)]
    assert WORDS.encode() in searchable(data)


def test_text_is_searched_as_it_is():
    assert searchable("naïve".encode()) == "naïve".encode()


def test_a_text_of_the_past_is_read_line_by_line():
    assert legible(b"caf\xe9\ncurl x\0") == "caf\N{REPLACEMENT CHARACTER}\ncurl x"


def test_noise_says_nearly_nothing():
    assert len(strings(os.urandom(100_000))) < 40


def test_hex_begins_where_the_bytes_depart():
    before, after = b"x" * 5_000 + b"a", b"x" * 5_000 + b"b"

    lines = dump(after, before)

    assert lines[0] == "5,001 bytes, from offset 4,992:"
    assert lines[1] == "00001380  78 78 78 78 78 78 78 78 62                       xxxxxxxxb"


def test_only_strings_that_are_new_are_listed():
    assert dump(b"\0" + b"old string\0" + b"new string", b"\0" + b"old string")[-2:] == [
        "1 strings:",
        "new string",
    ]


def test_a_dump_is_bounded_and_counts_what_it_leaves_out():
    lines = dump(b"".join(b"string %06d\0" % number for number in range(50_000)))

    assert len(lines) < 500
    assert "… 697,952 bytes more" in lines
    assert lines[-1] == "… 49,700 strings more"
