"""Snippets: the part of a passage with the most words of a query, marked."""

import pytest

from skills.search.snippets import START, STOP, WIDTH, snippet


def marked(passage, *stems):
    """The snippet with its marks as brackets."""
    return snippet(passage, stems).replace(START, "[").replace(STOP, "]")


def test_a_short_passage_is_whole_with_its_words_marked():
    assert marked("Sort invoices by invoice date.", "invoic") == "Sort [invoices] by [invoice] date."


def test_nothing_found_shows_the_beginning():
    assert marked("Sort letters.", "invoic") == "Sort letters."
    assert marked("") == ""


@pytest.mark.parametrize(
    ("passage", "text"),
    [
        ("# Heading\n\n> **bold** `code`", "Heading bold code"),
        ("a\x02b\x03c", "abc"),
        ("  many\n\n  spaces ", "many spaces"),
    ],
)
def test_markup_and_foreign_marks_are_taken_out(passage, text):
    assert marked(passage) == text


def test_a_part_of_a_word_is_not_marked():
    assert marked("preinvoice invoicing", "invoic") == "preinvoice [invoicing]"


def test_a_long_passage_is_cut_around_the_most_words():
    passage = f"invoice {'filler ' * 60}invoice and invoice and invoice {'filler ' * 60}"

    text = marked(passage, "invoic")

    assert text.startswith("… ") and text.endswith(" …")
    assert text.count("[invoice]") == 3
    assert len(text) <= WIDTH + 4 + 6


def test_a_passage_at_the_width_is_not_cut():
    assert marked("a" * WIDTH) == "a" * WIDTH
    assert marked("a" * (WIDTH + 1)) == "a" * WIDTH + " …"


def test_words_with_accents_and_other_scripts_are_marked_as_written():
    assert marked("Das Caf\u00e9 öffnet.", "cafe") == "Das [Caf\u00e9] öffnet."
    assert marked("日本語", "日本") == "[日本]語"


def test_a_letter_that_grows_in_small_writing_moves_no_mark():
    assert marked("\u0130\u0130 invoice", "invoic") == "\u0130\u0130 [invoice]"
