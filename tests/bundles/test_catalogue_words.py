"""What the catalogue calls a skill whose SKILL.md does not say it, or says it otherwise; no byte changes."""

import pytest

from skills.bundles.limits import BundleLimits
from skills.bundles.manifest import Manifest
from skills.bundles.validate import check_all, check_files
from tests.bundles.hostile import GOOD

LIMITS = BundleLimits()
BODY = "\n\nSay hello.\n"


def document(fields, body=BODY):
    return f"---\n{fields}\n---{body}"


def read(text, folder="some-slug") -> tuple[Manifest, list[str]]:
    """The manifest of an accepted SKILL.md, and the codes of what was told."""
    report = check_files({"SKILL.md": text.encode()}, LIMITS, folder)
    assert report.accepted().files["SKILL.md"] == text.encode()
    return report.accepted().manifest, [problem.code for problem in report.problems]


def test_a_skill_without_front_matter_is_named_by_its_folder_and_told_by_its_heading():
    manifest, codes = read("# Say Hello\n\nGreets people.\n", "Greet People!")

    assert (manifest.name, manifest.description) == ("greet-people", "Say Hello")
    assert (manifest.written_name, manifest.fields, manifest.is_to_the_letter) == ("", {}, False)
    assert codes == ["no_front_matter", "catalogue_description", "catalogue_name"]


def test_without_a_folder_the_heading_names_the_skill():
    assert read("# Say Hello\n\nGreets people.\n", "")[0].name == "say-hello"


@pytest.mark.parametrize("before", ["\n\n", " ", "\n \n", "\ufeff"])
def test_blanks_before_the_front_matter_are_noted(before):
    manifest, codes = read(before + GOOD.decode())

    assert (manifest.name, manifest.is_to_the_letter) == ("greet-people", False)
    assert codes == ["portability"]


def test_broken_yaml_is_read_line_by_line():
    fields = (
        "name: greet-people\ndescription: Use when: always\n  and also: now\nlicense: 'MIT'\nversion: 1.2.0\n"
        "model: x: y"
    )

    manifest, codes = read(document(fields))

    assert (manifest.name, manifest.license, manifest.version) == ("greet-people", "MIT", "1.2.0")
    assert manifest.description == "Use when: always and also: now"
    assert manifest.fields == {}
    assert codes == ["bad_yaml"]


@pytest.mark.parametrize("mark", ["|", ">", "|-", ">-"])
def test_blocks_of_text_are_joined_where_yaml_is_broken(mark):
    fields = f"name: greet-people\ndescription: {mark}\n  Says hello.\n\tWarmly.\nmodel: a: b"

    manifest, _ = read(document(fields))

    assert manifest.description == "Says hello. Warmly."


def test_front_matter_that_is_not_closed_is_read_line_by_line():
    manifest, codes = read("---\nname: greet-people\ndescription: Says hello.\n\nDo it.\n")

    assert (manifest.name, manifest.description) == ("greet-people", "Says hello.")
    assert codes == ["no_front_matter"]


def test_of_a_field_that_stands_twice_the_first_counts():
    manifest, codes = read(document("name: first\nname: second\ndescription: Says hello."))

    assert (manifest.name, codes) == ("first", ["duplicate_field"])


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Greet People", "greet-people"),
        ("greet_people", "greet-people"),
        ("a" * 65, "a" * 64),
        ("a--b", "a-b"),
        ("../up", "up"),
        ("[a]", "some-slug"),
        ("???", "some-slug"),
        ("", "some-slug"),
    ],
)
def test_a_name_that_is_not_valid_becomes_the_nearest_in_the_catalogue_alone(written, name):
    manifest, codes = read(document(f"name: {written}\ndescription: Says hello."))

    assert (manifest.name, codes) == (name, ["catalogue_name"])
    assert written in ("", "[a]") or manifest.written_name == written


def test_a_name_that_is_a_number_is_the_text_that_was_written():
    assert read(document("name: 007\ndescription: Says hello."))[0].name == "007"


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ("\n\nintro\n\n## The *Title*\n", "The *Title"),
        ("\n\n- **First** line\n\nsecond\n", "- **First** line"),
        ("\n\n***\n\n---\n\nText.\n", "Text."),
        ("\n\n***\n", "greet people"),
    ],
)
def test_a_missing_description_is_taken_from_the_text(body, description):
    manifest, codes = read(document("name: greet-people", body))

    assert (manifest.description, codes) == (description, ["catalogue_description"])


def test_a_description_in_parts_is_joined():
    manifest, _ = read(document("name: greet-people\ndescription: [Says hello., Use often.]"))

    assert manifest.description == "Says hello. Use often."


@pytest.mark.parametrize(("length", "is_long"), [(1_024, False), (1_025, True)])
def test_a_long_description_is_cut_in_the_catalogue_alone(length, is_long):
    manifest, codes = read(document(f"name: greet-people\ndescription: {'x' * length}"))

    assert manifest.description == ("x" * 1_023 + "…" if is_long else "x" * 1_024)
    assert manifest.fields["description"] == "x" * length
    assert (manifest.is_to_the_letter, codes) == (not is_long, ["description_too_long"] if is_long else [])


@pytest.mark.parametrize(
    ("fields", "version"),
    [
        ("metadata:\n  version: 2.10", "2.10"),
        ("version: 1.1.0", "1.1.0"),
        ("version: '3'\nmetadata: {version: 4}", "4"),
        ("metadata: {version: }\nversion: 5.0", "5.0"),
        ("metadata: [version]", ""),
        ("version: [1]", ""),
    ],
)
def test_the_number_is_found_wherever_it_stands_as_it_was_written(fields, version):
    assert read(document(f"name: a\ndescription: b\n{fields}"))[0].version == version


def test_a_nul_that_an_escape_writes_does_not_reach_the_catalogue():
    manifest, _ = read(document('name: a\ndescription: "b\\0c"\n"d\\0": "e\\0"'))

    assert manifest.description == "bc"
    assert manifest.fields == {"name": "a", "description": "b\0c", "d\0": "e\0"}
    assert "\0" not in str(manifest.as_json())


def test_nothing_at_all_is_refused():
    report = check_files({"SKILL.md": b" \n"}, LIMITS, "some-slug")

    assert [problem.code for problem in report.errors] == ["empty_body"]


def test_many_are_checked_each_by_itself():
    reports = check_all([({"SKILL.md": GOOD}, "a"), ({"SKILL.md": b"# B"}, "b")], LIMITS)

    assert [report.accepted().manifest.name for report in reports] == ["greet-people", "b"]


def test_another_name_of_the_catalogue_changes_no_byte():
    bundle = check_files({"SKILL.md": GOOD, "a.txt": b"x"}, LIMITS).accepted()

    renamed = bundle.named("their-greeting")

    assert (renamed.manifest.name, renamed.manifest.written_name) == ("their-greeting", "greet-people")
    assert (renamed.files, renamed.archive) == (bundle.files, bundle.archive)
