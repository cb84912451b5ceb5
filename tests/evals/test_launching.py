"""What the launcher ticks: models that failed their last test are left out unless somebody wants them."""

import pytest
from django.core.cache import cache

from skills.evals.plan import MOST_TRIALS
from skills.flows.evaluation.request import prepare_run
from skills.flows.evaluation.subject import subject_of_version
from skills.lib.clock import now
from skills.portfolio.models import NO_MODEL_YET, Provider
from tests.factories import a_version, actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _real(scripted):
    """Scripts are left out for reasons of their own."""
    Provider.objects.update(kind="openai")


@pytest.fixture
def version(owner, team, scripted, skill_files):
    return a_version(owner, team, content=skill_files)


@pytest.fixture
def failing(scripted):
    """The small model, whose last test failed."""
    small = scripted[1]
    small.problem, small.tested_at = "Nothing listens there.", now()
    small.save()
    return small


def test_a_model_that_failed_its_test_is_not_ticked(client, owner, version, failing, scripted):
    client.force_login(owner)

    page = client.get(f"/@crew/greet-people/v/{version.number}/evaluate/").content.decode()

    ticked = [line for line in page.splitlines() if 'name="models"' in line]
    assert [f'value="{model.pk}"' in page for model in scripted] == [True, True]
    assert "small (did not answer its last test)" in page
    assert sum("checked" in line for line in ticked) == 1


def test_all_models_are_those_that_answered(owner, version, failing):
    prepared = prepare_run(actor=actor(owner), subject=subject_of_version(version))

    assert [model.label for model in prepared.models] == ["scripted-large"]


def test_a_model_that_failed_runs_when_it_is_named(owner, version, failing):
    prepared = prepare_run(actor=actor(owner), subject=subject_of_version(version), model_ids=[failing.pk])

    assert [model.label for model in prepared.models] == ["scripted-small"]


@pytest.mark.parametrize(
    ("of_provider", "of_model", "is_tested", "failed"),
    [
        ("", "", False, False),
        ("It is away.", "", False, True),
        (NO_MODEL_YET, "", False, False),
        ("", "", True, False),
        ("It is away.", "", True, False),
        ("", "It is away.", True, True),
    ],
)
def test_a_model_is_as_its_own_test_and_before_one_as_its_provider(
    scripted, of_provider, of_model, is_tested, failed
):
    model = scripted[0]
    model.provider.problem, model.problem = of_provider, of_model
    model.tested_at = now() if is_tested else None

    assert model.failed_its_test is failed


def test_the_api_says_which_models_answer(client, owner, scripted, failing):
    scripted[0].tested_at = now()
    scripted[0].save()
    cache.clear()
    client.force_login(owner)

    rows = client.get("/api/v1/models").json()["results"]

    assert {row["label"]: row["answers"] for row in rows} == {"scripted-large": True, "scripted-small": False}


def test_a_run_may_have_twenty_thousand_trials():
    assert MOST_TRIALS == 20_000
