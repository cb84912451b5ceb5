"""What is worth a look, with file and line: told before publishing, and found again by the scan."""

import json

import pytest

from skills.bundles.limits import BundleLimits
from skills.bundles.validate import check_files
from skills.lib.errors import ProblemSeverity
from skills.scans.checks.worth_a_look import find_worth_a_look

LIMITS = BundleLimits(archive=50_000_000, unpacked=50_000_000, file=50_000_000, files=1_000)


def skill(body="Hello.", fields=""):
    return f"---\nname: greet-people\ndescription: Says hello.\n{fields}---\n{body}\n".encode()


def told(files, code):
    """(file, line) of each warning of CODE, which the scan of the accepted bundle tells as well."""
    report = check_files({"SKILL.md": skill(), **files}, LIMITS)
    bundle = report.accepted()
    warnings = [(one.file, one.line) for one in report.problems if one.code == code]
    found = [
        (one.path, one.line) for one in find_worth_a_look(bundle.files, bundle.manifest) if one.rule == code
    ]
    assert sorted(found) == sorted(warnings)
    assert all(one.severity == ProblemSeverity.WARNING for one in report.problems if one.code == code)
    return warnings


def dead(body, **files):
    return [line for _, line in told({"SKILL.md": skill(body), **files}, "dead_reference")]


@pytest.mark.parametrize(
    "body",
    [
        "See [the guide](references/guide.md).",
        "See [the guide](./references/guide.md#top).",
        "![a picture](assets/flow.png)",
        "See [the other](../other-skill/SKILL.md).",
        "Run `scripts/run.py`.",
        "Read references/guide.md first.",
        "```bash\npython3 {baseDir}/scripts/run.py --fast\n```",
        "python3 ${CLAUDE_SKILL_DIR}/scripts/run.py",
        'run "./scripts/run.py"',
    ],
)
def test_a_path_that_is_not_in_the_bundle_is_told_with_its_line(body):
    (line,) = dead(f"First line.\n{body}")

    assert line == (7 if "```" in body else 6)


@pytest.mark.parametrize(
    "body",
    [
        "See [the guide](references/guide.md), [all](references/) and [it](References/Guide.md#a).",
        "See [it](https://a.example/b.md), [mail](mailto:a@b.example), [here](#part) and [root](/a/b.md).",
        "Run `scripts/run.py` or `python run.py`, then `./scripts/run.py`.",
        "Write the plan to docs/plan.md and src/app.ts.",
        "For example, `scripts/rotate.py` would be one.",
        "Create `references/memory.md` there.",
        "Copy it to ~/project/scripts/build.sh or /opt/scripts/build.sh.",
        "Use scripts/<name>.py, scripts/*.py, scripts/{name}.py or scripts/your_script.py.",
        "See `references/favorites.json.example`.",
        "```\n[not a link](gone.md)\n```",
        "[x]: y, f(a)[b](c)",
    ],
)
def test_paths_that_are_there_or_of_another_place_are_let_be(body):
    assert dead(body, **{"references/guide.md": b"a", "scripts/run.py": b"a"}) == []


def test_a_path_that_stands_twice_is_told_once():
    assert dead("a references/x.md\nb references/x.md") == [5]


def test_a_script_that_names_a_file_that_is_gone_is_told():
    files = {"scripts/run.py": b'import json\njson.load(open("references/rates.json"))\n'}

    assert told(files, "dead_reference") == [("scripts/run.py", 2)]


@pytest.mark.parametrize(
    "licence", ["MIT", "Apache-2.0 OR MIT", "Proprietary. LICENSE.txt has complete terms"]
)
def test_a_licence_of_spdx_or_of_a_file_is_let_be(licence):
    files = {"SKILL.md": skill(fields=f"license: {licence}\n"), "LICENSE.txt": b"Terms."}

    assert told(files, "licence_not_spdx") == []


@pytest.mark.parametrize("licence", ["Free for friends", "Complete terms in LICENSE.txt"])
def test_any_other_licence_is_told_at_its_line(licence):
    assert told({"SKILL.md": skill(fields=f"license: {licence}\n")}, "licence_not_spdx") == [("SKILL.md", 4)]


@pytest.mark.parametrize(
    ("files", "places"),
    [
        ({"a.bin": 2**20}, []),
        ({"a.bin": 2**20 + 1}, [("a.bin", 0)]),
        ({f"{number}.bin": 2**20 for number in range(5)}, [("", 0)]),
        ({f"{number}.bin": 2**20 for number in range(16)}, [("", 0)]),
        ({f"{number}.bin": 0 for number in range(512)}, [("", 0)]),
        ({f"{number}.bin": 0 for number in range(511)}, []),
    ],
)
def test_what_a_known_client_does_not_take_is_told(files, places):
    contents = {path: b"x" * size for path, size in files.items()}

    assert told(contents, "too_large_for_client") == places


def a_tool(**properties):
    return json.dumps(
        {
            "name": "go",
            "description": "Goes.",
            "inputSchema": {"type": "object", "properties": properties},
            "script": "scripts/go.py",
        }
    ).encode()


def test_a_parameter_without_a_type_is_told():
    files = {"tools/go.json": a_tool(a={"description": "Any."}, b={"type": "string"}), "scripts/go.py": b""}

    assert told(files, "untyped_tool") == [("tools/go.json", 1)]


@pytest.mark.parametrize("schema", [{"type": "string"}, {"enum": ["a"]}, {"anyOf": [{"type": "string"}]}])
def test_a_parameter_has_its_type_in_several_ways(schema):
    assert told({"tools/go.json": a_tool(a=schema), "scripts/go.py": b""}, "untyped_tool") == []


def test_a_definition_in_another_shape_is_told_and_kept():
    files = {"tools/go.json": json.dumps({"type": "function", "function": {"name": "go"}}).encode()}

    assert {file for file, _ in told(files, "bad_tool")} == {"tools/go.json"}


def test_invisible_letters_are_told_before_publishing():
    report = check_files({"SKILL.md": skill("pass\u200bword")}, LIMITS)

    assert [(one.code, one.line) for one in report.problems] == [("zero_width", 5)]
    assert report.accepted()


def test_a_pointer_of_git_lfs_is_told():
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 9\n" % (b"a" * 64)

    assert told({"assets/model.bin": pointer}, "git_pointer") == [("assets/model.bin", 1)]


def test_a_text_about_git_lfs_is_no_pointer():
    text = b"version https://git-lfs.github.com/spec/v1 is how a pointer begins.\n" * 40

    assert told({"references/lfs.md": text}, "git_pointer") == []


def test_folders_that_are_one_on_some_systems_are_told_once_where_they_part():
    names = ["Docs/a/x.md", "docs/a/y.md", "docs/B/z.md", "docs/b.md"]

    assert told(dict.fromkeys(names, b"text"), "folder_collision") == [("docs", 0)]
