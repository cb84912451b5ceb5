"""What changed between two bundles."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.bundles.compare import FieldChange, compare, compare_front_matter, summary
from skills.bundles.manifest import Manifest


def test_files_by_digest():
    found = compare({"SKILL.md": "a", "b": "1", "c": "1"}, {"SKILL.md": "b", "b": "1", "d": "2"})

    assert [(change.path, change.kind) for change in found] == [
        ("SKILL.md", "changed"),
        ("b", "same"),
        ("c", "removed"),
        ("d", "added"),
    ]


def manifest(**fields):
    """A manifest whose catalogue words are those of its front matter."""
    words = {name: fields[name] for name in ("name", "description", "license") if name in fields}
    return Manifest(fields_json=json.dumps(fields), **words)


def test_front_matter_by_field():
    old = manifest(name="x", description="Old.", metadata={"tags": "a", "openclaw": {"bins": ["curl"]}})
    new = manifest(name="x", description="New.", metadata={"openclaw": {"bins": ["jq"]}}, model="m")

    assert compare_front_matter(old, new) == [
        FieldChange("description", "Old.", "New."),
        FieldChange("metadata.tags", "a", ""),
        FieldChange("metadata.openclaw.bins", "curl", "jq"),
        FieldChange("model", "", "m"),
    ]
    assert [change.field for change in compare_front_matter(Manifest(), old)] == [
        "name",
        "description",
        "metadata.tags",
        "metadata.openclaw.bins",
    ]
    assert compare_front_matter(old, old) == []


def test_a_summary_names_a_few_files_of_each_kind():
    changes = compare({"SKILL.md": "a"}, {"SKILL.md": "a", **{f"f{n}": "x" for n in range(9)}})

    assert summary(changes, []) == "Added: f0, f1, f2, f3, f4, f5 and 3 more."
    assert summary(compare({"a": "1"}, {"a": "1"}), []) == ""


def kinds(old, new):
    return {change.path: str(change.kind) for change in compare(old, new)}


def test_skill_md_comes_first_whatever_the_alphabet_says():
    changes = compare({"SKILL.md": "1", "A.md": "1"}, {"a.md": "1", "SKILL.md": "1"})

    assert [change.path for change in changes] == ["SKILL.md", "A.md", "a.md"]


def test_a_first_version_adds_everything_and_an_empty_one_removes_it():
    assert kinds({}, {"a": "1"}) == {"a": "added"}
    assert kinds({"a": "1"}, {}) == {"a": "removed"}
    assert kinds({}, {}) == {}


@given(
    st.dictionaries(st.text(max_size=3), st.text(max_size=1)),
    st.dictionaries(st.text(max_size=3), st.text(max_size=1)),
)
def test_looking_back_swaps_added_and_removed(old, new):
    swapped = {"added": "removed", "removed": "added", "changed": "changed", "same": "same"}

    assert kinds(new, old) == {path: swapped[kind] for path, kind in kinds(old, new).items()}


def test_a_summary_names_fields_and_each_kind_on_its_line():
    changes = compare({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"})
    fields = [FieldChange("license", "", "MIT"), FieldChange("description", "Old.", "New.")]

    assert summary(changes, fields) == (
        "Front matter: license, description.\nAdded: d.\nChanged: b.\nRemoved: c."
    )


@pytest.mark.parametrize(
    ("count", "end"), [(6, "f0, f1, f2, f3, f4, f5."), (7, "f0, f1, f2, f3, f4, f5 and 1 more.")]
)
def test_six_paths_of_a_kind_are_named(count, end):
    changes = compare({}, {f"f{number}": "1" for number in range(count)})

    assert summary(changes, []) == f"Added: {end}"


def test_a_field_that_is_no_text_is_compared_as_it_is_written():
    old, new = manifest(hooks=["a"], model=True), manifest(hooks=["a", "b"], model=False)

    assert compare_front_matter(old, new) == [
        FieldChange("hooks", "a", "a, b"),
        FieldChange("model", "true", "false"),
    ]
