"""Text that hides: what is refused, what only the reviewer is shown, and that no text takes long to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.bundles.hidden import (
    controls_in_front_matter,
    line_of,
    refused_characters,
    reveal,
    suspicious_text,
)
from skills.lib.errors import ProblemSeverity


def told(text):
    return [(problem.code, problem.line) for problem in suspicious_text(text, "notes.md")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\u202eb", "U+202E (right-to-left override)"),
        ("a\u2066b", "U+2066 (left-to-right isolate)"),
        ("a\U000e0041b", "U+E0041 (tag latin capital letter a)"),
    ],
)
def test_characters_that_no_skill_needs_are_refused_by_name(text, words):
    (problem,) = refused_characters(f"one\n{text}", "notes.md")

    assert (problem.code, problem.file, problem.line) == ("hidden_text", "notes.md", 2)
    assert problem.text == f"{words} hides or reorders text."
    assert problem.severity == ProblemSeverity.ERROR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\tb\r\nc",
        "naïve – 日本語 🙂",
        "\u200bzero width is not refused",
        "page one\n\fpage two",
        "a\x1bb",
    ],
)
def test_ordinary_text_is_not_refused(text):
    assert refused_characters(text, "notes.md") == []


def test_five_characters_are_told_and_no_more():
    problems = refused_characters("\u202e" * 9 + "\U000e0041" * 9, "notes.md")

    assert [problem.code for problem in problems] == ["hidden_text"] * 5


ISOLATED = "הורד את \u2068Chrome\u2069 היום"


def test_a_mark_of_direction_beside_hebrew_is_told_and_not_refused():
    assert refused_characters(ISOLATED, "notes.md") == []
    assert told(f"one\n{ISOLATED}") == [("direction_mark", 2)] * 2


def test_a_mark_of_direction_in_a_program_is_refused_whatever_stands_beside_it():
    problems = refused_characters(f'say("{ISOLATED}")', "scripts/a.py", is_program=True)

    assert [problem.code for problem in problems] == ["hidden_text"] * 2


def test_hebrew_on_another_line_excuses_no_mark():
    assert len(refused_characters(f"{ISOLATED}\na\u2068b", "notes.md")) == 1


@pytest.mark.parametrize("override", ["\u202d", "\u202e"])
def test_an_override_is_refused_beside_hebrew_too(override):
    assert len(refused_characters(f"שלום {override} עולם", "notes.md")) == 1


@pytest.mark.parametrize("character", ["\x1b", "\x08", "\x7f", "\x01", "\x1a"])
def test_a_control_character_is_told_by_name(character):
    (problem,) = suspicious_text(f"one\na{character}b", "notes.md")

    assert (problem.code, problem.line) == ("control_character", 2)
    assert problem.text.startswith(f"U+{ord(character):04X} (a control character)")


@pytest.mark.parametrize(
    "text", ["GNU LESSER GENERAL PUBLIC LICENSE\n\f\nPage two", "import os\n\x0c\ndef f(): ...", "a\vb"]
)
def test_page_breaks_are_blanks(text):
    assert told(text) == []
    assert refused_characters(text, "LICENSE") == []


@pytest.mark.parametrize("character", ["\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad", "\u180e"])
def test_an_invisible_character_inside_a_word_is_shown(character):
    assert told(f"first\npass{character}word") == [("zero_width", 2)]


@pytest.mark.parametrize("text", ["pass\u200b word", "\u200bword", "word\u200b", "👩\u200d💻"])
def test_an_invisible_character_between_words_is_let_be(text):
    assert told(text) == []


@pytest.mark.parametrize("word", ["p\u0430ypal", "admi\u03bf", "\u13aapple", "n\u0585de"])
def test_a_latin_word_with_letters_of_another_script_is_shown(word):
    (problem,) = suspicious_text(f"Go to {word}.", "notes.md")

    assert problem.code == "mixed_script"
    assert word in problem.text


def test_a_word_of_another_script_that_reads_as_a_latin_one_is_shown():
    (problem,) = suspicious_text("one\nThen \u0441\u043e\u0440\u0443 it.", "notes.md")

    assert (problem.code, problem.line) == ("foreign_script", 2)
    assert problem.text.endswith("looks like 'copy' and is in other letters: U+0441.")
    assert reveal("\u0441\u043e\u0440\u0443") == "\u0441\u043e\u0440\u0443⟨U+0441 = copy⟩"


@pytest.mark.parametrize(
    "text",
    ["привет мир", "αβγ", "naïve café", "Größe", "日本語の本", "x\u0430", "hello-мир"],
)
def test_words_of_one_script_are_let_be(text):
    assert told(text) == []


def test_a_text_full_of_mixed_words_is_told_eleven_times():
    assert len(told("p\u0430ypal " * 100)) == 11


@pytest.mark.parametrize(("blank_lines", "found"), [(199, []), (200, [("far_away_text", 202)])])
def test_text_after_two_hundred_blank_lines_is_out_of_sight(blank_lines, found):
    assert told("start\n" + "\n" * blank_lines + "hidden") == found


def test_blank_lines_count_whatever_blanks_they_hold():
    (problem,) = suspicious_text("start\r\n" + " \t\r\n" * 250 + "hidden", "notes.md")

    assert problem.text == "Text follows after 250 blank lines."


def test_blank_lines_at_the_end_hide_nothing():
    assert told("the end" + "\n" * 1_000) == []


def test_blank_lines_that_text_interrupts_are_counted_anew():
    assert told("\n" * 150 + "a" + "\n" * 150 + "b") == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (" " * 2_000 + "x", [("far_away_text", 2)]),
        ("shown" + "\t" * 200 + "x" * 2_000, [("far_away_text", 2)]),
        (" " * 1_999 + "x", []),  # not far enough
        ("x " * 2_000, []),  # long, but in sight
        ("x" + " " * 199 + "y" * 2_000, []),  # the gap is too short
        ("x" + " " * 3_000, []),  # nothing follows
    ],
)
def test_text_far_to_the_right_is_out_of_sight(line, found):
    assert told(f"first\n{line}\nlast") == found


def test_the_first_line_of_each_kind_is_named():
    far = " " * 2_100 + "x"

    assert told(f"{far}\n{far}" + "\n" * 300 + "a" + "\n" * 300 + "b") == [
        ("far_away_text", 302),
        ("far_away_text", 1),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n<!-- obey -->", [("html_comment", 2)]),
        ("<!--\nobey\n-->\n<!--too-->", [("html_comment", 1), ("html_comment", 4)]),
        ("<!-- -->", []),
        ("<!---->", []),
        ("a\n<!-- never closed", [("html_comment", 2)]),
        ("<!-- a --> <!-- b", [("html_comment", 1), ("html_comment", 1)]),
        ("--> <!--", []),
        ("<!--a--><!--b-->", [("html_comment", 1), ("html_comment", 1)]),
    ],
)
def test_a_comment_that_says_something_is_shown(text, found):
    assert told(text) == found


def test_five_comments_of_a_file_are_looked_at():
    assert len(told("<!-- a -->\n" * 9)) == 5


@pytest.mark.parametrize("part", ["\n", " \n", "<!--", " ", "\t", "<!-- -->", "a" + " " * 300, "\u200b"])
def test_a_large_text_is_read_in_one_go(part):
    """Each of these once took the square of its length: a megabyte would have held a worker for days."""
    suspicious_text(part * (500_000 // len(part)), "notes.md")


@pytest.mark.parametrize(
    "text",
    [
        "a\ufe00b",
        "a\U000e0150b",
        "a\u3164b",
        "a\u115fb",
        "a\u2800b",
        "a\uffa0b",
        "a\u2028b",
        "\u200b\u200c\u2060",
    ],
)
def test_a_letter_that_shows_nothing_is_told(text):
    assert ("hidden_letter", 2) in told(f"one\n{text}")


def test_five_letters_that_show_nothing_are_told_and_no_more():
    assert told("a\ufe00" * 100) == [("hidden_letter", 1)] * 5


@pytest.mark.parametrize("word", ["ｃｕｒｌ", "𝐜𝐮𝐫𝐥", "ⓒⓤⓡⓛ"])
def test_a_word_in_letters_that_look_like_others_is_told_with_what_it_says(word):
    (problem,) = suspicious_text(f"Run {word} now.", "notes.md")

    assert problem.code == "styled_letters"
    assert "'curl'" in problem.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("p\u0430ypal!", "p\u0430ypal⟨U+0430 = paypal⟩!"),
        ("run ｃｕｒｌ x", "run ｃｕｒｌ⟨U+FF43 = curl⟩ x"),
        ("a\u3164b\ufe00", "a⟨U+3164⟩b⟨U+FE00⟩"),
        ("ｃ\u200bｕ", "ｃ⟨U+200B⟩ｕ"),
    ],
)
def test_what_looks_like_something_else_says_so_for_the_reviewer(text, shown):
    assert reveal(text) == shown


def test_invisible_characters_are_written_out_for_the_reviewer():
    assert reveal("a\u200bb\u00adc\u202ed\U000e0041e\x00") == "a⟨U+200B⟩b⟨U+00AD⟩c⟨U+202E⟩d⟨U+E0041⟩e⟨U+0000⟩"


@pytest.mark.parametrize("text", ["", "plain\n\ttext\r\n", "é 日本 🙂 \u00a0", "☀️ 👩\u200d💻 안녕 שלום"])
def test_visible_text_is_revealed_as_it_is(text):
    assert reveal(text) == text


@given(st.text())
def test_nothing_that_the_upload_refuses_stays_invisible(text):
    shown = reveal(text)

    assert refused_characters(shown, "notes.md") == []


@pytest.mark.parametrize(("position", "line"), [(0, 1), (2, 1), (3, 2), (4, 3)])
def test_lines_are_counted_from_one(position, line):
    assert line_of("ab\n\nc", position) == line


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\x9b"])
def test_a_control_character_in_the_front_matter_is_refused_with_its_line(character):
    (problem,) = controls_in_front_matter(f"name: a\ndescription: b{character}[31m\n")

    assert (problem.code, problem.line, problem.severity) == ("control_character", 3, ProblemSeverity.ERROR)


@pytest.mark.parametrize("raw", ["name: a\n", "a: b\r\n\tc: d\n", "a: \x0c\n", "a: é\x85\n", "a: \x80\n"])
def test_blanks_in_the_front_matter_are_no_controls(raw):
    assert controls_in_front_matter(raw) == []
