"""Evaluations of other tools are read as cases, or kept with a note that names the tool."""

import json

import pytest

from skills.bundles.eval_cases import AssertionKind
from skills.bundles.evals import CASES, read_evals
from skills.bundles.limits import BundleLimits
from skills.bundles.validate import check_files
from skills.lib.errors import ProblemSeverity
from tests.bundles.hostile import GOOD

K = AssertionKind


def read(files):
    """Cases and texts of the notes; nothing stops the bundle."""
    data = {path: text.encode() for path, text in files.items()}
    report = check_files({"SKILL.md": GOOD, **data}, BundleLimits())
    assert report.errors == []
    evals, problems = read_evals(data)
    return evals.cases, [problem.text for problem in problems if problem.code == "bad_eval"]


def kinds(case):
    return [(row.kind, row.text if row.kind == K.JUDGE else row.value) for row in case.assertions]


def assertion(row):
    (case,), _ = read({CASES: json.dumps([{"prompt": "Go.", "assertions": [row]}])})
    return kinds(case)


@pytest.mark.parametrize(
    ("row", "read_as"),
    [
        ({"type": "llm-rubric", "value": "It is kind."}, [(K.JUDGE, "It is kind.")]),
        (
            {"type": "g-eval", "value": ["It is kind.", "It is short."]},
            [(K.JUDGE, "It is kind."), (K.JUDGE, "It is short.")],
        ),
        ({"type": "icontains", "value": "Total (net)"}, [(K.REGEX, r"(?i)Total\ \(net\)")]),
        ({"type": "not-icontains", "value": "error"}, [(K.NOT_REGEX, "(?i)error")]),
        ({"type": "contains-all", "value": ["a", "b"]}, [(K.CONTAINS, "a"), (K.CONTAINS, "b")]),
        ({"type": "contains-all", "value": "a, b"}, [(K.CONTAINS, "a"), (K.CONTAINS, "b")]),
        ({"type": "contains-any", "value": "a, b"}, [(K.CONTAINS_ANY, ["a", "b"])]),
        ({"type": "icontains-any", "value": ["a", "b"]}, [(K.REGEX, "(?i)a|b")]),
        ({"type": "icontains-all", "value": ["a", "b"]}, [(K.REGEX, "(?i)a"), (K.REGEX, "(?i)b")]),
        ({"type": "contains", "value": ["a", "b"]}, [(K.CONTAINS, "a"), (K.CONTAINS, "b")]),
        ({"type": "not-contains", "value": ["a", "b"]}, [(K.NOT_CONTAINS, "a"), (K.NOT_CONTAINS, "b")]),
        ({"type": "equals", "value": "42"}, [(K.REGEX, r"\A\s*(?:42)\s*\Z")]),
        ({"type": "starts-with", "value": "Dear"}, [(K.REGEX, r"\A\s*(?:Dear)")]),
        ({"type": "is-json", "value": {"type": "object"}}, [(K.JSON_SCHEMA, {"type": "object"})]),
        ({"type": "is-json"}, [(K.JSON_SCHEMA, {})]),
        ({"type": "is-json", "schema": {"type": "array"}}, [(K.JSON_SCHEMA, {"type": "array"})]),
        ({"type": "is-json", "value": '{"type": "array"}'}, [(K.JSON_SCHEMA, {"type": "array"})]),
        ({"type": "not-is-json"}, [(K.NOT_JSON_SCHEMA, {})]),
        ({"type": "equals", "value": {"a": True}}, [(K.JSON_SCHEMA, {"const": {"a": True}})]),
        ({"type": "equals", "value": 42}, [(K.REGEX, r"\A\s*(?:42)\s*\Z")]),
        ({"type": "equals", "value": False}, [(K.REGEX, r"\A\s*(?:false)\s*\Z")]),
        ({"type": "cost", "threshold": 0.02}, [(K.COST, 0.02)]),
        ({"type": "latency", "value": "5000"}, [(K.LATENCY, 5000.0)]),
        ({"type": "similar", "value": "A tale"}, [(K.SIMILAR, {"texts": ["A tale"], "threshold": 0.75})]),
        (
            {"type": "similar", "value": ["A", "B"], "threshold": 0.9},
            [(K.SIMILAR, {"texts": ["A", "B"], "threshold": 0.9})],
        ),
        ({"type": "regex", "value": ["a+", "b+"]}, [(K.REGEX, "a+"), (K.REGEX, "b+")]),
        ({"criterion": "It went."}, [(K.JUDGE, "It went.")]),
        ({"statement": "It went.", "name": "s1"}, [(K.JUDGE, "It went.")]),
        ({"id": 3, "check": "It went."}, [(K.JUDGE, "It went.")]),
        (["It went.", "It came back."], [(K.JUDGE, "It went."), (K.JUDGE, "It came back.")]),
    ],
)
def test_an_assertion_in_the_words_of_another_tool_is_read(row, read_as):
    assert assertion(row) == read_as


@pytest.mark.parametrize("key", ["criteria", "checks", "checklist", "graders", "rubric", "assert"])
def test_a_list_of_assertions_has_other_names(key):
    (case,), _ = read({CASES: json.dumps([{"prompt": "Go.", key: ["It went."]}])})

    assert kinds(case) == [(K.JUDGE, "It went.")]


@pytest.mark.parametrize(
    "row", [{"type": "not-contains-all", "value": ["a", "b"]}, {"type": "not-cost", "threshold": 1}, 5]
)
def test_an_assertion_that_cannot_be_read_is_left_out_and_told(row):
    (case,), notes = read({CASES: json.dumps([{"prompt": "Go.", "assertions": [row, "Went."]}])})

    assert kinds(case) == [(K.JUDGE, "Went.")]
    assert "Assertion 1, 1" in notes[0]


CLAUDE = {
    "evals/tidy/prompt.md": "---\nname: tidy\ntags: [smoke]\n---\nTidy these notes.\n",
    "evals/tidy/graders/outcome.md": "---\ntype: llm\n---\nNames a decision.\n",
    "evals/tidy/graders/words.md": "---\ntype: regex\nflags: i\n---\ndecision\n",
    "evals/tidy/graders/quiet.md": "---\ntype: regex\nmatch: not_contains\n---\nsorry\n",
    "evals/tidy/graders/skill.md": "---\ntype: tool_used\ntool: Read\n---\n",
    "evals/tidy/graders/order.md": "---\ntype: tool_order\nbefore: Read\nafter: Write\n---\n",
}


def test_a_folder_of_claude_plugin_eval_is_a_case():
    (case,), notes = read(CLAUDE)

    assert (case.id, case.prompt, case.tags) == ("tidy", "Tidy these notes.", ("smoke",))
    assert kinds(case) == [
        (K.JUDGE, "Names a decision."),
        (K.NOT_REGEX, "sorry"),
        (K.TOOL_USED, "Read"),
        (K.REGEX, "(?i)decision"),
    ]
    assert notes == [
        "evals/tidy/ is in the form of claude plugin eval and is read as cases.",
        "evals/tidy/ is in the form of claude plugin eval; kept and not read: the grader order (tool_order).",
    ]


def test_a_whole_case_may_stand_in_case_yaml():
    text = (
        "name: whole\nexecution:\n  prompt: Do it.\ngraders:\n"
        "  - {name: a, type: llm, criteria: It is done.}\n  - {name: b, type: file_exists, path: out.csv}\n"
    )

    (case,), _ = read({"evals/whole/case.yaml": text})

    assert (case.id, case.prompt) == ("whole", "Do it.")
    assert kinds(case) == [(K.JUDGE, "It is done."), (K.FILE_EXISTS, "out.csv")]


def test_a_tessl_scenario_is_a_case():
    criteria = {
        "type": "weighted_checklist",
        "checklist": [{"name": "n", "description": "Uses uv.", "max_score": 5}],
    }

    (case,), notes = read(
        {"evals/scenario-1/task.md": "# Task\nBuild.", "evals/scenario-1/criteria.json": json.dumps(criteria)}
    )

    assert (case.id, case.prompt, kinds(case)) == ("scenario-1", "# Task\nBuild.", [(K.JUDGE, "Uses uv.")])
    assert "a Tessl scenario" in notes[0]


PROMPTFOO = """\
prompts:
  - 'Summarise: {{text}}'
providers: [openai:gpt]
defaultTest:
  assert:
    - {type: llm-rubric, value: It is short.}
tests:
  - description: mail
    vars: {text: We met.}
    assert:
      - {type: icontains, value: met}
      - {type: javascript, value: output.length < 5}
"""


@pytest.mark.parametrize(
    "path", ["promptfooconfig.yaml", "evals/promptfooconfig.yml", "evals/promptfoo.yaml"]
)
def test_a_configuration_of_promptfoo_is_cases(path):
    (case,), notes = read({path: PROMPTFOO})

    assert (case.id, case.prompt) == ("mail", "Summarise: We met.")
    assert kinds(case) == [(K.JUDGE, "It is short."), (K.REGEX, "(?i)met")]
    assert notes[-1].endswith("kept and not read: `javascript` of test 1.")


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("evals/eval.yaml", "skill: x\ntasks: ['tasks/*.yaml']\n", "waza"),
        ("evals/promptfooconfig.yaml", "tests: [", "promptfoo"),
        ("evals/promptfooconfig.yaml", "tests: file://tests.csv\n", "promptfoo"),
        ("evals/suite.yml", "a: 1\n", "a tool that is not known here"),
        ("evals/mocks/server/tool.md", "---\ntype: fixed\n---\n", "claude plugin eval"),
    ],
)
def test_what_is_not_read_is_kept_with_a_note_that_names_the_tool(path, text, words):
    cases, (note,) = read({path: text})

    assert cases == ()
    assert words in note
    assert path in note


@pytest.mark.parametrize("path", [CASES, "evals/triggers.json", "evals/other.json", "evals/a/criteria.json"])
@pytest.mark.parametrize("text", ["{", "", "[1, 2", "\x00", "nul"])
def test_broken_json_stops_no_publication(path, text):
    report = check_files(
        {"SKILL.md": GOOD, path: text.encode() or b" ", "evals/a/task.md": b"Go."}, BundleLimits()
    )

    assert [problem.code for problem in report.errors if problem.code != "not_text"] == []


def test_two_files_may_use_the_same_ids():
    one = json.dumps([{"id": 1, "prompt": "Go.", "assertions": ["Went."]}])

    cases, _ = read({CASES: one, "evals/more.json": one})

    assert [case.id for case in cases] == ["1", "1 (2)"]


@pytest.mark.corpus
def test_every_real_file_is_read_and_stops_nothing(corpus):
    silent = []
    for path in sorted((corpus / "evals").glob("*.json")):
        name = "evals/triggers.json" if "trigger" in path.name else CASES
        evals, problems = read_evals({name: path.read_bytes()})
        assert not [problem for problem in problems if problem.severity == ProblemSeverity.ERROR]
        if not evals.cases and not evals.triggers and not problems:
            silent.append(path.name)

    assert silent == []
