"""Front matter: values as YAML 1.2 has them, the text beside them, and what is wrong with its line."""

import pytest

from skills.bundles.frontmatter import WrittenScalar, read_front_matter, split
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


def test_the_text_of_a_value_is_kept_beside_it():
    matter = read("version: 1.10\nmetadata:\n  on: yes\n  list: ['2', 0x10]")

    assert matter.fields == {"version": 1.1, "metadata": {"on": "yes", "list": ["2", 16]}}
    assert matter.scalars == {
        ("version",): WrittenScalar("1.10", True, 2),
        ("metadata", "on"): WrittenScalar("yes", True, 4),
        ("metadata", "list", "0"): WrittenScalar("2", False, 5),
        ("metadata", "list", "1"): WrittenScalar("0x10", True, 5),
    }


@pytest.mark.parametrize(
    ("written", "name"),
    [("1", "1"), ("1.50", "1.5"), ("True", "true"), ("~", "null"), ("'1'", "1"), ("on", "on")],
)
def test_a_field_name_is_the_text_that_json_has_for_it(written, name):
    assert read(f"{written}: a").fields == {name: "a"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("mark", "text"), [(">", "one two\n"), ("|+", "one\ntwo\n"), ("|-", "one\ntwo")])
def test_a_block_of_text_at_the_end_keeps_the_end_of_its_line(mark, text, end):
    document = end.join(["---", f"a: {mark}", "  one", "  two", "---", "body"])

    assert read_front_matter(document, LIMITS).fields == {"a": text}


def test_two_names_that_are_one_in_json_stand_twice():
    assert the_problem("1: a\n'1': b") == ("duplicate_field", 3)


@pytest.mark.parametrize(("before", "line"), [("\n\n", 5), ("\ufeff", 3), (" \n", 4)])
def test_blanks_before_the_front_matter_are_passed_over_and_counted(before, line):
    matter = read_front_matter(f"{before}---\na: b\nc: d: e\n---\nbody", LIMITS)

    assert (matter.before, matter.problems[0].line) == (before, line)
    assert read_front_matter(f"{before}---\na: b\n---\nbody", LIMITS).fields == {"a": "b"}


@pytest.mark.parametrize(
    ("fields", "dangerous"),
    [
        ("a: *b", True),
        ("a: !!int 5", True),
        ("a: [" + "x," * 2_001 + "]", True),
        ("a: b: c", False),
        ("- a", False),
    ],
)
def test_what_could_harm_a_reader_is_told_from_what_is_only_broken(fields, dangerous):
    assert read(fields).is_dangerous == dangerous


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("''", ""),
        ("", None),
        ("'5'", "5"),
        ("5", 5),
        ("|\n  5", "5\n"),
        ("! 5", "5"),
        ("'it''s'", "it's"),
        (r'"a\tb"', "a\tb"),
        ("|\n  one\n  two", "one\ntwo\n"),
        (">\n  one\n  two", "one two\n"),
        (">-\n  one\n  two", "one two"),
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


def test_line_ends_of_the_first_macs_are_named():
    (problem,) = read_front_matter("---\rname: a\r---\rHello.\r", LIMITS).problems

    assert problem.code == "no_front_matter"
    assert "CR alone" in problem.text


@pytest.mark.parametrize("text", ["a: \x00", "a: \ufffe"])
def test_characters_that_yaml_cannot_read_are_refused(text):
    assert [problem.code for problem in read(text).problems] == ["bad_yaml"]
