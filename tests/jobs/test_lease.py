"""Jobs: queued once, worked on by one, tried again, found again when a worker died."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest

from skills.jobs.enqueue import enqueue
from skills.jobs.lease import MAX_TRIES, lease, requeue_stuck_jobs
from skills.jobs.models import Job
from skills.lib.clock import now
from skills.lib.limited import LimitReached, Limits, run_limited
from skills.lib.plain_causes import UNFORESEEN
from tests.lib.limited_jobs import hold_the_interpreter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    return Job.objects.create(task="purge", key="k", arguments={})


@pytest.fixture
def woken(monkeypatch):
    calls = []
    monkeypatch.setattr("skills.jobs.lease.wake", lambda _task, pk: calls.append(pk))
    return calls


def test_an_open_key_is_queued_once(settings):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    Job.objects.create(task="send_mail", key="same", arguments={})

    enqueue("send_mail", key="same")

    assert Job.objects.count() == 1


def test_a_job_is_done_by_one(job):
    with lease(job.pk) as first, lease(job.pk) as second:
        assert first is not None
        assert second is None

    job.refresh_from_db()
    assert (job.state, job.tries) == ("done", 1)


def test_a_failing_job_is_tried_again_and_ends(job):
    for number in range(1, MAX_TRIES + 1):
        with lease(job.pk) as held:
            assert held is not None
            raise ValueError("broken")
        job.refresh_from_db()
        assert job.tries == number

    assert (job.state, job.error) == ("failed", UNFORESEEN)


def test_a_dead_workers_job_is_queued_again(job, woken):
    Job.objects.filter(pk=job.pk).update(state="running", tries=1, lease_until=now() - timedelta(seconds=1))

    assert requeue_stuck_jobs() == 1

    job.refresh_from_db()
    assert (job.state, woken) == ("queued", [job.pk])


def test_a_job_that_kills_its_workers_ends(job, woken):
    Job.objects.filter(pk=job.pk).update(state="running", tries=MAX_TRIES, lease_until=now() - timedelta(1))

    requeue_stuck_jobs()

    job.refresh_from_db()
    assert (job.state, woken) == ("failed", [])


def test_a_lost_call_is_made_again(job, woken):
    Job.objects.filter(pk=job.pk).update(created_at=now() - timedelta(minutes=1))

    requeue_stuck_jobs()
    requeue_stuck_jobs()

    assert woken == [job.pk]


def test_the_lease_is_kept_while_work_goes_on(job, settings):
    import time

    settings.JOB_LEASE_SECONDS = 1
    with lease(job.pk):
        time.sleep(1.5)
        job.refresh_from_db()
        assert job.lease_until > now()


def test_a_worker_that_lost_its_lease_does_not_end_the_job(job):
    with lease(job.pk):
        Job.objects.filter(pk=job.pk).update(lease_holder="another")

    job.refresh_from_db()
    assert job.state == "running"


def test_a_lease_outlives_a_reading_that_holds_its_interpreter(job, woken, settings):
    settings.JOB_LEASE_SECONDS = 2
    taken_again = []

    with lease(job.pk), ThreadPoolExecutor(1) as beside:
        busy = beside.submit(run_limited, Limits(processor_seconds=4, seconds=60), hold_the_interpreter)
        while not busy.done():
            sleep(0.5)
            taken_again.append(requeue_stuck_jobs())
        assert isinstance(busy.exception(), LimitReached)

    assert len(taken_again) >= 6
    assert not any(taken_again)
    job.refresh_from_db()
    assert (job.state, job.tries) == ("done", 1)
