"""The review queue: what it says of checks and evaluations."""

import pytest

from skills.verdicts.outcomes import EvaluationVerdict
from tests.evals.making import REAL, SCRIPTED, a_finished_run, a_report
from tests.factories import a_version
from tests.pages import words_of


@pytest.fixture
def version(owner, team):
    return a_version(owner, team)


def column(client, mate, name):
    """What the reviewer reads in the column NAME of the queue's only line."""
    client.force_login(mate)
    page = client.get("/reviews/").content
    return words_of(page, f'td[data-label="{name}"]')


def test_a_version_nobody_evaluated_says_none(client, mate, version):
    assert column(client, mate, "Evaluation") == ["none"]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (EvaluationVerdict.IMPROVES, "helps"),
        (EvaluationVerdict.REGRESSES, "worse"),
        (EvaluationVerdict.NO_CLEAR_EFFECT, "no clear effect"),
        (EvaluationVerdict.TOO_FEW_CASES, "too few cases"),
        (EvaluationVerdict.MIXED, "mixed"),
        (EvaluationVerdict.INCONCLUSIVE, "inconclusive"),
    ],
)
def test_the_verdict_of_an_evaluation_is_shown_in_the_words_of_the_help(
    client, mate, version, verdict, words
):
    a_finished_run(version, REAL, report=a_report(0.5, state=verdict))

    assert column(client, mate, "Evaluation") == [words]


def test_an_evaluation_that_a_script_answered_says_so(client, mate, version):
    a_finished_run(version, SCRIPTED)

    assert column(client, mate, "Evaluation") == ["scripted"]


def test_a_version_without_findings_is_clean(client, mate, version):
    assert column(client, mate, "Checks") == ["clean"]
