"""Problems and refusals: what a person reads, and in which order."""

import pytest

from skills.lib.errors import Conflict, Forbidden, Missing, Problem, ProblemSeverity, Refused, missing, refuse


def test_a_problem_as_json_leaves_out_what_is_empty():
    assert Problem("code", "Text.").as_dict() == {"code": "code", "text": "Text.", "severity": "error"}


def test_a_problem_as_json_holds_everything_it_knows():
    problem = Problem("c", "T.", "R.", file="a.md", line=3, severity=ProblemSeverity.NOTE)

    assert problem.as_dict() == {
        "code": "c",
        "text": "T.",
        "remedy": "R.",
        "file": "a.md",
        "line": 3,
        "severity": "note",
    }


def test_severities_come_worst_first():
    assert list(ProblemSeverity) == ["error", "warning", "note"]


def test_a_refusal_holds_one_problem_or_many():
    one, two = Problem("a", "One."), Problem("b", "Two.")

    assert Refused(one).problems == [one]
    assert Refused((one, two)).problems == [one, two]
    assert Refused([]).problems == []
    assert str(Refused([one, two])) == "One.; Two."


@pytest.mark.parametrize("kind", [Refused, Conflict, Forbidden])
def test_a_refusal_is_made_of_its_words(kind):
    refusal = refuse("code", "Text.", "Remedy.", kind=kind)

    assert type(refusal) is kind
    assert refusal.problems == [Problem("code", "Text.", "Remedy.")]


def test_what_is_missing_is_told_without_a_word_about_what_it_is():
    (problem,) = missing().problems

    assert isinstance(missing(), Missing)
    assert (problem.code, problem.text) == ("not_found", "There is nothing at this address.")


def test_equal_problems_are_one():
    assert len({Problem("a", "One."), Problem("a", "One."), Problem("a", "One.", line=2)}) == 2
