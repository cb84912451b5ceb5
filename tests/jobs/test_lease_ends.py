"""How work ends: pauses between tries, what is kept of an error, what is taken up again and what is left."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from skills.jobs import lease as leasing
from skills.jobs.lease import MAX_TRIES, PATIENCE, lease, requeue_stuck_jobs
from skills.jobs.models import Job
from skills.lib.clock import now
from skills.lib.errors import refuse
from skills.lib.plain_causes import UNFORESEEN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    return Job.objects.create(task="purge", key="k", arguments={"days": 3})


@pytest.fixture
def woken(monkeypatch):
    calls = []
    monkeypatch.setattr("skills.jobs.lease.wake", lambda task, pk: calls.append((task, pk)))
    return calls


def put(job, **values):
    Job.objects.filter(pk=job.pk).update(**values)


def ago(**past):
    return now() - timedelta(**past)


def test_work_is_done_with_the_arguments_of_the_row(job):
    with lease(job.pk) as mine:
        assert mine.arguments == {"days": 3}
        assert (mine.state, mine.tries) == ("running", 1)
        assert mine.lease_until > now()

    job.refresh_from_db()
    assert (job.state, job.lease_until, job.error) == ("done", None, "")
    assert job.finished_at is not None


@pytest.mark.parametrize("state", ["running", "done", "failed"])
def test_only_a_queued_job_is_taken(state, job):
    put(job, state=state, tries=1)

    with lease(job.pk) as mine:
        assert mine is None

    job.refresh_from_db()
    assert (job.state, job.tries) == (state, 1)


def test_a_job_that_does_not_exist_is_nobodys(db):
    with lease(10**9) as mine:
        assert mine is None


@pytest.mark.parametrize(("tries", "pause"), [(0, 1), (1, 5), (2, 30), (3, 120)])
def test_the_pause_before_the_next_try_grows(tries, pause, job):
    put(job, tries=tries)

    with lease(job.pk):
        raise ValueError("broken")

    job.refresh_from_db()
    assert (job.state, job.lease_until, job.finished_at) == ("queued", None, None)
    assert timedelta(seconds=pause - 2) < job.due_at - now() <= timedelta(seconds=pause)


def test_the_last_try_ends_the_job(job):
    put(job, tries=MAX_TRIES - 1)

    with lease(job.pk):
        raise ValueError("broken")

    job.refresh_from_db()
    assert (job.state, job.tries, job.error) == ("failed", MAX_TRIES, UNFORESEEN)
    assert job.finished_at is not None


def test_a_good_try_after_a_bad_one_leaves_no_error(job):
    with lease(job.pk):
        raise ValueError("broken")
    with lease(job.pk):
        pass

    job.refresh_from_db()
    assert (job.state, job.tries, job.error) == ("done", 2, "")


def test_a_long_error_is_cut(job):
    with lease(job.pk):
        raise refuse("long", "x" * 5_000)

    job.refresh_from_db()
    assert len(job.error) == 2_000


def test_what_ends_the_process_is_not_caught(job):
    with pytest.raises(SystemExit), lease(job.pk):
        raise SystemExit(1)

    job.refresh_from_db()
    assert (job.state, job.error) == ("running", "")


def test_a_failing_worker_that_lost_its_lease_does_not_put_the_job_back(job):
    with lease(job.pk):
        put(job, lease_holder="another")
        raise ValueError("broken")

    job.refresh_from_db()
    assert (job.state, job.lease_holder, job.error) == ("running", "another", "")


def test_a_lost_lease_is_not_prolonged(job, settings):
    settings.JOB_LEASE_SECONDS = 0.3
    until = now() + timedelta(seconds=100)
    import time

    with lease(job.pk):
        put(job, lease_holder="another", lease_until=until)
        time.sleep(0.5)

    job.refresh_from_db()
    assert job.lease_until == until


def test_a_job_whose_lease_still_runs_is_left_alone(job, woken):
    put(job, state="running", tries=1, lease_until=now() + timedelta(seconds=5))

    assert requeue_stuck_jobs() == 0

    job.refresh_from_db()
    assert (job.state, woken) == ("running", [])


@pytest.mark.parametrize(("age", "calls"), [(PATIENCE - 5, 0), (PATIENCE + 1, 1)])
def test_a_new_job_is_given_time_to_be_called(age, calls, job, woken):
    put(job, created_at=ago(seconds=age), due_at=ago(seconds=age))

    assert requeue_stuck_jobs() == calls

    assert woken == [("purge", job.pk)] * calls


def test_without_patience_a_new_job_is_woken_at_once(job, woken):
    assert requeue_stuck_jobs(patience=0) == 1

    assert woken == [("purge", job.pk)]


def test_a_job_that_is_not_due_yet_is_not_woken(job, woken):
    put(job, tries=1, due_at=now() + timedelta(seconds=30), created_at=ago(hours=1))

    assert requeue_stuck_jobs(patience=0) == 0
    assert woken == []


def test_a_second_try_that_is_due_waits_for_no_patience(job, woken):
    put(job, tries=1, due_at=ago(seconds=1))

    assert requeue_stuck_jobs() == 1


@pytest.mark.parametrize("state", ["done", "failed"])
def test_a_job_that_has_ended_is_never_woken(state, job, woken):
    put(job, state=state, created_at=ago(days=1), due_at=ago(days=1))

    assert requeue_stuck_jobs(patience=0) == 0


def test_those_that_wait_longest_are_woken_first_and_not_all_at_once(woken, monkeypatch, db):
    monkeypatch.setattr(leasing, "BATCH", 2)
    waits = [
        Job.objects.create(task="purge", key=f"k{age}", created_at=ago(hours=age), due_at=ago(hours=age))
        for age in (1, 3, 2)
    ]

    assert requeue_stuck_jobs() == 2
    assert requeue_stuck_jobs() == 1

    assert [pk for _, pk in woken] == [waits[1].pk, waits[2].pk, waits[0].pk]


def test_a_woken_job_is_not_woken_again_for_a_while(job, woken):
    put(job, created_at=ago(hours=1), due_at=ago(hours=1))

    requeue_stuck_jobs()

    job.refresh_from_db()
    assert timedelta(seconds=PATIENCE - 2) < job.due_at - now() <= timedelta(seconds=PATIENCE)


def test_a_job_whose_workers_died_too_often_says_so(job, woken):
    put(job, state="running", tries=MAX_TRIES, lease_until=ago(seconds=1))

    requeue_stuck_jobs()

    job.refresh_from_db()
    assert job.error == "The worker died too often."
    assert job.finished_at is not None


def test_the_database_holds_one_open_job_for_a_key(job):
    with pytest.raises(IntegrityError, match="one_open_job_per_key"), transaction.atomic():
        Job.objects.create(task="purge", key="k", state="running")
