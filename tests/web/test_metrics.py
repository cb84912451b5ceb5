"""The figures that Prometheus reads."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from skills.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


def job_figures(client) -> dict[str, float]:
    """Jobs by state, as a Prometheus server reads them from the page."""
    text = client.get("/metrics").content.decode()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    gauge = families["skillhub_jobs"]
    assert (gauge.type, gauge.documentation) == ("gauge", "Jobs by state.")
    return {sample.labels["state"]: sample.value for sample in gauge.samples}


def test_every_state_of_a_job_is_counted_even_where_there_is_none(client):
    assert job_figures(client) == {"queued": 0, "running": 0, "failed": 0}


def test_jobs_are_counted_by_state(client):
    for number, state in enumerate((JobState.FAILED, JobState.FAILED, JobState.QUEUED, JobState.DONE)):
        Job.objects.create(task="scan", key=f"job {number}", state=state)

    assert job_figures(client) == {"queued": 1, "running": 0, "failed": 2}


def test_requests_and_jobs_stand_in_one_document(client):
    client.get("/healthz")

    text = client.get("/metrics").content.decode()
    names = [family.name for family in text_string_to_metric_families(text)]

    assert {"skillhub_requests", "skillhub_request_seconds", "skillhub_jobs"} <= set(names)
    assert len(names) == len(set(names))


def test_a_token_with_letters_beyond_ascii_is_refused_and_no_error(client, settings):
    settings.METRICS_TOKEN = "a-secret"

    response = client.get("/metrics", headers={"Authorization": "Bearer schlüssel"})

    assert response.status_code == 404
