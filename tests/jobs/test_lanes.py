"""Jobs of one lane leave workers to others."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from skills.jobs.lease import lease
from skills.jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    calls = []
    monkeypatch.setattr("skills.jobs.lease.wake", lambda _task, pk: calls.append(pk))
    return calls


def a_job(key: str, lane: str = "", **values) -> Job:
    return Job.objects.create(task="scan_version", key=key, lane=lane, **values)


def test_a_lane_that_is_busy_lets_another_go_first():
    slow, waiting, other = a_job("a1", "ann"), a_job("a2", "ann"), a_job("b1", "ben")

    with lease(slow.pk) as first, lease(waiting.pk) as second:
        assert first.pk == slow.pk
        assert second.pk == other.pk


def test_a_job_waits_while_its_lane_is_busy_and_is_called_afterwards(woken):
    slow, waiting = a_job("a1", "ann"), a_job("a2", "ann")

    with lease(slow.pk), lease(waiting.pk) as second:
        assert second is None
        assert woken == []

    assert woken == [waiting.pk]


def test_of_a_lane_the_oldest_goes_first():
    oldest, newest = a_job("a1", "ann"), a_job("a2", "ann")

    with lease(newest.pk) as taken:
        assert taken.pk == oldest.pk


def test_more_of_a_lane_are_worked_on_where_the_settings_say_so(settings):
    settings.JOBS_OF_A_LANE = 2
    jobs = [a_job(f"a{number}", "ann") for number in range(3)]

    with lease(jobs[0].pk) as first, lease(jobs[1].pk) as second, lease(jobs[2].pk) as third:
        assert (first.pk, second.pk, third) == (jobs[0].pk, jobs[1].pk, None)


def test_what_failed_is_taken_when_it_is_called_for_itself():
    failed, fresh = a_job("a1", "ann", tries=1), a_job("a2", "ann")

    with lease(fresh.pk) as taken:
        assert taken.pk == fresh.pk
    with lease(failed.pk) as taken:
        assert taken.pk == failed.pk


def test_jobs_without_a_lane_do_not_wait_for_each_other():
    first, second = a_job("one"), a_job("two")

    with lease(first.pk) as one, lease(second.pk) as two:
        assert (one.pk, two.pk) == (first.pk, second.pk)


def test_another_task_of_the_same_person_does_not_wait():
    scan = a_job("a1", "ann")
    sync = Job.objects.create(task="sync_source", key="s1", lane="ann")

    with lease(scan.pk) as one, lease(sync.pk) as two:
        assert (one.pk, two.pk) == (scan.pk, sync.pk)


def test_workers_that_are_called_at_once_take_one_of_a_lane():
    jobs = [a_job(f"a{number}", "ann") for number in range(6)]
    together = Barrier(6)

    def work(job: Job) -> bool:
        try:
            together.wait(10)
            with lease(job.pk) as held:
                together.wait(10)
                return held is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, jobs)) == 1
