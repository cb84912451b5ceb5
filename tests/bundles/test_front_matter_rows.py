"""Front matter in rows for people: each value with its path and type, in the order of the file."""

from skills.bundles.front_matter_rows import FrontMatterRow, front_matter_rows


def test_each_value_is_a_row_with_its_type():
    fields = {
        "name": "a",
        "user-invocable": False,
        "metadata": {"version": 1.2, "openclaw": {"bins": ["curl", "jq"], "env": {}}},
        "license": None,
    }

    assert front_matter_rows(fields) == [
        FrontMatterRow(path="name", value="a", kind="text"),
        FrontMatterRow(path="user-invocable", value="false", kind="yes or no"),
        FrontMatterRow(path="metadata.version", value="1.2", kind="number"),
        FrontMatterRow(path="metadata.openclaw.bins", value="curl, jq", kind="list"),
        FrontMatterRow(path="metadata.openclaw.env", value="", kind="empty"),
        FrontMatterRow(path="license", value="null", kind="empty"),
    ]


def test_a_list_of_maps_has_a_row_for_each_value():
    fields = {"install": [{"kind": "brew"}, "text"]}

    assert [(row.path, row.value) for row in front_matter_rows(fields)] == [
        ("install[1].kind", "brew"),
        ("install[2]", "text"),
    ]
