"""JSON from strangers: what any two readers understand alike is read, the rest refused with a line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.bundles import strict_json
from skills.bundles.json_schema import schema_fault


def the_problem(data):
    with pytest.raises(strict_json.BadJson) as refusal:
        strict_json.load(data, "tools/a.json")
    problem = refusal.value.problem
    assert (problem.code, problem.file) == ("bad_json", "tools/a.json")
    assert "json.tool" in problem.remedy
    assert str(refusal.value) == problem.text
    return problem


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "é", [], {}, {"a": [{"b": None}]}])
def test_json_is_read(value):
    assert strict_json.load(json.dumps(value).encode(), "a.json") == value


def test_a_byte_order_mark_is_no_part_of_it():
    assert strict_json.load(b"\xef\xbb\xbf[]", "a.json") == []


@pytest.mark.parametrize(
    ("data", "words", "line"),
    [
        (b"", "This is not JSON", 1),
        (b"{\n'a': 1}", "This is not JSON", 2),
        (b"[1,\n2,\n]", "This is not JSON", 3),
        (b"[] []", "This is not JSON", 1),
        (b"\xff", "not UTF-8", 1),
        (b'{"a": 1, "b": 2, "a": 3}', "the name 'a' stands twice in one object", 1),
        (b'[{"b": {"c": 1, "c": 1}}]', "the name 'c' stands twice in one object", 1),
        (b"NaN", "NaN is not a JSON number", 1),
        (b"[-Infinity]", "-Infinity is not a JSON number", 1),
        (b"[" * 100_000, "The JSON cannot be read", 1),
        (b"1" * 5_000, "The JSON cannot be read", 1),
    ],
)
def test_other_text_is_refused(data, words, line):
    problem = the_problem(data)

    assert words in problem.text
    assert problem.line == line


@pytest.mark.parametrize("kind", [b"[]", b'{"a":1}'])
def test_the_same_name_in_two_objects_is_fine(kind):
    assert strict_json.load(b"[" + kind + b"," + kind + b"]", "a.json") == [json.loads(kind)] * 2


@pytest.mark.parametrize("depth", [40, 41])
def test_it_is_nested_forty_deep(depth):
    data = b"[" * depth + b"]" * depth

    if depth == 40:
        assert strict_json.load(data, "a.json") is not None
    else:
        assert the_problem(data).text == "The JSON is nested more than 40 deep."


def test_objects_count_as_lists_do():
    assert "40 deep" in the_problem(b'{"a":' * 41 + b"1" + b"}" * 41).text


@pytest.mark.parametrize("size", [1_000_000, 1_000_001])
def test_it_has_up_to_a_megabyte(size):
    data = b'"' + b"x" * (size - 2) + b'"'

    if size == 1_000_000:
        assert strict_json.load(data, "a.json")
    else:
        assert the_problem(data).text == "The file is larger than 1 MB."


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.text(),
        lambda inner: st.lists(inner, max_size=3),
    )
)
def test_whatever_is_written_comes_back(value):
    assert strict_json.load(json.dumps(value).encode(), "a.json") == value


@pytest.mark.parametrize(
    "schema", [{}, True, {"type": "object"}, {"properties": {"a": {"type": ["string", "null"]}}}]
)
def test_a_schema_without_a_fault(schema):
    assert schema_fault(schema) == ""


@pytest.mark.parametrize(
    "schema", [None, "object", 5, {"type": "nonsense"}, {"required": "a"}, {"properties": []}]
)
def test_a_schema_with_a_fault_says_which(schema):
    assert schema_fault(schema)


def test_a_schema_nested_without_end_is_a_fault():
    schema = {"type": "object"}
    for _ in range(5_000):
        schema = {"properties": {"a": schema}}

    assert "recursion" in schema_fault(schema)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": 1e999}', "too large"),
        ("[18446744073709551616]", "more than 64 bits"),
        (r'{"a": "\ud800"}', "half of a character"),
        (r'{"\udfff": 1}', "half of a character"),
    ],
)
def test_what_nothing_could_store_is_refused(text, why):
    with pytest.raises(strict_json.BadJson, match=why):
        strict_json.load(text.encode(), "a.json")


def test_a_character_of_two_surrogates_is_kept():
    assert strict_json.load(rb'["\ud83d\ude00"]', "a.json") == ["\U0001f600"]
