"""Words, stems, pieces, snippets: the same for index and query, in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.search.snippets import START, STOP, WIDTH, snippet
from skills.search.text_features import PIECES, Text, pieces, query_words, spans, stem, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Review pull-requests, v1.2!", ["review", "pull", "requests", "pull-requests", "v1", "2", "v1-2"]),
        ("Straße Überweisung café", ["strasse", "uberweisung", "cafe"]),
        ("日本語のスキル", ["日本", "本語", "語の", "のス", "スキ", "キル"]),
        ("发 invoice发票", ["发", "invoice", "发票"]),
        ("snake_case ☃ \x00", ["snake", "case", "snake-case"]),
    ],
)
def test_words_are_cut_and_folded(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("invoices", "invoice"),
        ("queries", "query"),
        ("reviewing", "review"),
        ("deployed", "deploy"),
        ("class", "class"),
    ],
)
def test_endings_fall_together(one, other):
    assert stem(one) == stem(other)


def test_words_that_say_nothing_are_left_out_unless_there_is_nothing_else():
    assert query_words("how do I sort my invoices", 9) == ["sort", "invoices"]
    assert query_words("how to do it", 9) == ["how", "to", "do", "it"]


@given(st.text(max_size=400))
def test_every_word_stands_where_it_is_said_to(text):
    for _, start, end in spans(text):
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=4_000))
def test_pieces_are_bounded(text):
    found = pieces(text)

    assert len(found) <= PIECES
    assert all(len(piece) <= 1_125 for piece in found)


@given(st.text(max_size=600), st.sets(st.sampled_from(["invoic", "sort", "a"])))
def test_snippets_are_bounded_and_balanced(text, stems):
    found = snippet(text, stems)

    assert found.count(START) == found.count(STOP)
    assert len(found.replace(START, "").replace(STOP, "")) <= WIDTH + 10


def test_an_index_holds_what_ranking_needs():
    text = Text(
        "invoice-triage",
        "Sorts invoices.",
        ["money"],
        "---\nname: x\n---\n# Suppliers\n\nMatch the VAT number of every supplier you know.\n",
    )

    assert {"invoic", "triag", "sort", "money", "suppli"} & set(text.strong)
    assert text.pieces[0] == "invoice triage: Sorts invoices."
    assert text.impacts.endswith("/1000000000")
