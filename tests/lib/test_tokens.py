"""Tokens: an estimate for pages, an exact count for budgets."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.lib.tokens import count, estimate


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        (" \n\t", 0),
        ("word", 1),
        ("sixsix", 1),
        ("sevenss", 2),
        ("one two", 2),
        ("one, two.", 4),
        ("a-b", 3),
        ("x" * 60, 10),
        ("日本語", 1),
    ],
)
def test_words_of_up_to_six_letters_and_marks_are_one_each(text, tokens):
    assert estimate(text) == tokens


@given(st.text(st.sampled_from("aé本_7 \x1f\u3000,—🙂\n") | st.characters(), max_size=60))
def test_the_quick_count_is_that_of_the_pieces_one_by_one(text):
    assert estimate(text) == len(re.findall(r"\w{1,6}|[^\w\s]", text))


@given(st.text(st.sampled_from("ab ,.\n"), max_size=60), st.text(st.sampled_from("ab ,.\n"), max_size=60))
def test_two_texts_cost_what_each_costs(one, two):
    assert estimate(f"{one} {two}") == estimate(one) + estimate(two)


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("hello", 1), ("hello, world", 3)])
def test_the_tokenizer_counts_exactly_and_adds_no_marks_of_its_own(text, tokens):
    assert count(text) == tokens


def test_long_texts_are_counted_to_their_end():
    assert count("hello " * 2_000) == 2_000


def test_the_estimate_is_near_the_count_for_plain_english():
    text = "Use this skill when somebody asks for a table of the invoices that were paid last month. " * 20

    assert abs(estimate(text) - count(text)) <= count(text) / 5
