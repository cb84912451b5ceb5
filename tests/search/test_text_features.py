"""Words, stems and pieces: the exact places where they are cut."""

import time

import pytest

from skills.search import text_features as features
from skills.search.text_features import Text, folded, pieces, query_words, sparse, stem, term_id


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("", ""),
        ("a", "a"),
        ("its", "its"),
        ("ties", "ties"[:-1]),
        ("flies", "fly"),
        ("bus", "bus"),
        ("focus", "focus"),
        ("class", "class"),
        ("basis", "basis"),
        ("cats", "cat"),
        ("king", "king"),
        ("string", "str"),
        ("testing", "test"),
        ("testings", "test"),
        ("red", "red"),
        ("need", "need"),
        ("tested", "test"),
        ("code", "code"),
        ("codes", "code"),
        ("invoice", "invoic"),
        ("\u00fcbungen", "\u00fcbungen"),
    ],
)
def test_endings_are_cut_where_enough_of_a_word_is_left(word, cut):
    assert stem(word) == cut


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("CAF\u00c9", "cafe"),
        ("Stra\u00dfe", "strasse"),
        ("\ufb01nance", "finance"),
        ("A" * 41, "a" * 40),
        ("\u0130", "i"),
    ],
)
def test_a_word_is_folded_into_one_spelling(word, plain):
    assert folded(word) == plain


@pytest.mark.parametrize("letter", ["a", "\u00df", "\ufdfa", "\u4e00", "\uff76\uff9e"])
@pytest.mark.parametrize("form", [".{}", "{}++", "{}#", ".{}#", "x/{}", "{}/x#", ".x-{}++", "{}"])
def test_no_word_is_longer_than_the_columns_of_the_index(form, letter):
    for length in (1, 20, 38, 39, 40, 41, 300):
        text = Text(form.format(letter * length), "", [], form.format(letter * length))

        assert max(map(len, [*text.terms, *text.strong, *text.surface.values()]), default=0) <= 40


def test_a_long_name_keeps_the_sign_behind_it():
    assert f"{'a' * 38}++" in features.words(f"{'a' * 60}++")


def test_a_query_keeps_each_word_once_and_no_more_than_asked_for():
    assert query_words("pdf PDF merge pdf split", 2) == ["pdf", "merge"]
    assert query_words("the the of", 1) == ["the"]
    assert query_words("", 5) == []
    assert query_words("pdf", 0) == []


@pytest.mark.parametrize("term", ["", "a", "invoic", "\u65e5\u672c"])
def test_a_coordinate_lies_within_the_dimensions_and_never_moves(term):
    assert 1 <= term_id(term) <= features.DIMENSIONS
    assert term_id(term) == term_id(term)


def test_weights_are_written_in_the_order_of_their_coordinates():
    assert sparse({7: 0.5, 2: 1.23456}) == "{2:1.2346,7:0.5000}/1000000000"
    assert sparse({}) == "{}/1000000000"


def test_a_body_of_one_paragraph_is_one_piece_and_a_word_is_none():
    assert pieces("A paragraph of more than twenty letters.") == ["A paragraph of more than twenty letters."]
    assert pieces("Too short a one.") == []
    assert pieces("") == []


def test_paragraphs_stay_together_until_a_piece_is_full():
    half, whole = "a" * (features.PIECE // 2 - 10), "b" * features.PIECE

    assert pieces(f"{half}\n\n{half}") == [f"{half}\n\n{half}"]
    assert pieces(f"{half}\n\n{whole}") == [half, whole]


def test_a_paragraph_without_an_end_is_cut_hard():
    found = pieces("x" * (features.PIECE * 2))

    assert [len(piece) for piece in found] == [features.PIECE, features.PIECE]


def test_only_the_first_pieces_of_a_long_body_count():
    paragraph = "y" * features.PIECE

    assert len(pieces("\n\n".join([paragraph] * (features.PIECES + 5)))) == features.PIECES


def test_front_matter_is_not_part_of_the_body():
    text = Text("a-b", "", [], "---\nname: a-b\nsecret: zanzibar\n---\n\nPlain words of the body here.\n")

    assert "zanzibar" not in text.terms
    assert "plain" in text.terms


def test_a_body_without_front_matter_counts_as_it_is():
    assert "lonely" in Text("a-b", "", [], "Lonely words without a front matter.").terms


def test_stop_words_never_select_a_skill_by_themselves():
    strong = Text("how-to", "What to do with it", ["the"], "# And so on\n").strong

    assert set(strong) & features.STOP == set()


def test_headings_of_the_body_select_and_its_text_does_not():
    text = Text("a", "", [], "# Suppliers\n\nInvoices of the month.\n")

    assert stem("suppliers") in text.strong
    assert stem("invoices") not in text.strong
    assert stem("invoices") in text.terms


def test_at_most_so_many_words_select():
    words = " ".join(f"word{number}" for number in range(features.HEADINGS + 20))

    assert len(Text("a", words, [], "").strong) == features.HEADINGS


def test_a_nul_character_is_no_part_of_a_text():
    assert all(
        "\0" not in piece for piece in Text("a", "b", [], "Some words\0 and more of them here.").pieces
    )


def test_what_lies_beyond_the_limit_is_not_indexed():
    body = "x " * (features.BODY_LIMIT // 2) + "zanzibar"

    assert "zanzibar" not in Text("a", "", [], body).terms


@pytest.mark.parametrize(
    "text",
    [
        "a.b-",
        "a+",
        "日本語",
        "e\u0301",
        "# a\n",
        "\n \n",
        "a ",
        "각",
        "\ufdfa",
        "ß.",
        "w/",
        " " * 900 + "\n",
        "#",
    ],
)
def test_the_longest_body_of_any_kind_is_read_in_a_moment(text):
    started = time.process_time()
    Text("a", "b", [], text * (features.BODY_LIMIT // len(text)))

    # In our own process, in the transaction that approves (decision 0023).
    assert time.process_time() - started < 5
