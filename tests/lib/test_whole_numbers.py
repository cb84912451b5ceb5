"""Whole numbers as people and programs send them."""

import pytest

from skills.lib.whole_numbers import LARGEST, from_json, from_text


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), (str(LARGEST), LARGEST)])
def test_digits_are_a_number(text, number):
    assert from_text(text, None) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "-1", "+1", "1.0", "1e3", "0x10", "1 000", "1_000", "٣", "²", "½", "seven", "1\n"],
)
def test_anything_but_ascii_digits_is_the_default(text):
    assert from_text(text, -1) == -1


def test_more_digits_than_int_reads_are_the_default_and_no_error():
    assert from_text("9" * 5_000, None) is None


def test_a_number_outside_its_bounds_is_the_default():
    assert from_text("0", None, least=1) is None
    assert from_text("101", None, most=100) is None
    assert from_text(str(LARGEST + 1), None) is None


def test_bounds_are_included():
    assert from_text("1", None, least=1, most=1) == 1


@pytest.mark.parametrize("value", [True, False, None, "1", 1.0, [1], {}])
def test_only_whole_numbers_of_json_count(value):
    assert from_json(value, None) is None


def test_a_whole_number_of_json_is_kept_within_its_bounds():
    assert from_json(5, None, least=1, most=10) == 5
    assert from_json(0, None, least=1) is None
    assert from_json(11, None, most=10) is None
