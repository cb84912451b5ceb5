"""Eval files of every dialect: loaded or refused with a reason; what is written comes back."""

import json

import pytest

from skills.bundles.evals import CASES, read_evals
from skills.evals.case_text import as_lines, evals_json, read_lines
from skills.evals.plan import cases_of, key_of
from skills.verdicts import grade
from skills.verdicts.grade import Produced, UnreadableJudgement, read_judgement


def read(value, **files):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_evals({CASES: raw, **dict.fromkeys(files, b"x")})


@pytest.mark.corpus
def test_every_real_file_loads_or_says_why(corpus):
    loaded = refused = 0
    for path in sorted((corpus / "evals").glob("*.json")):
        name = "evals/trigger.json" if "trigger" in path.name else CASES
        evals, problems = read_evals({name: path.read_bytes()})
        errors = [problem for problem in problems if problem.severity == "warning"]
        assert all(problem.text and problem.remedy for problem in problems), path.name
        if evals.cases or evals.triggers:
            loaded += 1
        else:
            refused += 1
            assert errors, path.name
    assert loaded >= 25 and refused <= 4, (loaded, refused)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"{", "not JSON"),
        ({"evals": []}, "no list of cases"),
        ("text", "no list of cases"),
        ({"evals": ["x"]}, "not an object"),
        ([{"prompt": ""}], "no `prompt`"),
        ([{"prompt": "a" * 100_001}], "at most"),
        ([{"prompt": "a", "assertions": {"a": 1}}], "is a list"),
        ([{"prompt": "a", "assertions": [3]}], "neither text nor an object"),
        ([{"prompt": "a", "assertions": [{"type": "magic"}]}], "unknown type"),
        ([{"prompt": "a", "assertions": [{"type": "regex", "value": "("}]}], "not a regular expression"),
        (
            [{"prompt": "a", "assertions": [{"type": "json_schema", "schema": {"type": 3}}]}],
            "not a JSON Schema",
        ),
        ([{"prompt": "a", "assertions": [{"type": "contains_any"}]}], "list of texts"),
        ([{"prompt": "a", "files": ["gone.csv"]}], "not in the bundle"),
        ([{"prompt": "a", "files": 3}], "list of paths"),
        ([{"id": 1, "prompt": "a"}, {"id": 1, "prompt": "b"}], "stands twice"),
        ([{"prompt": f"p{n}", "assertions": ["x"]} for n in range(10_000)], "10,000 cases"),
        ([{"prompt": "a", "assertions": ["x"] * 51}], "at most 50"),
    ],
)
def test_bad_input_gets_a_reason_and_the_place(value, words):
    _, problems = read(value)

    errors = [problem for problem in problems if problem.severity == "warning"]
    assert any(words in problem.text for problem in errors), [p.text for p in problems]
    assert all(problem.file == CASES for problem in errors)


def test_unknown_keys_are_kept_and_reported():
    evals, problems = read([{"prompt": "a", "assertions": ["x"], "weight": 3}])

    assert evals.cases[0].other == {"weight": 3}
    assert any("Kept but not used: weight" in problem.text for problem in problems)
    again = json.loads(
        evals_json("s", [{"id": "1", "prompt": "a", "expected": "", "assertions": "x"}], evals)
    )
    assert again["evals"][0]["weight"] == 3


def test_the_editor_writes_what_it_read():
    lines = "contains: refund\nnot_contains: sorry\ncontains_any: a | b\nregex: \\d+ EUR\nSays thanks"
    raw = evals_json(
        "s", [{"id": "x", "prompt": "p", "expected": "", "assertions": lines}], read([{"prompt": "q"}])[0]
    )

    case = read(raw)[0].cases[0]
    assert [(one.kind, one.value) for one in case.assertions] == [
        ("contains", "refund"),
        ("not_contains", "sorry"),
        ("contains_any", ["a", "b"]),
        ("regex", "\\d+ EUR"),
        ("judge", None),
    ]
    assert read_lines("note: this is prose") == ["note: this is prose"]


@pytest.mark.parametrize(
    "row",
    [
        {"type": "contains", "value": "two\nlines"},
        {"type": "contains_any", "values": ["a | b", "c"]},
        {"type": "regex", "value": "\\d+", "text": "Names the total"},
        {"type": "similar", "value": ["a", "b"], "threshold": 0.9},
        {"type": "similar", "value": "a tale"},
        {"type": "cost", "threshold": 0.0125},
        {"type": "latency", "threshold": 5000},
        {"type": "not-is-json"},
        "One statement\nof two lines",
        "contains: not a check but a statement",
    ],
)
def test_the_editor_changes_no_assertion_that_nobody_touched(row):
    evals, _ = read([{"id": "x", "prompt": "p", "assertions": [row, "Says thanks"]}])

    for _ in range(2):
        lines = as_lines(evals.cases[0].assertions)
        again, _ = read(
            evals_json("s", [{"id": "x", "prompt": "p", "expected": "", "assertions": lines}], evals)
        )

        assert sorted(map(repr, again.cases[0].assertions)) == sorted(map(repr, evals.cases[0].assertions))
        evals = again


def test_the_editor_keeps_conversations_flags_and_sentences():
    value = [
        {
            "id": "talk",
            "turns": [{"user": "Hi.", "assertions": [{"type": "contains", "value": "Hello"}]}, "Go on."],
        },
        {"id": "control", "prompt": "Add.", "should_trigger": False, "assertions": ["Adds"]},
        {"id": "opens", "prompt": "Greet.", "should_trigger": True, "assertions": ["Greets"]},
        {"query": "Say hello.", "should_trigger": True},
    ]
    evals, _ = read(value)
    rows = [
        {"id": case.id, "prompt": case.prompt, "expected": "", "assertions": as_lines(case.assertions)}
        for case in evals.cases
    ]

    again, _ = read(evals_json("s", rows, evals))

    assert again == evals


def test_a_conversation_is_typed_as_one_text():
    rows = [
        {
            "id": "x",
            "prompt": "--- user ---\nHi.\n\n--- user ---\nGo on.",
            "expected": "",
            "assertions": "Goes on",
        }
    ]

    case = read(evals_json("s", rows, read([{"prompt": "q"}])[0]))[0].cases[0]

    assert [turn.text for turn in case.turns] == ["Hi.", "Go on."]


def test_a_program_that_no_line_shows_is_kept_once_however_often_it_is_saved():
    program = {"type": "python", "value": "import sys\nassert sys.stdin.read()", "text": "prints"}
    evals, _ = read([{"id": "x", "prompt": "p", "assertions": [program, "Says thanks"]}])

    for _ in range(2):
        lines = as_lines(evals.cases[0].assertions)
        saved = evals_json("s", [{"id": "x", "prompt": "p", "expected": "", "assertions": lines}], evals)
        evals, _ = read(saved)

    assert lines == "Says thanks"
    assert sorted(assertion.kind for assertion in evals.cases[0].assertions) == ["judge", "python"]


def test_a_case_that_runs_something_is_left_out_without_a_sandbox():
    raw = json.dumps(
        [
            {"id": "py", "prompt": "a", "assertions": [{"type": "python", "value": "1"}]},
            {"id": "mute", "prompt": "b"},
        ]
    )

    without = cases_of({CASES: raw.encode()}, [], [], sandbox=False)
    assert without.plans == {} and [label for label, _ in without.left_out] == ["py", "mute"]
    assert len(cases_of({CASES: raw.encode()}, [], [], sandbox=True).plans) == 1


def test_the_key_of_a_case_is_its_content():
    one = read([{"id": "a", "prompt": "p", "assertions": ["x"]}])[0].cases[0]
    same = read([{"id": "other", "prompt": "p", "assertions": ["x"]}])[0].cases[0]
    other = read([{"id": "a", "prompt": "p", "assertions": ["y"]}])[0].cases[0]

    assert key_of(one.prompt, {}, one.assertions) == key_of(same.prompt, {}, same.assertions)
    assert key_of(one.prompt, {}, one.assertions) != key_of(other.prompt, {}, other.assertions)


@pytest.mark.parametrize(
    ("check", "output", "passed"),
    [
        ({"type": "contains", "value": "42"}, "it is 42", True),
        ({"type": "contains", "value": "42"}, "none", False),
        ({"type": "not-contains", "value": "sorry"}, "Sorry", True),
        ({"type": "regex", "value": "^b"}, "a\nb", True),
        ({"type": "regex", "value": "(a|aa)+$"}, "a" * 40 + "b", False),
        ({"type": "not_regex", "value": "(a|aa)+$"}, "a" * 40 + "b", False),
        (
            {"type": "json_schema", "schema": {"type": "object", "required": ["x"]}},
            '```json\n{"x": 1}\n```',
            True,
        ),
        ({"type": "json_schema", "schema": {"type": "object"}}, "no json", False),
        ({"type": "file_exists", "value": "out.csv"}, "", True),
        ({"type": "tool_used", "value": "bash"}, "", True),
        ({"type": "tool_used", "value": "other"}, "", False),
    ],
)
def test_sure_checks(check, output, passed):
    assertion = read([{"prompt": "p", "assertions": [check]}])[0].cases[0].assertions[0]

    produced = Produced(output=output, files={"out.csv": b""}, tools=("bash",))
    assert grade.grade(assertion, produced)[0] is passed


def test_a_judge_must_quote_what_is_there():
    produced = Produced(output="We refund 40 EUR.", files={"a.txt": b"signed by Ann"})

    assert read_judgement('{"passed": true, "evidence": "refund 40 EUR"}', produced)[0]
    assert read_judgement('```json\n{"passed": true, "evidence": "signed by  Ann"}\n```', produced)[0]
    for invented in ("refund 50 EUR", "", "x" * 50):
        assert not read_judgement(json.dumps({"passed": True, "evidence": invented}), produced)[0]
    for unreadable in ("yes", '{"passed": "true"}', "{", ""):
        with pytest.raises(UnreadableJudgement):
            read_judgement(unreadable, produced)


def test_the_judge_sees_neither_skill_nor_arm():
    prompt = grade.judge_prompt("the task", "the statement", Produced(output="the output"))

    assert "the task" in prompt and "the output" in prompt and grade.statement_of(prompt) == "the statement"
    assert "SKILL" not in prompt and "candidate" not in prompt and "baseline" not in prompt
