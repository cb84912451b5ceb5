"""What a licence field says: an SPDX expression, or the author's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.lib.licences import Licence, read


@pytest.mark.parametrize(
    ("written", "spdx"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("  Apache-2.0 ", "Apache-2.0"),
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("(MIT)", "MIT"),
    ],
)
def test_an_expression_is_written_as_spdx_writes_it(written, spdx):
    assert read(written) == Licence(written.strip(), spdx)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Ask the legal team",
        "Ask <legal>",
        "MIT AND",
        "MIT or",
        "Ask & legal",
        "(MIT",
        "MIT)",
        "AND",
        "MIT WITH",
        "MIT WITH MIT",
        "Complete terms in LICENSE.txt",
    ],
)
def test_free_words_are_never_guessed_into_a_licence(words):
    assert read(words) == Licence(words, "")


@given(st.text(alphabet="MITandorwithAND() <>&|+:.", max_size=30))
def test_no_words_of_an_author_stop_the_page(words):
    assert read(words).text == words.strip()


def test_a_licence_of_120_characters_is_read_and_a_longer_one_is_cut():
    long = " or ".join(["MIT"] * 18)
    assert len(long) == 122

    assert read(long) == Licence(long[:120], "")
    assert read(long[: 122 - 7]).spdx != ""


def test_the_label_says_that_nothing_was_stated():
    assert read(" ").label == "No licence stated"
    assert read("own words").label == "own words"
    assert read("mit").label == "MIT"
