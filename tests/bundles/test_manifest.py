"""Front matter, tools, evals, secrets and hidden text: what is accepted, refused and told."""

import json

import pytest

from skills.bundles.hidden import reveal, suspicious_text
from skills.bundles.limits import BundleLimits
from skills.bundles.validate import check_files
from tests.bundles import hostile
from tests.factories import skill_md

DANGEROUS = list(hostile.front_matters())
UNUSUAL = list(hostile.unusual_front_matters())


def test_there_are_enough_hostile_front_matters():
    assert len(DANGEROUS) + len(UNUSUAL) >= 50


@pytest.mark.parametrize(("name", "data"), DANGEROUS, ids=[name for name, _ in DANGEROUS])
def test_front_matter_that_could_harm_a_reader_is_refused_with_a_place(name, data):
    report = check_files({"SKILL.md": data}, BundleLimits())

    assert report.bundle is None, name
    assert all(problem.file == "SKILL.md" for problem in report.errors)
    assert all(problem.remedy for problem in report.errors)


@pytest.mark.parametrize(("name", "data"), UNUSUAL, ids=[name for name, _ in UNUSUAL])
def test_unusual_front_matter_is_accepted_as_it_is_and_told_with_a_place(name, data):
    report = check_files({"SKILL.md": data}, BundleLimits(), "greet-people")

    assert report.accepted().files["SKILL.md"] == data, name
    assert report.problems
    assert all((problem.file, problem.line > 0) == ("SKILL.md", True) for problem in report.problems)


def test_every_problem_is_told_at_once():
    text = "---\nname: Bad Name\nlicense: [x]\nmetadata: y\n---\n\nkey AKIA" + "Q7ZP3WK9LM2XJ4RT\n"

    codes = {problem.code for problem in check_files({"SKILL.md": text.encode()}, BundleLimits()).problems}

    assert codes == {"catalogue_name", "catalogue_description", "portability", "secret"}


def test_a_problem_names_its_line():
    text = "---\nname: ok\ndescription: fine\nlicense: [x]\n---\n\nbody\n"

    problem = check_files({"SKILL.md": text.encode()}, BundleLimits()).problems[0]

    assert (problem.file, problem.line) == ("SKILL.md", 4)


def test_unknown_fields_are_kept():
    bundle = check_files(
        {"SKILL.md": skill_md(homepage="https://example.org").encode()}, BundleLimits()
    ).accepted()

    assert bundle.manifest.other == {"homepage": "https://example.org"}


def tool(**changes):
    base = {
        "name": "go",
        "description": "Goes.",
        "inputSchema": {"type": "object"},
        "script": "scripts/go.py",
    }
    return json.dumps({**base, **changes}).encode()


BAD_TOOLS = {
    "no name": tool(name=""),
    "name with a space": tool(name="a b"),
    "no description": tool(description=" "),
    "script not there": tool(script="scripts/other.py"),
    "script outside": tool(script="../go.py"),
    "schema is text": tool(inputSchema="x"),
    "schema is no object": tool(inputSchema={"type": "string"}),
    "schema is wrong": tool(inputSchema={"type": "object", "properties": {"a": {"type": "nonsense"}}}),
    "not JSON": b"{",
    "a number": b"5",
    "same name twice in one object": b'{"name": "a", "name": "b"}',
    "NaN": b'{"name": NaN}',
    "deep": b"[" * 500 + b"]" * 500,
    "two with one name": b"[" + tool() + b"," + tool() + b"]",
}


@pytest.mark.parametrize("name", BAD_TOOLS)
def test_bad_tool_stays_and_is_told(name):
    files = {"SKILL.md": skill_md().encode(), "scripts/go.py": b"pass", "tools/go.json": BAD_TOOLS[name]}

    report = check_files(files, BundleLimits())

    assert report.errors == []
    told = [problem for problem in report.problems if problem.severity == "warning"]
    assert {problem.file for problem in told} == {"tools/go.json"}


def test_good_tool_is_read():
    files = {"SKILL.md": skill_md().encode(), "scripts/go.py": b"pass", "tools/go.json": tool()}

    tools = check_files(files, BundleLimits()).accepted().manifest.tools

    assert [(one.name, one.script) for one in tools] == [("go", "scripts/go.py")]


def test_evals_take_assertions_and_expectations():
    cases = {
        "evals": [
            {"id": 1, "prompt": "a", "assertions": ["x"]},
            {"id": 2, "prompt": "b", "expectations": [{"text": "y"}]},
        ]
    }
    files = {"SKILL.md": skill_md().encode(), "evals/evals.json": json.dumps(cases).encode()}

    evals = check_files(files, BundleLimits()).accepted().manifest.evals

    assert [[one.text for one in case.assertions] for case in evals.cases] == [["x"], ["y"]]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"evals": []},
        {"evals": [{"id": 1}]},
        {"evals": [5]},
        {"evals": [{"prompt": "a", "files": ["gone.txt"]}]},
        {"evals": [{"id": 1, "prompt": "a"}, {"id": 1, "prompt": "b"}]},
    ],
)
def test_bad_evals_stay_and_are_told(value):
    files = {"SKILL.md": skill_md().encode(), "evals/evals.json": json.dumps(value).encode()}

    report = check_files(files, BundleLimits())

    assert report.errors == []
    assert "bad_eval" in {problem.code for problem in report.problems}


SECRETS = [
    "AKIA" + "Q7ZP3WK9LM2XJ4RT",
    "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6",
    "glpat-" + "Zk3-pQ9rT2vX5yB8nM1c",
    "xoxb-" + "827364518273-QpWoEiRuTyAlSkDj",
    "sk-ant-" + "Zq8Lk2Pv9Rt4Ws7Xc1Vb6Nm3Jh5Gf0D",
    "AIza" + "SyB7kQ9mR2pT5vX8zC1fH4jL6nW3yE0aD2g",
    "sk_live_" + "Q7zP3wK9lM2xJ4rT8vB6nC1d",
    "npm_" + "Q7zP3wK9lM2xJ4rT8vB6nC1dF5gH0jK3aSlD",
    "hf_" + "QzPwKlMxJrTvBnCdFgHjKaSlDeRtYuIoPm",
    "SG." + "Q7zP3wK9lM2xJ4rT8vB6nC." + "Q7zP3wK9lM2xJ4rT8vB6nC1dF5gH0jK3aSlDeRtYuIo",
    "postgres://app:" + "Zq8Lk2Pv9Rt4@db.internal/app",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_secret_is_refused_and_not_repeated(secret):
    report = check_files({"SKILL.md": skill_md(body=f"Use {secret} here").encode()}, BundleLimits())

    assert [problem.code for problem in report.errors] == ["secret"]
    assert secret not in repr(report.problems)


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "sk-your-key-goes-here-please-change-me-now",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "postgres://user:${PASSWORD_OF_DB}@host/db",
    ],
)
def test_an_example_is_no_secret(text):
    assert check_files({"SKILL.md": skill_md(body=text).encode()}, BundleLimits()).errors == []


def test_hidden_text_is_found_and_revealed():
    codes = {p.code for p in suspicious_text("pass\u200bword p\u0430ypal" + "\n" * 300 + "x <!-- y -->", "f")}

    assert codes == {"zero_width", "mixed_script", "far_away_text", "html_comment"}
    assert reveal("a\u200bb\u202ec") == "a⟨U+200B⟩b⟨U+202E⟩c"
