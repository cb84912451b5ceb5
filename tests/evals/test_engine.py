"""The real engine on a scripted portfolio: one run from request to verdict, which costs nothing."""

import pytest

from skills.audit.models import Event
from skills.budgets.models import Hold, LedgerEntry, Period
from skills.evals.models import Trial
from tests.evals.making import CASES, a_run
from tests.factories import a_version, an_approved, files

pytestmark = pytest.mark.django_db(transaction=True)


def work(run):
    """The run once its worker is through; tests run tasks when the transaction commits."""
    run.refresh_from_db()
    return run


def test_a_run_from_request_to_verdict(owner, mate, team, scripted, skill_files):
    version = a_version(owner, team, content=skill_files)

    run = work(a_run(owner, version))

    assert run.state == "done", run.problem
    report = run.report
    assert report["state"] == "improves"
    assert report["sentence"] == "Helps on all 2 models"
    large = report["models"][0]
    assert large["rates"]["candidate"]["value"] == 1.0
    assert large["rates"]["baseline"]["value"] == pytest.approx(1 / CASES, abs=0.001)
    assert large["invocation"] == 1.0
    assert large["triggers"] == [6, 6]
    assert report["advice"] == ""  # a script proves nothing
    assert not Hold.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert {period.spent_tokens for period in Period.objects.all()} <= {0}
    assert Trial.objects.filter(run=run).count() == run.total == (CASES * 2 + 2) * 2 * 3


def test_a_second_version_is_compared_and_the_baseline_reused(owner, mate, team, scripted, skill_files):
    first = an_approved(owner, mate, team, content=skill_files)
    work(a_run(owner, first))
    worse = dict(skill_files, **{"SKILL.md": files(body="Say nothing.")["SKILL.md"]})
    worse["evals/scripted.json"] = skill_files["evals/scripted.json"].replace(
        b'"with_skill": ["Hello, person 1!"]', b'"with_skill": ["Nothing."], "previous": ["Hello, person 1!"]'
    )
    second = a_version(owner, team, number="1.1.0", content=worse)

    run = work(a_run(owner, second))

    assert run.arms == ["candidate", "baseline", "previous"]
    assert Trial.objects.filter(run=run, arm="baseline", reused=True).count() == CASES * 2 * 3
    rerun = run.reruns.get()
    assert (rerun.state, rerun.repeats, rerun.total) == ("done", 8, 24)
    asked = Event.objects.filter(act="run.request", detail__run=rerun.pk)
    assert [event.detail["trials"] for event in asked] == [4]
    assert [row["status"] for row in run.report["regressions"]] == ["confirmed", "confirmed"]
    assert "2 confirmed regressions on scripted-large, scripted-small" in run.report["sentence"]
