"""Imports mend what existing skills get wrong, say each thing they did, and leave good files alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills.bundles.lenient import mend, mend_and_check, mend_and_check_all, renamed
from skills.bundles.limits import BundleLimits
from skills.bundles.manifest import Manifest
from tests.bundles.hostile import GOOD, matter

LIMITS = BundleLimits()
BODY = "\n\nSay hello.\n"


def document(fields, body=BODY):
    return f"---\n{fields}\n---{body}"


def mended(text, slug="some-slug") -> tuple[Manifest, list[str]]:
    """The manifest of a mended SKILL.md, which is valid, and the notes."""
    report, notes = mend_and_check({"SKILL.md": text.encode()}, slug, LIMITS)
    assert report.errors == []
    return report.accepted().manifest, notes


def test_a_good_skill_is_left_alone_to_the_byte():
    files = {"SKILL.md": GOOD, "a.txt": b"\x00"}

    assert mend(files, "other", LIMITS) == (files, [])


@pytest.mark.parametrize(
    "files", [{}, {"SKILL.md": b""}, {"SKILL.md": b" \n"}, {"SKILL.md": b"\xff\0"}, {"README.md": b"x"}]
)
def test_what_has_no_text_cannot_be_mended(files):
    assert mend(files, "slug", LIMITS) == (files, [])


@pytest.mark.parametrize(
    ("data", "encoding"), [("café".encode("cp1252"), "cp1252"), ("café".encode("utf-16"), "utf-16")]
)
def test_text_in_an_encoding_of_the_past_is_converted(data, encoding):
    files, notes = mend({"SKILL.md": GOOD, "references/a.md": data, "assets/a.csv": data}, "slug", LIMITS)

    assert files["references/a.md"] == "café".encode()
    assert files["assets/a.csv"] == data
    assert notes == [f"converted references/a.md from {encoding} to UTF-8"]


def test_what_is_in_no_encoding_stays_and_is_refused():
    report, notes = mend_and_check({"SKILL.md": GOOD, "scripts/a.sh": b"ls\0"}, "slug", LIMITS)

    assert [problem.code for problem in report.errors] == ["not_text"]
    assert notes == []


def test_other_files_stay_as_they_are():
    files, _ = mend({"SKILL.md": b"# Hello", "a.bin": b"\0\1"}, "slug", LIMITS)

    assert files["a.bin"] == b"\0\1"


def test_front_matter_is_written_where_there_was_none():
    manifest, notes = mended("# Say Hello\n\nGreets people.\n", "Greet People!")

    assert (manifest.name, manifest.description) == ("greet-people", "Say Hello")
    assert notes == [
        "wrote front matter, there was none",
        "name 'None' became 'greet-people'",
        "took the description from the text",
    ]


@pytest.mark.parametrize("before", ["\n\n", " ", "\n \n"])
def test_blanks_before_the_front_matter_are_removed(before):
    manifest, notes = mended(before + GOOD.decode())

    assert manifest.name == "greet-people"
    assert notes == ["removed blanks before the front matter"]


def test_front_matter_that_is_an_empty_map_is_written_anew():
    manifest, notes = mended(document("{}", "\n\n# Hello\n"), "slug")

    assert (manifest.name, manifest.description) == ("slug", "Hello")
    assert notes[0] == "rewrote the front matter (it was empty)"


def test_broken_yaml_is_read_line_by_line():
    fields = "name: greet-people\ndescription: Use when: always\n  and also: now\nlicense: 'MIT'\nmodel: x: y"

    manifest, notes = mended(document(fields))

    assert (manifest.name, manifest.license) == ("greet-people", "MIT")
    assert manifest.description == "Use when: always and also: now"
    assert manifest.other == {}
    assert notes == ["rewrote the front matter (bad_yaml)"]


@pytest.mark.parametrize("mark", ["|", ">", "|-", ">-"])
def test_blocks_of_text_are_joined_where_yaml_is_broken(mark):
    fields = f"name: greet-people\ndescription: {mark}\n  Says hello.\n\tWarmly.\nmodel: a: b"

    manifest, _ = mended(document(fields))

    assert manifest.description == "Says hello. Warmly."


def test_of_a_field_that_stands_twice_the_first_counts():
    manifest, notes = mended(document("name: first\nname: second\ndescription: Says hello."))

    assert (manifest.name, notes) == ("first", ["rewrote the front matter (duplicate_field)"])


def test_control_characters_are_removed():
    manifest, notes = mended(document("name: greet-people\ndescription: Says\x07 hello."))

    assert (manifest.description, notes) == ("Says hello.", ["removed control characters"])


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("Greet People", "name 'Greet People' became 'some-slug'"),
        ("[a]", "name \"['a']\" became 'some-slug'"),
        ("a" * 65, f"name '{'a' * 60}' became 'some-slug'"),
        ("a--b", "name 'a--b' became 'some-slug'"),
    ],
)
def test_a_bad_name_becomes_that_of_the_folder(name, note):
    manifest, notes = mended(document(f"name: {name}\ndescription: Says hello."))

    assert (manifest.name, notes) == ("some-slug", [note])


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ("\n\nintro\n\n## The *Title*\n", "The *Title"),
        ("\n\n- **First** line\n\nsecond\n", "- **First** line"),
        ("\n\n***\n\n---\n\nText.\n", "Text."),
        ("\n\n***\n", "some-slug"),
    ],
)
def test_a_missing_description_is_taken_from_the_text(body, description):
    manifest, notes = mended(document("name: greet-people", body))

    assert (manifest.description, notes) == (description, ["took the description from the text"])


def test_a_skill_of_a_name_alone_gets_the_rest_from_its_folder():
    manifest, notes = mended("---\nname: greet-people\n---\n")

    assert manifest.description == "some-slug"
    assert notes == ["took the description from the text", "wrote a body, there was none"]


def test_a_description_in_parts_is_joined():
    manifest, notes = mended(document("name: greet-people\ndescription: [Says hello., Use often.]"))

    assert manifest.description == "Says hello. Use often."
    assert notes == ["joined the parts of the description"]


@pytest.mark.parametrize(("length", "shortened"), [(1_024, False), (1_025, True)])
def test_a_long_description_is_shortened(length, shortened):
    manifest, notes = mended(document(f"name: greet-people\ndescription: {'x' * length}"))

    assert manifest.description == ("x" * 1_023 + "…" if shortened else "x" * 1_024)
    assert notes == (["shortened the description to 1024 characters"] if shortened else [])


@pytest.mark.parametrize("body", ["", "\n", "\n\n \n"])
def test_a_skill_without_a_body_gets_its_description_as_one(body):
    files, notes = mend(
        {"SKILL.md": document("name: a\ndescription: Says hello.", body).encode()}, "s", LIMITS
    )

    assert files["SKILL.md"].endswith(b"---\n\nSays hello.\n")
    assert notes == ["wrote a body, there was none"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("{a: {b: c, d: [e, f]}}", {"a.b": "c", "a.d": "e, f"}),
        ("[a, b]", {"value": "a, b"}),
        ("text", {"value": "text"}),
    ],
)
def test_metadata_is_flattened(written, kept):
    manifest, notes = mended(f"---\nname: a\ndescription: Says hello.\nmetadata: {written}\n---{BODY}")

    assert (manifest.metadata, notes) == (kept, ["flattened the metadata"])


def test_good_metadata_stays():
    manifest, notes = mended(document("name: a\ndescription: b\nmetadata: {version: '1.0'}"))

    assert (manifest.metadata, notes) == ({"version": "1.0"}, [])


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("license: [MIT]", "removed license: it was not text"),
        ("license: ''", "removed license: it was not text"),
        ("compatibility: {a: b}", "removed compatibility: it was not text"),
        (f"compatibility: {'x' * 501}", "shortened compatibility to 500 characters"),
        (f"license: {'x' * 1_025}", "shortened license to 1024 characters"),
        ("allowed-tools: {a: b}", "removed allowed-tools: it was not a list of names"),
        ("allowed-tools: [[a], b]", "removed allowed-tools: it was not a list of names"),
    ],
)
def test_fields_of_the_wrong_type_are_removed_or_shortened(line, note):
    _, notes = mended(document(f"name: a\ndescription: Says hello.\n{line}"))

    assert notes == [note]


@pytest.mark.parametrize("tools", ["Read Grep", "[Read, Grep]"])
def test_tools_as_words_or_as_a_list_stay(tools):
    manifest, notes = mended(document(f"name: a\ndescription: Says hello.\nallowed-tools: {tools}"))

    assert (manifest.allowed_tools, notes) == (("Read", "Grep"), [])


def test_what_nobody_mends_is_still_refused():
    report, _ = mend_and_check({"SKILL.md": GOOD, "a.exe": b"MZ\0"}, "slug", LIMITS)

    assert [problem.code for problem in report.errors] == ["refused_kind"]


def test_many_are_mended_each_by_itself():
    reports = mend_and_check_all([({"SKILL.md": GOOD}, "a"), ({"SKILL.md": b"# B"}, "b")], LIMITS)

    assert [(report.accepted().manifest.name, bool(notes)) for report, notes in reports] == [
        ("greet-people", False),
        ("b", True),
    ]


def test_a_skill_whose_name_is_taken_gets_that_of_its_folder():
    report, note = renamed({"SKILL.md": GOOD, "a.txt": b"x"}, "Their Greeting", LIMITS)

    bundle = report.accepted()
    assert bundle.manifest.name == "their-greeting"
    assert bundle.manifest.description == "Says hello. Use when somebody arrives."
    assert sorted(bundle.files) == ["SKILL.md", "a.txt"]
    assert note == "name 'greet-people' was taken and became 'their-greeting'"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:-{}[]|>'\"# \n\té"), max_size=80))
def test_mending_twice_changes_nothing_more(text):
    once, _ = mend({"SKILL.md": matter(text)}, "slug", LIMITS)

    twice, notes = mend(once, "slug", LIMITS)

    assert (twice, notes) == (once, [])
