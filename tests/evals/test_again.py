"""What running a cell again is said to take, before anybody asks for it."""

import pytest

from skills.evals.estimates import estimate_recheck
from skills.evals.runs import FRESH
from skills.flows.evaluation import worker
from skills.portfolio.model_plan import model_plan
from skills.portfolio.models import PortfolioModel, Provider
from tests.evals.making import FakeEngine, a_run, files_with_evals
from tests.factories import a_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(owner, team, scripted):
    Provider.objects.update(kind="openai_compatible", base_url="http://127.0.0.1:9/v1")
    run = a_run(owner, a_version(owner, team, content=files_with_evals()))
    worker.work(holder="w", engine=FakeEngine())
    run.refresh_from_db()
    return run


def test_a_cell_says_what_running_it_again_likely_takes_and_folds_the_worst_case(client, owner, run):
    model = run.portfolio[0]["id"]
    client.force_login(owner)

    page = client.get(f"/runs/{run.pk}/cells/{run.cases[0]['key']}/{model}/").content.decode()

    likely, fold = page.split("At the very most")
    assert "likely ≈" in likely and "95 % sure to be below" in likely
    assert "if every trial went on to its limit" in fold


def test_it_is_reckoned_from_what_trials_of_the_skill_used(run):
    model = PortfolioModel.objects.select_related("provider", "price").get(pk=run.portfolio[0]["id"])

    told = estimate_recheck(run, run.cases[0], model_plan(model))

    assert told.trials == 2 * FRESH
    # 120 tokens a trial, and one question to the judge about each.
    assert 2 * FRESH * 120 <= told.tokens <= 2 * FRESH * 1_200
    assert told.tokens < told.high < told.worst
