"""The real engine at a real address: what is booked, and what is said of an address that does not answer."""

import pytest

from skills.budgets import verify
from skills.budgets.models import Hold, Period
from skills.evals.models import Trial
from skills.portfolio.models import PortfolioModel, Provider
from tests.evals.making import CASES, a_run
from tests.factories import a_version
from tests.pages import words_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def version(owner, team, skill_files):
    return a_version(owner, team, content=skill_files)


def work(run):
    """The run once its worker is through; tests run tasks when the transaction commits."""
    run.refresh_from_db()
    assert run.state == "done", run.problem
    return run


def test_every_call_is_booked_and_nothing_stays_held(owner, version, models, endpoint):
    Provider.objects.update(base_url=endpoint().url)

    run = work(a_run(owner, version, repeats=1))

    assert run.report["state"] == "improves"
    assert {row["cases"] for row in run.report["models"][0]["rates"].values()} == {CASES}
    assert not Hold.objects.exclude(state="settled").exists()
    assert verify.differences() == []
    used = sum(row.tokens + row.judge_tokens for row in Trial.objects.filter(run=run))
    assert {period.spent_tokens for period in Period.objects.all()} == {used}


def test_a_run_says_in_words_why_its_trials_were_not_scored(
    owner, version, models, endpoint, client, settings
):
    settings.EVAL_RETRIES = 0
    Provider.objects.update(base_url=endpoint().url)
    PortfolioModel.objects.filter(name="small").update(name="status-401")
    dead = Provider.objects.create(name="Dead", kind="openai_compatible", base_url="http://127.0.0.1:9/v1")
    PortfolioModel.objects.create(provider=dead, name="dead", label="dead")

    run = work(a_run(owner, version, repeats=1))

    client.force_login(owner)
    page = client.get(f"/runs/{run.pk}/").content
    causes = words_of(page, ".verdict li")
    # Six cases in two arms, and two triggers with the skill.
    assert causes == [
        "14 on dead: the endpoint could not be reached",
        "14 on small: the endpoint refused the key",
    ]
    assert words_of(page, "h2")[0] == "Inconclusive: 28 of 42 trials were not scored"
    lines = words_of(page, ".whiskers tbody tr")
    assert ["–" in line.split()[:2] for line in lines] == [True, False, True]
    assert lines[0].count("no trial was scored") == 1
    assert "Error" not in words_of(page)[0]
    problems = set(Trial.objects.filter(run=run, outcome="error").values_list("problem", flat=True))
    assert problems == {"The endpoint could not be reached.", "The endpoint refused the key (status 401)."}
