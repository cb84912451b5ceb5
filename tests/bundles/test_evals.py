"""evals/: every dialect people write is read, what cannot be read is refused by case and number."""

import json

import pytest

from skills.bundles.eval_cases import Assertion, AssertionKind, Case, Evals, Trigger
from skills.bundles.evals import LONGEST_PROMPT, MOST_ASSERTIONS, MOST_CASES, read_evals
from skills.lib.errors import ProblemSeverity

CASES = "evals/evals.json"


def read(value, path=CASES, **files):
    """Evals and problems of one file that holds VALUE; FILES are others, by path without a suffix."""
    others = {f"{name}.txt": data for name, data in files.items()}
    return read_evals({path: json.dumps(value).encode(), **others})


def faults(value, path=CASES):
    """What was refused, after having checked that each says where and how to mend it."""
    _, problems = read(value, path)
    errors = [problem for problem in problems if problem.severity == ProblemSeverity.WARNING]
    assert all((problem.code, problem.file) == ("bad_eval", path) for problem in errors)
    assert all("/docs/bundles/" in problem.remedy for problem in errors)
    return [problem.text for problem in errors]


def notes(value, path=CASES):
    return [problem.text for problem in read(value, path)[1] if problem.severity == ProblemSeverity.NOTE]


def the_case(item):
    evals, problems = read([{"prompt": "Go."} | item])
    assert [problem.text for problem in problems if problem.severity == ProblemSeverity.WARNING] == []
    (case,) = evals.cases
    return case


def the_assertion(row):
    (assertion,) = the_case({"assertions": [row]}).assertions
    return assertion


def test_a_bundle_without_evals_has_none():
    assert read_evals({"SKILL.md": b"x"}) == (Evals(), [])


@pytest.mark.parametrize("key", ["evals", "cases", "queries", "test_cases"])
def test_cases_stand_under_any_of_four_names(key):
    evals, problems = read({key: [{"id": "a", "prompt": "Go.", "assertions": ["Went."]}]})

    assert ([case.id for case in evals.cases], problems) == (["a"], [])


def test_cases_may_be_a_list_at_the_top():
    evals, problems = read([{"prompt": "Go.", "assertions": ["Went."]}])

    assert ([case.prompt for case in evals.cases], problems) == (["Go."], [])


@pytest.mark.parametrize("value", [{}, [], {"evals": []}, {"evals": {}}, "text", 5, None, {"other": [1]}])
def test_a_file_without_a_list_of_cases_is_refused(value):
    assert faults(value) == ["There is no list of cases under `evals`."]


def test_what_is_no_json_is_refused_with_its_line():
    evals, (problem,) = read_evals({CASES: b'{\n"evals": [,]}'})

    assert evals == Evals()
    assert (problem.code, problem.file, problem.line) == ("bad_json", CASES, 2)


@pytest.mark.parametrize(("count", "refused"), [(MOST_CASES, False), (MOST_CASES + 1, True)])
def test_a_file_holds_five_hundred_cases(count, refused):
    value = [{"id": number, "prompt": "Go.", "assertions": ["Went."]} for number in range(count)]

    evals, _ = read(value)

    assert faults(value) == (["There are 501 cases; at most 500 are read from one file."] if refused else [])
    assert len(evals.cases) == (0 if refused else count)


@pytest.mark.parametrize("key", ["prompt", "input", "query"])
def test_a_prompt_has_three_names(key):
    evals, _ = read([{key: "Go.", "assertions": ["Went."]}])

    assert evals.cases[0].prompt == "Go."


@pytest.mark.parametrize(
    "item", [{"id": 7}, {"id": 7, "prompt": ""}, {"id": 7, "prompt": " "}, {"id": 7, "prompt": 5}]
)
def test_a_case_without_a_prompt_is_refused_by_its_id(item):
    assert faults([item]) == ["Case 7 has no `prompt`."]


@pytest.mark.parametrize(("length", "refused"), [(LONGEST_PROMPT, False), (LONGEST_PROMPT + 1, True)])
def test_a_prompt_has_a_limit(length, refused):
    value = [{"id": "long", "prompt": "x" * length, "assertions": ["Went."]}]

    expected = ["The prompt of case long has 100,001 characters; at most 100,000."]
    assert faults(value) == (expected if refused else [])


def test_what_is_no_object_is_refused_by_its_number():
    assert faults([{"prompt": "Go.", "assertions": ["Went."]}, "text"]) == ["Case 2 is not an object."]


@pytest.mark.parametrize(
    ("item", "label"), [({"id": 3}, "3"), ({"name": "n"}, "n"), ({"id": "i", "name": "n"}, "i"), ({}, "1")]
)
def test_a_case_is_called_by_its_id_its_name_or_its_number(item, label):
    assert the_case(item | {"assertions": ["Went."]}).id == label


def test_a_long_id_is_cut():
    assert the_case({"id": "x" * 101, "assertions": ["Went."]}).id == "x" * 100


def test_an_id_that_stands_twice_is_refused_once():
    value = [{"id": "a", "prompt": "Go.", "assertions": ["Went."]}] * 3

    assert faults(value) == ["The id 'a' stands twice; the later ones get a number."]


@pytest.mark.parametrize("key", ["expected_output", "expected_behavior", "expected"])
def test_what_is_expected_is_a_judges_assertion_where_there_is_no_other(key):
    case = the_case({key: "A table."})

    assert case.expected == "A table."
    assert case.assertions == (Assertion(AssertionKind.JUDGE, "The outcome is as expected: A table."),)


def test_what_is_expected_is_only_kept_beside_assertions():
    case = the_case({"expected": "A table.", "assertions": ["It is sorted."]})

    assert (case.expected, [one.text for one in case.assertions]) == ("A table.", ["It is sorted."])


def test_a_case_that_says_nothing_of_its_outcome_is_kept_with_a_note():
    value = [{"id": "a", "prompt": "Go."}]

    evals, _ = read(value)

    assert evals.cases == (Case(id="a", prompt="Go."),)
    assert notes(value) == ["Case a says nothing about its outcome, so it is never run."]
    assert faults(value) == []


def test_unknown_fields_are_kept_and_told_once_in_one_order():
    value = [
        {"id": 1, "prompt": "Go.", "assertions": ["Went."], "weight": 2, "author": "me"},
        {"id": 2, "prompt": "Go.", "assertions": ["Went."], "weight": 3},
    ]

    evals, _ = read(value)

    assert [case.other for case in evals.cases] == [{"weight": 2, "author": "me"}, {"weight": 3}]
    assert notes(value) == ["Kept but not used: author, weight."]


@pytest.mark.parametrize(("tags", "kept"), [(["a", 1], ("a", "1")), ("a", ()), (None, ()), ([], ())])
def test_tags_are_a_list(tags, kept):
    assert the_case({"assertions": ["Went."], "tags": tags}).tags == kept


@pytest.mark.parametrize("name", ["evals/files/a.csv", "files/a.csv", "a.csv", "skills/x/evals/files/a.csv"])
def test_files_may_be_named_from_the_bundle_from_evals_or_from_its_files(name):
    item = {"prompt": "Go.", "assertions": ["Went."], "files": [name]}

    evals, problems = read_evals({CASES: json.dumps([item]).encode(), "evals/files/a.csv": b"1"})

    assert (evals.cases[0].files, problems) == (("evals/files/a.csv",), [])


def test_the_nearest_of_two_files_of_a_name_is_meant():
    item = {"prompt": "Go.", "assertions": ["Went."], "files": ["a.csv"]}

    evals, _ = read_evals({CASES: json.dumps([item]).encode(), "a.csv": b"1", "evals/a.csv": b"2"})

    assert evals.cases[0].files == ("a.csv",)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["gone.csv"], "Case 1 names the file 'gone.csv', which is not in the bundle: it is never run."),
        (["../secret"], "Case 1 names the file '../secret', which is not in the bundle: it is never run."),
        ("a.csv", "Case 1: `files` is a list of paths."),
        ([5], "Case 1: `files` is a list of paths."),
    ],
)
def test_files_that_are_not_there_are_refused(names, text):
    assert faults([{"prompt": "Go.", "assertions": ["Went."], "files": names}]) == [text]


@pytest.mark.parametrize("key", ["assertions", "expectations"])
@pytest.mark.parametrize(
    "row", ["It went.", " It went. ", {"text": "It went."}, {"type": "judge", "value": "It went."}]
)
def test_plain_words_are_for_the_judge(key, row):
    case = the_case({key: [row]})

    assert case.assertions == (Assertion(AssertionKind.JUDGE, "It went."),)


@pytest.mark.parametrize("key", ["text", "assertion", "description", "name"])
def test_the_words_of_an_assertion_have_four_names(key):
    assert the_assertion({key: "It went."}).text == "It went."


@pytest.mark.parametrize("key", ["value", "values", "pattern", "schema", "path", "tool"])
def test_the_value_of_an_assertion_has_six_names(key):
    assert the_assertion({"type": "contains", key: "total"}).value == "total"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("contains", "total"),
        ("not_contains", "error"),
        ("contains_any", ["a", "b"]),
        ("not_contains_any", ["a"]),
        ("regex", r"\d+"),
        ("not_regex", r"\d+"),
        ("json_schema", {"type": "object"}),
        ("file_exists", "out.csv"),
        ("tool_used", "Bash"),
        ("python", "assert True"),
    ],
)
def test_every_kind_takes_its_value_and_gets_words_where_it_has_none(kind, value):
    assertion = the_assertion({"type": kind, "value": value})

    assert (assertion.kind, assertion.value) == (AssertionKind(kind), value)
    assert assertion.text == f"{kind.replace('_', ' ')}: {value}"


@pytest.mark.parametrize("name", ["not-contains", "NOT_CONTAINS", "Not-Contains"])
def test_a_kind_is_read_whatever_its_letters_and_hyphens(name):
    assert the_assertion({"type": name, "value": "x"}).kind == AssertionKind.NOT_CONTAINS


def test_words_that_we_write_are_cut():
    assert len(the_assertion({"type": "contains", "value": "x" * 500}).text) == 300


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"type": "contains"}, "Assertion 1, 1 (contains): `value` is text."),
        ({"type": "contains", "value": ""}, "Assertion 1, 1 (contains): `value` is text."),
        ({"type": "python", "value": 5}, "Assertion 1, 1 (python): `value` is text."),
        (
            {"type": "contains_any", "values": []},
            "Assertion 1, 1 (contains_any): `values` is a list of texts.",
        ),
        ({"type": "json_schema", "schema": True}, "Assertion 1, 1 (json_schema): `schema` is an object."),
        ({"type": "judge"}, "Assertion 1, 1 has no text."),
        (5, "Assertion 1, 1 is neither text nor an object."),
        ("", "Assertion 1, 1 is neither text nor an object."),
        (None, "Assertion 1, 1 is neither text nor an object."),
    ],
)
def test_an_assertion_that_cannot_be_checked_is_refused(row, text):
    assert faults([{"prompt": "Go.", "assertions": [row, "Went."]}]) == [text]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"type": "regex", "pattern": "(a"}, "the pattern is not a regular expression"),
        ({"type": "not_regex", "pattern": "*"}, "the pattern is not a regular expression"),
        ({"type": "json_schema", "schema": {"type": "nonsense"}}, "`schema` is not a JSON Schema"),
        ({"type": "json_schema"}, "`schema` is not a JSON Schema"),
        ({"type": "magic"}, "has the unknown type 'magic'. Known: judge, contains"),
        ({"type": "trigger"}, "has the unknown type 'trigger'"),
    ],
)
def test_the_refusal_says_what_is_wrong_with_the_value(row, words):
    (text,) = faults([{"prompt": "Go.", "assertions": [row, "Went."]}])

    assert words in text


def test_a_judge_reads_the_words_of_an_unknown_kind():
    value = [{"prompt": "Go.", "assertions": [{"type": "sentiment", "text": "It is kind."}]}]

    evals, _ = read(value)

    assert evals.cases[0].assertions == (Assertion(AssertionKind.JUDGE, "It is kind."),)
    assert notes(value) == ["Unknown types, of which a judge reads the text: sentiment."]
    assert faults(value) == []


def test_assertions_are_a_list():
    assert faults([{"prompt": "Go.", "assertions": {"a": 1}}]) == ["Case 1: `assertions` is a list."]


@pytest.mark.parametrize(
    ("key", "kind", "text"),
    [
        ("must_include", AssertionKind.CONTAINS, "The output contains 'total'"),
        ("must_not_include", AssertionKind.NOT_CONTAINS, "The output does not contain 'total'"),
    ],
)
def test_lists_of_words_become_assertions(key, kind, text):
    assert the_case({key: ["total"]}).assertions == (Assertion(kind, text, "total"),)


@pytest.mark.parametrize(("count", "refused"), [(MOST_ASSERTIONS, False), (MOST_ASSERTIONS + 1, True)])
def test_a_case_has_fifty_assertions(count, refused):
    value = [{"prompt": "Go.", "assertions": ["Went."] * (count - 1), "must_include": ["x"]}]

    assert faults(value) == (["Case 1 has 51 assertions; at most 50 are read."] if refused else [])


def test_one_bad_assertion_does_not_hide_the_next():
    value = [{"id": "a", "prompt": "Go.", "assertions": [5, {"type": "regex", "value": "("}, 6]}, 7]

    texts = faults(value)

    assert [text.split(" is ")[0].split(" (")[0] for text in texts] == [
        "Assertion a, 1",
        "Assertion a, 2",
        "Assertion a, 3",
        "Case 2",
    ]


def test_sentences_with_and_without_a_trigger_stand_beside_cases():
    evals, problems = read(
        [
            {"prompt": "Go.", "assertions": ["Went."]},
            {"query": "Sort my mail.", "should_trigger": True},
            {"prompt": "Hello.", "should_trigger": False},
        ]
    )

    assert evals.triggers == (Trigger("Sort my mail.", True), Trigger("Hello.", False))
    assert (len(evals.cases), problems) == (1, [])


def test_a_case_that_should_open_the_skill_is_a_sentence_too():
    evals, _ = read([{"query": "Go.", "should_trigger": True, "assertions": ["Went."]}])

    assert (len(evals.cases), evals.triggers) == (1, (Trigger("Go.", True),))


def test_what_is_expected_of_a_skill_that_is_opened_is_judged():
    evals, _ = read([{"input": "Go.", "expected_activation": True, "expected_behavior": "It goes."}])

    assert [row.text for row in evals.cases[0].assertions] == ["The outcome is as expected: It goes."]
    assert evals.triggers == (Trigger("Go.", True),)


@pytest.mark.parametrize("key", ["should_trigger", "expected_activation", "should_activate"])
def test_a_case_that_should_not_open_the_skill_is_a_negative_control(key):
    evals, _ = read([{"prompt": "Go.", key: False, "assertions": ["Stays."]}])

    assert (evals.cases[0].should_trigger, evals.triggers) == (False, ())


def test_what_a_sentence_says_beside_its_flag_is_told():
    assert notes([{"prompt": "Go.", "should_trigger": False, "expected_output": "Plain words."}]) == [
        "Kept but not used: expected_output."
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"type": "cost"}, "`threshold` is a number of US dollars above 0"),
        ({"type": "cost", "threshold": -1}, "`threshold` is a number of US dollars above 0"),
        ({"type": "latency", "threshold": True}, "`threshold` is a number of milliseconds above 0"),
        ({"type": "similar", "value": "x", "threshold": 7}, "`threshold` lies between 0 and 1"),
        ({"type": "similar"}, "`value` is text, or a list of texts"),
        ({"type": "equals", "value": ""}, "(equals) has no value that can be checked"),
    ],
)
def test_a_limit_that_means_nothing_is_refused(row, words):
    (text,) = faults([{"prompt": "Go.", "assertions": [row, "Went."]}])

    assert words in text


@pytest.mark.parametrize("path", ["evals/triggers.json", "evals/trigger-set.json", "evals/my_queries.json"])
def test_files_of_triggers_are_known_by_their_names(path):
    evals, problems = read([{"input": "Sort.", "should_trigger": True}], path)

    assert (evals.triggers, problems) == ((Trigger("Sort.", True),), [])


@pytest.mark.parametrize("path", ["evals/deep/triggers.json", "triggers.json", "evals/trigger.md"])
def test_other_files_are_not_read(path):
    assert read_evals({path: b"not json"}) == (Evals(), [])


@pytest.mark.parametrize("path", ["evals/cases.json", "evals/holdout-evals.json"])
def test_a_file_of_another_name_is_read_where_it_holds_cases(path):
    evals, problems = read({"cases": [{"prompt": "Go.", "assertions": ["Went."]}]}, path)

    assert (len(evals.cases), problems) == (1, [])


@pytest.mark.parametrize("value", [{"runs": []}, [1, 2], {"pass_rate": 1}, [{"score": 2}]])
def test_a_file_of_something_else_is_kept_with_a_note(value):
    evals, (problem,) = read(value, "evals/benchmark.json")

    assert evals == Evals()
    assert problem.severity == ProblemSeverity.NOTE


def test_two_lists_of_sentences_are_read():
    value = {"should_trigger": ["Sort.", {"query": "File."}], "should_not_trigger": ["Hello."]}

    evals, problems = read(value, "evals/triggers.json")

    assert problems == []
    assert evals.triggers == (Trigger("Sort.", True), Trigger("File.", True), Trigger("Hello.", False))


@pytest.mark.parametrize(
    "entry", ["text", {"query": "Go."}, {"should_trigger": True}, {"query": "Go.", "should_trigger": "yes"}]
)
def test_a_sentence_needs_its_text_and_whether_it_triggers(entry):
    assert faults([entry], "evals/triggers.json") == [
        "Entry 1 needs `query` (text) and `should_trigger` (true or false)."
    ]


def test_cases_and_triggers_of_all_files_come_together():
    files = {
        CASES: json.dumps([{"prompt": "Go.", "assertions": ["Went."]}]).encode(),
        "evals/triggers.json": json.dumps([{"query": "Sort.", "should_trigger": True}]).encode(),
        "evals/queries.json": b"{",
    }

    evals, problems = read_evals(files)

    assert (len(evals.cases), len(evals.triggers)) == (1, 1)
    assert [(problem.code, problem.file) for problem in problems] == [("bad_json", "evals/queries.json")]
