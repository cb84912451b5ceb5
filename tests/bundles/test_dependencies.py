"""Which packages a bundle asks for, in the three ways that its files can say so."""

import json
import time

import pytest

from skills.bundles.dependencies import Dependency, Ecosystem, read_dependencies


def read(path: str, text: str) -> list[tuple[str, str, bool]]:
    return [(one.name, one.version, one.is_exact) for one in read_dependencies({path: text.encode()})]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("requests==2.31.0", ("requests", "2.31.0", True)),
        ("Flask_Login === 0.6", ("flask-login", "0.6", True)),
        ("requests>=2.0,<3", ("requests", "2.0", False)),
        ("requests~=2.5  # why", ("requests", "2.5", False)),
        ("requests==2.*", ("requests", "2", False)),
        ("requests>1,>=1.5", ("requests", "1.5", False)),
        ("requests[socks]==2.31.0 ; python_version > '3.8'", ("requests", "2.31.0", True)),
        ("requests==2.31.0 --hash=sha256:abc \\", ("requests", "2.31.0", True)),
        ("requests", ("requests", "", False)),
        ("requests<3", ("requests", "", False)),
        ("git+https://a.example/x.git", ("git+https://a.example/x.git", "", False)),
        ("pip @ https://a.example/pip.zip", ("pip", "", False)),
        ("./wheels/x.whl", ("./wheels/x.whl", "", False)),
    ],
)
def test_a_line_of_requirements_names_a_package_and_its_least_version(line, wanted):
    assert read("requirements.txt", line) == [wanted]


@pytest.mark.parametrize(
    "line", ["", "# requests==1", "-r other.txt", "--index-url https://a.example", "-e ."]
)
def test_options_and_comments_name_none(line):
    assert read("requirements.txt", line) == []


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt",
        "scripts/requirements-dev.txt",
        "dev_requirements.txt",
        "requirements/base.in",
        "a/requirements.in",
    ],
)
def test_a_file_of_requirements_is_known_by_its_name(path):
    assert read(path, "requests==2.31.0") == [("requests", "2.31.0", True)]


@pytest.mark.parametrize("path", ["SKILL.md", "notes.txt", "requirements.md", "data/package.json.txt"])
def test_any_other_text_is_not_read(path):
    assert read(path, "requests==2.31.0") == []


@pytest.mark.parametrize(
    ("specifier", "version", "is_exact"),
    [
        ("4.17.20", "4.17.20", True),
        ("=4.17.20", "4.17.20", True),
        ("v4.17.20", "4.17.20", True),
        ("^4.17.0", "4.17.0", False),
        ("~4.17", "4.17.0", False),
        (">=1.2.3 <2", "1.2.3", False),
        ("1.x", "1.0.0", False),
        ("1.0.0-beta.1", "1.0.0-beta.1", True),
        ("<2.0.0", "", False),
        ("*", "", False),
        ("latest", "", False),
        ("git+ssh://git@a.example/x.git#v1.0.0", "", False),
        ("file:../x", "", False),
        ("workspace:^", "", False),
    ],
)
def test_a_package_of_npm_has_the_least_version_its_range_allows(specifier, version, is_exact):
    text = json.dumps({"dependencies": {"lodash": specifier}})

    assert read("package.json", text) == [("lodash", version, is_exact)]


def test_all_sections_of_package_json_are_read_with_their_lines():
    text = '{\n "dependencies": {\n  "a": "1.0.0"\n },\n "devDependencies": {\n  "@b/c": "npm:d@2.0.0"\n }\n}'

    assert read_dependencies({"scripts/package.json": text.encode()}) == [
        Dependency(
            ecosystem=Ecosystem.NPM,
            name="a",
            version="1.0.0",
            is_exact=True,
            written="a@1.0.0",
            path="scripts/package.json",
            line=3,
        ),
        Dependency(
            ecosystem=Ecosystem.NPM,
            name="d",
            version="2.0.0",
            is_exact=True,
            written="@b/c@npm:d@2.0.0",
            path="scripts/package.json",
            line=6,
        ),
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"dependencies": ["a"]}', '{"dependencies": {"a": 1}}', "[" * 9_000]
)
def test_a_package_json_of_another_form_is_no_fault(text):
    assert all(version in ("", "1.0.0") for _, version, _ in read("package.json", text))


def test_inline_metadata_of_a_script_is_read():
    block = '# /// script\n# dependencies = [\n#   "requests==2.31.0",\n#   "rich",\n# ]\n# ///'
    text = f"#!/usr/bin/env python\n{block}\nimport x\n"

    found = read_dependencies({"scripts/run.py": text.encode()})

    assert [(one.name, one.version, one.line) for one in found] == [
        ("requests", "2.31.0", 4),
        ("rich", "", 5),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# /// script\n# dependencies = [",
        "# /// script\n# = \n# ///\n",
        "# /// script\n# dependencies = 3\n# ///",
        "x = 1",
    ],
)
def test_a_block_that_is_not_whole_names_nothing(text):
    assert read("run.py", text) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "a" * 2_000_000),
        ("requirements.txt", "a==1\n" * 200_000),
        ("requirements.txt", "a" + " " * 1_000_000 + "=="),
        ("package.json", '"' * 2_000_000),
        ("package.json", json.dumps({"dependencies": {f"a{n}": "1" * 300 for n in range(50_000)}})),
        ("run.py", "# /// script\n# dependencies = [\n" + '#  "a==1",\n' * 100_000 + "# ]\n# ///"),
    ],
    ids=["long line", "many lines", "blanks", "quotes", "many packages", "many in a script"],
)
def test_large_files_are_read_in_time(path, text):
    started = time.process_time()

    read(path, text)

    assert time.process_time() - started < 5
