"""A benchmark.json from elsewhere is brought as an upload, shown as somebody's word, and opens nothing."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from skills.catalog.models import State, Upload, Version
from skills.evals.models import Run
from tests.factories import an_approved, bearer, files
from tests.pages import words_of

pytestmark = pytest.mark.django_db

BENCHMARK = {
    "metadata": {"skill_name": "other", "executor_model": "a model", "timestamp": "2026-01-15"},
    "runs": [
        {"eval_id": 1, "configuration": "with_skill", "result": {"pass_rate": 0.9}},
        {"eval_id": 1, "configuration": "without_skill", "result": {"pass_rate": 0.4}},
    ],
}


@pytest.fixture
def version(owner, mate, team):
    content = files("greet-people") | {"benchmark.json": json.dumps(BENCHMARK).encode()}
    return an_approved(owner, mate, team, content=content)


def bring(client, data):
    return client.post(
        "/@crew/greet-people/v/1.0.0/benchmark/", {"benchmark": SimpleUploadedFile("benchmark.json", data)}
    )


def test_the_page_of_the_cases_shows_what_the_bundle_says_as_measured_elsewhere(version, owner, client):
    client.force_login(owner)

    words = " ".join(words_of(client.get("/@crew/greet-people/evals/").content.decode()))

    assert "Measured elsewhere" in words
    assert "it opens no gate" in words
    assert "▲ 50 points" in words
    assert "It names another skill: other." in words
    assert not Run.objects.exists()


def test_one_that_is_brought_becomes_a_file_of_an_upload(version, owner, client):
    client.force_login(owner)

    answer = bring(client, json.dumps(BENCHMARK).encode())

    upload = Upload.objects.get()
    assert answer["Location"] == f"/uploads/{upload.pk}/"
    assert {row["path"] for row in upload.manifest["benchmarks"]} == {
        "benchmark.json",
        "evals/benchmark.json",
    }
    assert not Run.objects.exists()


@pytest.mark.parametrize("data", [b"no", b"[]", b'{"runs": []}', b""])
def test_what_is_no_benchmark_is_refused_with_the_reason(version, owner, client, data):
    client.force_login(owner)

    answer = bring(client, data)

    assert answer.status_code == 400
    assert not Upload.objects.exists()


def bring_over_the_api(client, person, data, **headers):
    address = "/api/v1/skills/crew/greet-people/versions/1.0.0/benchmark"
    return client.post(address, data, content_type="application/json", headers=bearer(person) | headers)


def test_one_that_is_brought_over_the_api_is_the_next_version_in_review(version, owner, client):
    answer = bring_over_the_api(client, owner, json.dumps(BENCHMARK).encode())

    assert (answer.status_code, answer.json()["version"]) == (201, "1.0.1")
    made = Version.objects.get(number="1.0.1")
    assert "evals/benchmark.json" in {file.path for file in made.files.all()}
    assert made.state in (State.SCANNING, State.IN_REVIEW)
    assert not Run.objects.exists() and not Upload.objects.exists()


def test_the_same_file_twice_is_one_version(version, owner, client):
    data = json.dumps(BENCHMARK).encode()
    bring_over_the_api(client, owner, data)

    again = bring_over_the_api(client, owner, data)

    assert (again.status_code, again.json()["version"]) == (200, "1.0.1")


@pytest.mark.parametrize("data", [b"no", b"[]", b'{"runs": []}', b"", b"[" * 50_000])
def test_what_is_no_benchmark_changes_nothing_over_the_api(version, owner, client, data):
    answer = bring_over_the_api(client, owner, data)

    assert answer.status_code == 400
    assert {problem["code"] for problem in answer.json()["problems"]} <= {"bad_benchmark", "bad_json"}
    assert Version.objects.count() == 1


def test_nobody_outside_of_the_team_brings_one(version, stranger, client):
    assert bring_over_the_api(client, stranger, json.dumps(BENCHMARK).encode()).status_code in (403, 404)
