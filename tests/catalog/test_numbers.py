"""Version numbers: identity, order, ranges, suggestions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.catalog.numbers import highest, parse, select, suggest
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
    assert select(spec, ["3.0.0-beta.1", "2.0.0", "1.10.0", "1.2.9", "1.2.0"]) == found


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


@pytest.mark.parametrize(
    ("numbers", "top"),
    [
        ([], None),
        (["1.2.0", "1.10.0", "1.9.0"], "1.10.0"),
        (["1.0.0", "2.0.0-rc.1"], "2.0.0-rc.1"),
        (["1.0.0-beta.2", "1.0.0-beta.10", "1.0.0-alpha"], "1.0.0-beta.10"),
    ],
)
def test_the_highest_number_is_that_of_semantic_versioning(numbers, top):
    assert highest(numbers) == top


@pytest.mark.parametrize("spec", ["^^1", "a.b", ">=", "1.2.3.4", "latest", "x" * 200])
def test_what_is_no_range_is_refused_with_examples(spec):
    with pytest.raises(Refused) as refused:
        select(spec, ["1.0.0"])

    (problem,) = refused.value.problems
    assert problem.code == "bad_range"
    assert problem.text.startswith(repr(spec[:80]))
    assert "^1.2" in problem.remedy


@pytest.mark.parametrize(("length", "refused"), [(64, False), (65, True)])
def test_a_number_and_its_build_fit_their_columns(length, refused):
    for text in ("1.0.0-" + "a" * (length - 6), "1.0.0+" + "a" * length):
        if refused:
            with pytest.raises(Refused):
                parse(text)
        else:
            assert parse(text)


@given(st.tuples(*[st.integers(0, 99)] * 3), st.sampled_from(["", "-rc.1", "-alpha"]))
def test_a_suggested_number_is_new_and_higher(parts, suffix):
    known = [".".join(map(str, parts)) + suffix]

    following = suggest(known)

    assert following not in known
    assert highest([*known, following]) == following
