"""Pages and exports of runs with thousands of trials read no more of them than they say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skills.evals.models import Run, Trial
from skills.evals.trial_rows import facts_of
from skills.portfolio.models import PortfolioModel, Provider
from tests.evals.making import REAL, a_finished_run, a_report
from tests.factories import a_version

pytestmark = pytest.mark.django_db
REPEATS = ["scored", "scored", "failed_limit", "error"]


@pytest.fixture
def run(owner, team):
    provider = Provider.objects.create(name="real", kind="openai")
    model = PortfolioModel.objects.create(provider=provider, name="m", label="real")
    case = {
        "key": "k" * 64,
        "label": "case-1",
        "prompt": "Hi",
        "assertions": [],
        "trigger": None,
        "hidden": False,
    }
    run = a_finished_run(a_version(owner, team), [{**REAL[0], "id": model.pk, "name": "m"}], report=None)
    Run.objects.filter(pk=run.pk).update(cases=[case], repeats=4)
    Trial.objects.bulk_create(
        Trial(
            run=run,
            case=case["key"],
            arm=arm,
            model=model,
            repeat=repeat,
            outcome=outcome,
            passed=arm == "candidate" and repeat == 1,
            fingerprint="0" * 64,
            input_tokens=7,
            output_tokens=3,
            output="an answer",
        )
        for arm in ("candidate", "baseline")
        for repeat, outcome in reversed(list(enumerate(REPEATS, 1)))
    )
    return run


def test_the_matrix_shows_each_repeat_in_its_order(run, owner, client):
    client.force_login(owner)

    (row,) = client.get(f"/runs/{run.pk}/").context["rows"]

    assert row.cells[0].pips == {
        "candidate": ["pass", "fail", "limit", "none"],
        "baseline": ["fail", "fail", "limit", "none"],
    }


def test_an_export_reads_no_answer(run, owner, client):
    client.force_login(owner)

    with CaptureQueriesContext(connection) as asked:
        body = client.get(f"/runs/{run.pk}/benchmark.json").getvalue()

    statements = " ".join(one["sql"] for one in asked)
    assert b'"runs": [' in body and b"an answer" not in body
    assert '"skills_trial"."output"' not in statements


def test_facts_are_those_of_the_row(run):
    for facts, trial in zip(facts_of(run.trials.order_by("pk")), run.trials.order_by("pk"), strict=True):
        assert all(getattr(facts, name) == getattr(trial, name) for name in facts._fields)


def test_what_is_worth_a_look_is_not_all_of_a_long_run(run, owner, client):
    flaky = [
        {"case": f"{n:064d}", "label": f"wavers-{n}", "model": run.portfolio[0]["id"], "on": "real"}
        for n in range(200)
    ]
    run.report = a_report() | {"flaky": flaky}
    run.save(update_fields=["report"])
    client.force_login(owner)

    page = client.get(f"/runs/{run.pk}/").content.decode()

    assert page.count("wavers-") == 20
    assert "?filter=flaky" in page
