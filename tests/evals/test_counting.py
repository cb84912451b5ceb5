"""Which evaluation of a version counts: one selector behind page, queue, gates and search."""

import pytest

from skills.catalog.models import State, Version
from skills.evals import selectors
from skills.evals.models import Purpose, RunState
from skills.evals.standing import standing_of, standings_of
from tests.evals.making import REAL, SCRIPTED, a_finished_run, a_report
from tests.factories import a_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(owner, team):
    return a_version(owner, team)


def test_the_newest_evaluation_that_models_answered_counts(version):
    a_finished_run(version, REAL)
    newest = a_finished_run(version, REAL)

    assert selectors.evaluation_of(version) == newest


def test_a_newer_script_does_not_hide_what_models_have_shown(version):
    real = a_finished_run(version, REAL)
    a_finished_run(version, SCRIPTED)

    assert selectors.evaluation_of(version) == real
    assert standing_of(version).verdict == "improves"
    assert selectors.tested_models(version) == (["model-0"], 0.5)


def test_a_script_alone_is_shown_and_proves_nothing(version):
    scripted = a_finished_run(version, SCRIPTED)

    assert selectors.evaluation_of(version) == scripted
    assert standing_of(version).verdict == "scripted"
    assert selectors.tested_models(version) == ([], None)


@pytest.mark.parametrize(
    "values",
    [
        {"state": RunState.CANCELLED},
        {"state": RunState.RUNNING},
        {"purpose": Purpose.REGRESSION},
        {"report": None},
    ],
    ids=["cancelled", "running", "a re-run of single cells", "without a report"],
)
def test_a_run_that_is_no_whole_evaluation_does_not_count(version, values):
    a_finished_run(version, REAL, **values)

    assert selectors.evaluation_of(version) is None
    assert standing_of(version).verdict == ""


def test_many_versions_are_answered_in_one_query(version, owner, team, django_assert_num_queries):
    other = a_version(owner, team, number="1.1.0", body="Say good morning.")
    a_finished_run(version, REAL)
    a_finished_run(other, SCRIPTED)

    with django_assert_num_queries(1):
        standings = standings_of([version, other])

    assert {pk: standing.verdict for pk, standing in standings.items()} == {
        version.pk: "improves",
        other.pk: "scripted",
    }


def test_what_all_evaluations_show_together_counts_before_what_the_newest_shows(version):
    together = a_report(0.0, state="no_clear_effect")
    a_finished_run(version, REAL, pooled_report=together)

    assert standing_of(version).verdict == "no_clear_effect"
    assert list(selectors.verdict_of(version)) == ["no_clear_effect"]
    assert selectors.tested_models(version) == (["model-0"], None)


def test_another_attempt_at_the_same_bytes_has_their_evaluations(version, owner):
    run = a_finished_run(version, REAL)
    again = Version.objects.get(pk=version.pk)
    again.pk, again.attempt, again.state = None, 2, State.WITHDRAWN
    again.save(force_insert=True)

    assert selectors.evaluation_of(again) == run
    assert standing_of(again).verdict == "improves"
