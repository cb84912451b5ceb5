"""Of a run with many cases a page shows some, and says how many there are."""

import pytest

from skills.web.views import evals
from tests.evals.making import REAL, a_finished_run
from tests.factories import a_version

pytestmark = pytest.mark.django_db
COUNT = 120


@pytest.fixture
def run(owner, team):
    cases = [
        {
            "key": f"{n:064d}",
            "label": f"case-{n}",
            "prompt": "Hi",
            "assertions": [],
            "trigger": None,
            "hidden": False,
        }
        for n in range(COUNT)
    ]
    run = a_finished_run(a_version(owner, team), [{**REAL[0], "name": "real"}], report=None)
    type(run).objects.filter(pk=run.pk).update(cases=cases)
    return run


def labels(client, run, query=""):
    page = client.get(f"/runs/{run.pk}/?filter=all{query}").content.decode()
    return [f"case-{n}" for n in range(COUNT) if f"case-{n}\n" in page], page


def test_the_cases_of_a_run_come_page_by_page(client, owner, run):
    client.force_login(owner)

    first, page = labels(client, run)
    last, end = labels(client, run, f"&cursor={2 * evals._CASES}")

    assert (len(first), len(last)) == (evals._CASES, COUNT - 2 * evals._CASES)
    assert f"cursor={evals._CASES}" in page and "filter=all" in page.split('rel="next"')[0]
    assert 'rel="next"' not in end


@pytest.mark.parametrize("cursor", ["-1", "x", "9" * 40])
def test_a_cursor_that_is_none_begins_at_the_first_page(client, owner, run, cursor):
    client.force_login(owner)

    assert labels(client, run, f"&cursor={cursor}")[0][0] == "case-0"
