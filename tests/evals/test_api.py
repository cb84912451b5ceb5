"""Evaluations by API, as CI uses them; the pages that write cases and launch."""

import json

import pytest

from skills.budgets import allowances
from skills.catalog.models import Upload
from skills.evals.models import Run, Transcript, Trial
from skills.flows import access
from skills.flows.evaluation import worker
from skills.portfolio.models import Provider
from skills.search.query import Filters, search
from tests.budgets.making import set_limits
from tests.evals.making import FakeEngine, a_run, files_with_evals
from tests.factories import a_person, a_version, a_zip, actor, an_approved, bearer
from tests.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(owner, team, models, skill_files):
    return a_version(owner, team, content=skill_files)


def send(client, address, by, content=None, **headers):
    data = a_zip(content=content) if content else None
    return client.post(
        f"/api/v1{address}", data, content_type="application/zip", headers={**bearer(by), **headers}
    )


def test_ci_evaluates_a_branch_before_it_is_published(owner, mate, team, models, skill_files, client):
    an_approved(owner, mate, team, content=skill_files)
    branch = files_with_evals(body="A better way.")

    started = send(
        client,
        "/teams/crew/runs?models=small&repeats=1&webhook=https://ci.example/hook",
        owner,
        branch,
        **{"Idempotency-Key": "build-7"},
    )
    again = send(
        client,
        "/teams/crew/runs?models=small&repeats=1&webhook=https://ci.example/hook",
        owner,
        branch,
        **{"Idempotency-Key": "build-7"},
    )

    assert started.status_code == again.status_code == 201, started.content
    assert started.json()["id"] == again.json()["id"] and Run.objects.count() == 1
    run = Run.objects.get()
    assert (
        run.version is None and run.upload is not None and run.arms == ["candidate", "baseline", "previous"]
    )
    worker.work(holder="w", engine=FakeEngine())
    found = client.get(f"/api/v1/runs/{run.pk}", headers=bearer(mate)).json()
    assert (
        found["state"] == "done"
        and found["version"] is None
        and found["report"]["models"][0]["label"] == "small"
    )
    assert found["progress"]["percent"] == 100 and found["money"]["spent"] == 120 * run.total
    answer = client.get(f"/api/v1/runs/{run.pk}/benchmark.json", headers=bearer(mate))
    benchmark = json.loads(answer.getvalue())
    assert {row["configuration"] for row in benchmark["runs"]} == {"with_skill", "without_skill"}
    assert benchmark["run_summary"]["with_skill"]["pass_rate"]["mean"] == 1.0
    trial = Trial.objects.filter(run=run).first()
    grading = client.get(f"/api/v1/runs/{run.pk}/trials/{trial.pk}/grading.json", headers=bearer(mate)).json()
    assert set(grading["summary"]) == {"passed", "failed", "total", "pass_rate"}


def test_an_upload_that_has_expired_ends_its_run_with_words(owner, team, models, skill_files, client):
    send(client, "/teams/crew/runs?repeats=1", owner, skill_files)
    Upload.objects.all().delete()
    worker.work(holder="w", engine=FakeEngine())

    assert Run.objects.get().state == "failed" and "expired" in Run.objects.get().problem


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?models=gpt-9", 400, "bad_model"),
        ("?repeats=0", 409, "bad_repeats"),
        ("?repeats=x", 409, "bad_repeats"),
        ("?webhook=ftp://x", 400, "bad_webhook"),
        ("?webhook=http://u:p@h/", 400, "bad_webhook"),
    ],
)
def test_bad_requests_start_nothing(query, status, code, version, owner, client):
    answer = send(client, f"/skills/crew/greet-people/versions/1.0.0/runs{query}", owner)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Run.objects.exists()


def test_a_bundle_without_cases_or_with_faults_is_refused_and_not_kept(owner, team, models, client):
    from tests.factories import files

    assert send(client, "/teams/crew/runs", owner, files()).json()["code"] == "no_cases"
    broken = files() | {"evals/evals.json": b"{"}
    assert send(client, "/teams/crew/runs", owner, broken).json()["code"] == "no_cases"
    bad = files() | {"scripts/tool": b"\x7fELF"}
    assert send(client, "/teams/crew/runs", owner, bad).status_code == 400
    assert not Upload.objects.exists() and not Run.objects.exists()
    assert send(client, "/teams/crew/runs", a_person("nobody"), files()).status_code == 404


def test_cancel_by_api(version, owner, client):
    run = a_run(owner, version)
    assert send(client, f"/runs/{run.pk}/cancel", owner).json()["state"] == "cancelled"
    assert send(client, f"/runs/{run.pk}/cancel", owner).status_code == 409


def test_a_webhook_never_reaches_this_machine(version, owner, monkeypatch):
    run = a_run(owner, version)
    Run.objects.filter(pk=run.pk).update(webhook="http://127.0.0.1:1/")
    monkeypatch.setattr("socket.create_connection", lambda *_: pytest.fail("it connected"))

    worker.call_webhook(run_id=run.pk)


def test_the_editor_writes_a_new_upload(version, owner, client):
    client.force_login(owner)
    page = client.get("/@crew/greet-people/v/1.0.0/cases/").content.decode()
    assert "Greet person 6." in page and "contains: Hello" in page

    rows = {
        "id": ["a", ""],
        "prompt": ["Greet Ann.", ""],
        "expected": ["", ""],
        "assertions": ["contains: Ann\nIs polite", ""],
    }
    answer = client.post("/@crew/greet-people/v/1.0.0/cases/", rows)
    upload = Upload.objects.get()
    assert answer["Location"] == f"/uploads/{upload.pk}/"
    (case,) = upload.manifest["evals"]["cases"]
    assert case["prompt"] == "Greet Ann." and [one["kind"] for one in case["assertions"]] == [
        "contains",
        "judge",
    ]

    bad = rows | {"assertions": ["regex: (", ""]}
    refused = client.post("/@crew/greet-people/v/1.0.0/cases/", bad)
    assert (
        refused.status_code == 400
        and b"not a regular expression" in refused.content
        and b"Greet Ann." in refused.content
    )


def test_the_launcher_says_what_is_wrong_and_starts_nothing(version, owner, team, client):
    set_limits(owner, allowances.budget_of(team=team), window="day", limit_tokens=5)
    client.force_login(owner)
    page = client.get("/@crew/greet-people/v/1.0.0/evaluate/")
    assert b"the team crew has 5 left" in page.content and b"disabled" in page.content
    answer = client.post("/@crew/greet-people/v/1.0.0/evaluate/", {"models": [], "repeats": "3"})
    assert answer.status_code == 409 and b"No model is chosen" in answer.content and not Run.objects.exists()


def test_removing_a_version_forgets_its_transcripts(version, owner):
    run = a_run(owner, version)
    worker.work(holder="w", engine=FakeEngine())
    assert Transcript.objects.exists()

    access.remove(actor=actor(a_person("boss", staff=True)), version_id=version.pk, reason="malware")

    assert not Transcript.objects.exists() and Trial.objects.filter(run=run).exists()


def test_a_live_run_says_what_is_left_and_the_verdict_marks_the_frontier(client, owner, team, version):
    set_limits(owner, allowances.budget_of(team=team), limit_tokens=90_000_000)
    run = a_run(owner, version)
    client.force_login(owner)

    assert "90,000,000 left to the team" in words_of(client.get(f"/runs/{run.pk}/").content)[0]
    worker.work(holder="w", engine=FakeEngine())

    run.refresh_from_db()
    badges = words_of(client.get(f"/runs/{run.pk}/").content, "span")
    assert run.report["frontier"] and badges.count("frontier") == len(run.report["frontier"])
    case, model = run.cases[0]["key"], run.portfolio[0]["id"]
    cell = client.get(f"/runs/{run.pk}/cells/{case}/{model}/").content
    assert "10 trials, likely " in words_of(cell)[0]


def test_a_search_is_narrowed_to_what_was_evaluated_on_a_model(
    client, owner, mate, team, scripted, skill_files
):
    version = an_approved(owner, mate, team, content=skill_files)
    a_run(owner, version)
    worker.work(holder="w", engine=FakeEngine())
    assert search(actor(owner), "", with_facets=True).facets["model"] == []  # a script is no model

    Provider.objects.update(kind="openai_compatible", base_url="http://127.0.0.1:9/v1")
    a_run(owner, version)
    worker.work(holder="w", engine=FakeEngine())

    facets = search(actor(owner), "", with_facets=True).facets["model"]
    assert ("scripted-small", 1) in facets
    found = search(actor(owner), "", filters=Filters(model="scripted-small")).hits
    assert [hit.skill.name for hit in found] == [version.skill.name]
