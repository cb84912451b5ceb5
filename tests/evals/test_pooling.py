"""What is said of a version stands on all evaluations of its bytes together."""

import pytest

from skills.evals import selectors
from skills.evals.models import Run
from skills.evals.standing import standing_of
from skills.flows.evaluation import reporting, worker
from skills.portfolio.models import Provider
from tests.evals.making import FakeEngine, a_run, files_with_evals
from tests.factories import a_version, actor, bearer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_baselines(settings):
    settings.EVAL_REUSE_DAYS = 0


@pytest.fixture
def version(owner, team, scripted):
    Provider.objects.update(kind="openai_compatible", base_url="http://127.0.0.1:9/v1")
    return a_version(owner, team, content=files_with_evals())


def done(owner, version, passes=lambda trial: trial.arm == "candidate"):
    run = a_run(owner, version)
    worker.work(holder="w", engine=FakeEngine(passes=passes))
    run.refresh_from_db()
    return run


def nothing_passes(_trial):
    return False


def test_a_lucky_run_does_not_hide_the_unlucky_ones(client, owner, version):
    unlucky = [done(owner, version, nothing_passes) for _ in range(2)]
    lucky = done(owner, version)

    together = selectors.evaluation_of(version).counted

    assert lucky.evaluation.state == "improves"
    assert together.runs == 3
    assert together.models[0].lift.value == pytest.approx(1 / 3, abs=0.01)
    assert together.total == sum(run.total for run in [*unlucky, lucky])
    client.force_login(owner)
    page = client.get(f"{version.get_absolute_url()}evals/").content.decode()
    assert "3 evaluations of these bytes together" in page
    assert "one of 3 evaluations" in client.get(f"/runs/{lucky.pk}/").content.decode()
    assert selectors.history(actor(owner), version.skill) == [lucky]


def test_one_evaluation_alone_is_kept_once(owner, version):
    run = done(owner, version)

    assert run.pooled_report is None
    assert run.counted == run.evaluation


def test_each_further_look_asks_for_a_clearer_result(owner, version):
    done(owner, version)
    done(owner, version)

    together = selectors.evaluation_of(version).counted

    assert together.confidence == pytest.approx(1 - 2 * 0.05 / (2 * 3))
    assert together.is_stricter


def test_a_trial_without_a_result_that_another_run_made_up_for_is_none(owner, version):
    failing = FakeEngine(outcome=lambda trial: "error" if trial.repeat == 1 else "scored")
    a_run(owner, version)
    worker.work(holder="w", engine=failing)
    assert selectors.evaluation_of(version).counted.state == "inconclusive"

    done(owner, version)

    assert selectors.evaluation_of(version).counted.not_scored == 0
    assert standing_of(version).verdict == "improves"


def test_a_correction_of_an_older_evaluation_reaches_what_all_show_together(owner, version):
    older = done(owner, version, nothing_passes)
    newest = done(owner, version)
    older.trials.filter(arm="candidate").update(passed=True)

    reporting.refresh_report(run_id=older.pk)

    newest.refresh_from_db()
    assert newest.counted.models[0].lift.value == 1
    assert selectors.tested_models(version)[1] == 1


def test_evaluations_of_earlier_releases_are_pooled_once(owner, version):
    done(owner, version, nothing_passes)
    done(owner, version)
    Run.objects.update(pooled_report=None)

    assert reporting.pool_earlier_evaluations() == 1
    assert not selectors.unpooled().exists()
    assert selectors.evaluation_of(version).counted.runs == 2


def test_versions_say_what_evaluations_of_their_bytes_have_shown(
    client, owner, team, version, django_assert_num_queries
):
    done(owner, version, lambda trial: trial.arm == "baseline")
    done(owner, version)
    other = a_version(owner, team, number="1.1.0", content=files_with_evals(body="Another."))
    page, api = f"/@{version.skill}/versions/", f"/api/v1/skills/{version.skill}/versions"

    listed = client.get(api, headers=bearer(owner)).json()["results"]
    client.force_login(owner)
    rows = client.get(page).content.decode()

    assert [(row["version"], row["verdict"]) for row in listed] == [
        ("1.1.0", ""),
        ("1.0.0", "no_clear_effect"),
    ]
    assert client.get(f"{api}/1.0.0", headers=bearer(owner)).json()["verdict"] == "no_clear_effect"
    assert rows.count("no clear effect") == 1
    with django_assert_num_queries(1):
        assert selectors.verdicts_of([version, other]) == {version.pk: "no_clear_effect"}


def test_a_verdict_on_a_version_that_readers_may_not_see_is_not_theirs(client, owner, version):
    done(owner, version)

    for address in (f"/@{version.skill}/versions/", f"/api/v1/skills/{version.skill}/versions"):
        assert "helps" not in (page := client.get(address).content.decode()) and "improves" not in page


def test_the_queue_of_the_api_says_what_evaluations_have_shown(client, owner, mate, version):
    done(owner, version)

    answer = client.get("/api/v1/reviews?filter=all", headers=bearer(mate)).json()

    assert [row["evaluation"] for row in answer["results"]] == [
        {"verdict": "improves", "running": None, "regressed": []}
    ]
