"""Version numbers: identity, order, ranges, suggestions."""

import pytest

from skills.catalog.numbers import in_order, parse, select, suggest
from skills.lib.errors import Refused


@pytest.mark.parametrize(
    ("text", "number", "build", "pre"),
    [
        ("1.2.3", "1.2.3", "", False),
        ("v1.0.0", "1.0.0", "", False),
        ("1.0.0+abc", "1.0.0", "abc", False),
        ("2.0.0-beta.1+x.y", "2.0.0-beta.1", "x.y", True),
    ],
)
def test_numbers_are_read(text, number, build, pre):
    parsed = parse(text)

    assert (parsed.text, parsed.build, parsed.is_prerelease) == (number, build, pre)


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "01.2.3", "1.2.3-", "a.b.c", "1.2.3 4", "1." * 40, "1.0.0-" + "a" * 80]
)
def test_other_text_is_refused_with_an_example(text):
    with pytest.raises(Refused) as refused:
        parse(text)

    assert "1.2.0" in refused.value.problems[0].remedy


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("^1.2", "1.10.0"),
        ("~1.2", "1.2.9"),
        (">=1,<2", "1.10.0"),
        ("1.x", "1.10.0"),
        ("*", "2.0.0"),
        ("^3", None),
        ("1.2.0 - 1.3.0", "1.2.9"),
    ],
)
def test_ranges_choose_the_highest(spec, found):
    assert select(spec, ["1.2.0", "1.2.9", "1.10.0", "2.0.0", "3.0.0-beta.1"]) == found


def test_order_is_semantic():
    assert in_order(["1.2.0", "1.10.0", "2.0.0-rc.1", "2.0.0"]) == ["2.0.0", "2.0.0-rc.1", "1.10.0", "1.2.0"]


@pytest.mark.parametrize(
    ("known", "written", "next_"),
    [
        ([], "", "1.0.0"),
        ([], "0.3.0", "0.3.0"),
        (["1.0.0"], "", "1.1.0"),
        (["1.0.0"], "1.0.0", "1.1.0"),
        (["1.0.0"], "0.9.0", "1.1.0"),
        (["1.0.0"], "not a number", "1.1.0"),
    ],
)
def test_the_next_number_is_suggested(known, written, next_):
    assert suggest(known, written) == next_
