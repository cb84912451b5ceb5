"""What changed between two bundles."""

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


def test_front_matter_by_field():
    old = Manifest.from_json(
        {
            "name": "x",
            "description": "Old.",
            "allowed_tools": ["Read"],
            "metadata": {"tags": "a"},
            "other": {},
        }
    )
    new = Manifest.from_json(
        {
            "name": "x",
            "description": "New.",
            "allowed_tools": ["Read", "Bash"],
            "metadata": {},
            "other": {"model": "m"},
        }
    )

    assert compare_front_matter(old, new) == [
        FieldChange("description", "Old.", "New."),
        FieldChange("allowed-tools", "Read", "Read Bash"),
        FieldChange("metadata.tags", "a", ""),
        FieldChange("model", "", "m"),
    ]
    assert [change.field for change in compare_front_matter(Manifest(), old)] == [
        "name",
        "description",
        "allowed-tools",
        "metadata.tags",
    ]
    assert compare_front_matter(old, old) == []


def test_a_summary_names_a_few_files_of_each_kind():
    changes = compare({"SKILL.md": "a"}, {"SKILL.md": "a", **{f"f{n}": "x" for n in range(9)}})

    assert summary(changes, []) == "Added: f0, f1, f2, f3, f4, f5 and 3 more."
    assert summary(compare({"a": "1"}, {"a": "1"}), []) == ""
