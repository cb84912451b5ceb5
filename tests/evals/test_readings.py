"""Patterns that authors chose run in a child with limits; a check that takes too much has failed."""

import pytest

from skills.bundles.eval_cases import Assertion, AssertionKind
from skills.evals.readings import limited_grade, read_cases
from skills.verdicts.grade import Produced

SLOW = r"^(a+)+$"
LONG = "a" * 40 + "!"


def graded(kind: str, value, output: str) -> tuple[bool, str]:
    return limited_grade(Assertion(AssertionKind(kind), "text", value), Produced(output=output))


@pytest.mark.parametrize(
    ("kind", "value", "output", "expected"),
    [
        ("regex", r"T\d+", "T42", (True, "T42")),
        ("not_regex", r"T\d+", "none", (True, "not found")),
        ("json_schema", {"type": "number"}, "3", (True, "valid")),
        ("contains", "T42", "T42", (True, "T42")),
    ],
)
def test_an_ordinary_check_says_what_it_says_anywhere(kind, value, output, expected):
    assert graded(kind, value, output) == expected


def test_a_schema_whose_pattern_never_ends_fails():
    passed, why = graded("json_schema", {"type": "string", "pattern": SLOW}, f'"{LONG}"')

    assert not passed
    assert why.startswith(
        "this check was not read within"
    )  # of processor time, or where others use it, of time


def test_cases_are_read_as_they_are_without_a_child():
    evals, problems = read_cases(
        {"evals/evals.json": b'{"evals": [{"id": "a", "prompt": "Say hello", "assertions": ["greets"]}]}'}
    )

    assert [case.prompt for case in evals.cases] == ["Say hello"]
    assert [p for p in problems if p.severity == "error"] == []
