"""Whatever a text holds, its header is one line of ASCII, and an answer with it can be sent."""

import string
from urllib.parse import unquote

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from hypothesis import given
from hypothesis import strategies as st

from skills.http.header_values import attachment, etag, line

PRINTABLE = set(map(chr, range(0x20, 0x7F)))
# Plain texts, and those that are made of what breaks headers.
TEXTS = st.one_of(
    st.text(),
    st.text(alphabet=string.whitespace + '\0\x1b\x7f\x85\u2028"\\;,%=é界\ud800', max_size=40),
    st.just("x" * 100_000),
)


@pytest.mark.parametrize("encode", [line, attachment, etag])
@given(text=TEXTS)
def test_every_text_makes_a_header(encode, text):
    value = encode(text)

    response = HttpResponse()
    response.headers["X-Text"] = value
    assert set(value) <= PRINTABLE
    assert response.headers["X-Text"] == value


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_every_text_makes_a_location(text):
    assert set(HttpResponseRedirect(f"/@team/{text}/").headers["Location"]) <= PRINTABLE


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_reader_gets_the_words_back(text):
    printable = "".join(character for character in " ".join(text.split()) if character.isprintable())
    assert unquote(line(text)) == printable


@given(text=TEXTS)
def test_a_tag_stays_within_its_quotes(text):
    assert '"' not in etag(text)[1:-1]


def test_ordinary_words_stay_readable():
    assert line("yanked: deletes\r\nthe wrong files") == "yanked: deletes the wrong files"
    assert attachment("review-1.0.0.zip") == 'attachment; filename="review-1.0.0.zip"'
    assert etag("sha256:ab") == '"sha256:ab"'
