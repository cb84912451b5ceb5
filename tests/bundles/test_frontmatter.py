"""Front matter: text stays what was written, everything else is refused with its line."""

import pytest

from skills.bundles.frontmatter import read_front_matter, split
from skills.bundles.limits import BundleLimits

LIMITS = BundleLimits()


def read(fields):
    return read_front_matter(f"---\n{fields}\n---\nbody\n", LIMITS)


def the_problem(fields):
    (problem,) = read(fields).problems
    assert problem.file == "SKILL.md"
    return problem.code, problem.line


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("---\na: b\n---\nbody", ("a: b", "body")),
        ("---\r\na: b\r\n---\r\nbody", ("a: b", "body")),
        ("--- \na: b\n---\t\nbody", ("a: b", "body")),
        ("---\na: b\n---", ("a: b", "")),
        ("---\n---\nbody", ("", "body")),
        ("---\na: x --- y\n---\nbody\n---\nmore", ("a: x --- y", "body\n---\nmore")),
        ("---\na: b\n----\n---\n", ("a: b\n----", "")),
        ("", None),
        ("# Hello\n---\na: b\n---\n", None),
        ("\n---\na: b\n---\n", None),
        ("---\na: b\n", None),
        ("---", None),
    ],
)
def test_the_front_matter_stands_between_the_first_two_lines_of_dashes(text, parts):
    assert split(text) == parts


def test_fields_lines_body_and_the_text_itself_are_read():
    matter = read("name: a\n\nmetadata:\n  b: c\n  d: [e, f]")

    assert matter.fields == {"name": "a", "metadata": {"b": "c", "d": ["e", "f"]}}
    assert matter.lines == {"name": 2, "metadata": 4}
    assert (matter.body, matter.problems) == ("body\n", [])
    assert matter.raw == "name: a\n\nmetadata:\n  b: c\n  d: [e, f]"


@pytest.mark.parametrize(
    "value", ["1.10", "010", "no", "null", "~", "2024-01-01", "0x10", "1e3", "true", ".inf"]
)
def test_a_value_is_the_text_that_was_written(value):
    assert read(f"a: {value}").fields == {"a": value}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("''", ""),
        ("", ""),
        ("'it''s'", "it's"),
        (r'"a\tb"', "a\tb"),
        ("|\n  one\n  two", "one\ntwo\n"),
        (">\n  one\n  two", "one two\n"),
        ("! text", "text"),
        ("{}", {}),
        ("[]", []),
    ],
)
def test_yaml_in_its_forms(written, value):
    assert read(f"a: {written}\nb: c").fields["a"] == value


@pytest.mark.parametrize(
    ("fields", "code", "line"),
    [
        ("a: &x b", "yaml_alias", 2),
        ("a: b\nc: *a", "yaml_alias", 3),
        ("a: !!int 5", "yaml_tag", 2),
        ("a: b\nc: !secret d", "yaml_tag", 3),
        ("a: b\nc: d\na: e", "duplicate_field", 4),
        ("a:\n  b: c\n  b: d", "duplicate_field", 4),
        ("<<: {a: b}", "duplicate_field", 2),
        ("? [a, b]\n: c", "bad_yaml", 2),
        ("? {a: b}\n: c", "bad_yaml", 2),
        ("- a\n- b", "bad_yaml", 2),
        ("text", "bad_yaml", 2),
        ("a: b\nc: d: e", "bad_yaml", 3),
        ("a: b\n--- c", "bad_yaml", 1),
    ],
)
def test_a_refusal_names_the_line_of_the_file(fields, code, line):
    assert the_problem(fields) == (code, line)


@pytest.mark.parametrize("depth", [6, 7])
def test_values_are_nested_seven_deep(depth):
    matter = read("a: " + "[" * depth + "x" + "]" * depth)

    assert [problem.code for problem in matter.problems] == ([] if depth == 6 else ["yaml_depth"])


@pytest.mark.parametrize(("count", "codes"), [(1_990, []), (2_000, ["yaml_size"])])
def test_there_are_up_to_two_thousand_values(count, codes):
    matter = read("a: [" + "x," * count + "]")

    assert [problem.code for problem in matter.problems] == codes


@pytest.mark.parametrize(("size", "codes"), [(16_384, []), (16_385, ["front_matter_too_large"])])
def test_the_size_counts_in_bytes(size, codes):
    matter = read("a: é" + "x" * (size - 5))

    assert len(matter.raw.encode()) == size
    assert [problem.code for problem in matter.problems] == codes


def test_without_front_matter_the_whole_text_is_the_body():
    matter = read_front_matter("# Hello", LIMITS)

    assert (matter.body, matter.fields) == ("# Hello", {})
    assert [(problem.code, problem.line) for problem in matter.problems] == [("no_front_matter", 1)]


@pytest.mark.parametrize("text", ["a: \x00", "a: \ufffe"])
def test_characters_that_yaml_cannot_read_are_refused(text):
    assert [problem.code for problem in read(text).problems] == ["bad_yaml"]
