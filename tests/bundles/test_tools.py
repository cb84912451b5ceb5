"""Tools: what may be called without asking, and MCP definitions with the script that runs them."""

import json

import pytest

from skills.bundles.tools import ToolDefinition, allowed_tools, read_tools
from skills.lib.errors import ProblemSeverity

TOOL = {"name": "go", "description": "Goes.", "inputSchema": {"type": "object"}, "script": "scripts/go.py"}


def read(value, path="tools/go.json"):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_tools({path: data, "scripts/go.py": b"pass"})


def faults(**changes):
    tools, problems = read(TOOL | changes)
    assert tools == []
    assert {(problem.code, problem.file) for problem in problems} == {("bad_tool", "tools/go.json")}
    assert all("/docs/bundles/" in problem.remedy for problem in problems)
    assert {problem.severity for problem in problems} == {ProblemSeverity.WARNING}
    return [problem.text for problem in problems]


@pytest.mark.parametrize(
    ("written", "tools"),
    [
        ("", []),
        ("Read", ["Read"]),
        ("Read Grep", ["Read", "Grep"]),
        ("Read, Grep,Edit", ["Read", "Grep", "Edit"]),
        ("Bash(git:*) Read", ["Bash(git:*)", "Read"]),
        ("Bash(git add *) Read", ["Bash(git add *)", "Read"]),
        ("mcp__server__tool", ["mcp__server__tool"]),
        (["Read", " Bash(git:*) "], ["Read", "Bash(git:*)"]),
        ([5], ["5"]),
        ([], []),
    ],
)
def test_grants_are_words_that_may_hold_a_pattern(written, tools):
    assert allowed_tools(written) == tools


def test_a_definition_is_read_with_its_file():
    assert read(TOOL) == (
        [
            ToolDefinition(
                name="go",
                description="Goes.",
                input_schema={"type": "object"},
                script="scripts/go.py",
                file="tools/go.json",
            )
        ],
        [],
    )


def test_a_file_may_hold_a_list_of_them():
    tools, problems = read([TOOL, TOOL | {"name": "stop"}])

    assert ([tool.name for tool in tools], problems) == (["go", "stop"], [])


@pytest.mark.parametrize("path", ["tools/deep/go.json", "tools/go.yaml", "other/go.json", "tools.json"])
def test_other_files_are_not_read(path):
    assert read(b"not json", path) == ([], [])


@pytest.mark.parametrize("name", ["a", "a.b-c_D9", "x" * 128])
def test_names_that_mcp_takes(name):
    assert read(TOOL | {"name": name})[1] == []


@pytest.mark.parametrize("name", ["", "a b", "x" * 129, "ü", 5, None, ["a"]])
def test_other_names_are_refused(name):
    (text,) = faults(name=name)

    assert text.endswith("`name` is 1–128 letters, digits, dots, hyphens or underscores.")


@pytest.mark.parametrize("description", ["", "  ", None, 5])
def test_a_description_is_needed(description):
    assert faults(description=description) == [
        "Tool go is not listed: `description` says what the tool does and when to call it."
    ]


@pytest.mark.parametrize("script", ["scripts/gone.py", "../go.py", "", None, 5])
def test_the_script_lies_in_the_bundle(script):
    assert faults(script=script) == [
        f"Tool go is not listed: `script` names a file of this bundle (found {script!r})."
    ]


@pytest.mark.parametrize("schema", [None, "x", [], {}, {"type": "string"}, True])
def test_the_schema_is_that_of_an_object(schema):
    assert faults(inputSchema=schema) == [
        'Tool go is not listed: `inputSchema` is a JSON Schema with "type": "object".'
    ]


def test_a_schema_with_a_fault_says_which():
    (text,) = faults(inputSchema={"type": "object", "required": "a"})

    assert text.startswith("Tool go is not listed: `inputSchema` is not a JSON Schema: 'a' is not")


def test_every_fault_of_a_tool_is_told_at_once():
    tools, problems = read({})

    assert (tools, len(problems)) == ([], 4)
    assert {problem.text.split(":")[0] for problem in problems} == {"Tool without a name is not listed"}


@pytest.mark.parametrize("value", [5, "text", [5], None])
def test_a_definition_is_an_object(value):
    tools, problems = read(value)

    assert (tools, [problem.text for problem in problems]) == ([], ["A tool definition is a JSON object."])


def test_what_is_no_json_is_refused_and_the_next_file_read():
    tools, problems = read_tools(
        {"tools/a.json": b"{", "tools/b.json": json.dumps(TOOL).encode(), "scripts/go.py": b""}
    )

    assert [tool.name for tool in tools] == ["go"]
    assert [(problem.code, problem.file) for problem in problems] == [("bad_json", "tools/a.json")]


def test_two_tools_of_one_name_are_told_once():
    tools, problems = read_tools(
        {
            "tools/a.json": json.dumps(TOOL).encode(),
            "tools/b.json": json.dumps([TOOL, TOOL]).encode(),
            "scripts/go.py": b"",
        }
    )

    assert [tool.file for tool in tools] == ["tools/a.json"]
    assert {(problem.text, problem.file) for problem in problems} == {
        ("The tool 'go' is defined twice; the first definition counts.", "tools/b.json")
    }


def test_unknown_fields_of_mcp_are_let_be():
    assert read(TOOL | {"annotations": {"readOnlyHint": True}, "title": "Go"})[1] == []
