"""Queueing: the row in the caller's transaction, the call after it, and a broker that may be away."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from kombu.exceptions import OperationalError

from skills.jobs import enqueue as queueing
from skills.jobs.enqueue import enqueue, in_bulk, wake, wake_all
from skills.jobs.models import Job

ROOT = Path(__file__).resolve().parents[2]


class Calls:
    """The broker as far as calls go: keeps what was sent, or is away."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict]] = []
        self.error: Exception | None = None
        self.tasks = self

    def __getitem__(self, task: str):
        self.task = task
        return self

    def apply_async(self, *, kwargs: dict, retry: bool) -> None:
        assert retry is False
        if self.error:
            raise self.error
        self.sent.append((self.task, kwargs))


@pytest.fixture
def broker(monkeypatch) -> Calls:
    """Stands for Celery, so that nothing is worked on and the broker can be taken away."""
    calls = Calls()
    monkeypatch.setattr(queueing, "celery_app", lambda: calls)
    return calls


def test_a_job_is_queued_with_its_arguments(db, broker):
    enqueue("send_mail", key="mail:1", account_id=1, text="“Hello”", places=[1, 2])

    job = Job.objects.get()
    assert (job.task, job.key, job.state, job.tries) == ("send_mail", "mail:1", "queued", 0)
    assert job.arguments == {"account_id": 1, "text": "“Hello”", "places": [1, 2]}
    assert (job.lease_holder, job.error, job.finished_at) == ("", "", None)
    assert job.due_at == job.created_at


def test_the_call_is_made_after_the_commit_only(db, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("send_mail", key="mail:1")
        assert broker.sent == []

    assert broker.sent == [("send_mail", {"job_id": Job.objects.get().pk})]


@pytest.mark.parametrize("state", ["queued", "running"])
def test_an_open_job_of_the_same_key_is_enough(state, db, broker, django_capture_on_commit_callbacks):
    Job.objects.create(task="send_mail", key="same", state=state)

    with django_capture_on_commit_callbacks(execute=True):
        enqueue("send_mail", key="same", text="another")

    assert Job.objects.get().arguments == {}
    assert broker.sent == []


@pytest.mark.parametrize("state", ["done", "failed"])
def test_a_job_that_has_ended_does_not_stand_in_the_way(state, db, broker):
    Job.objects.create(task="send_mail", key="same", state=state)

    enqueue("send_mail", key="same")

    assert sorted(Job.objects.values_list("state", flat=True)) == sorted([state, "queued"])


def test_other_keys_are_other_jobs(db, broker):
    enqueue("send_mail", key="one")
    enqueue("send_mail", key="two")

    assert Job.objects.count() == 2


def test_in_bulk_nothing_is_called_one_by_one(db, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with in_bulk():
            enqueue("send_mail", key="one")
            enqueue("send_mail", key="two")
        wake_all()

    assert Job.objects.count() == 2
    assert broker.sent == [("sweep_jobs", {"patience": 0})]


def test_after_a_bulk_calls_are_made_again(db, broker, django_capture_on_commit_callbacks):
    with pytest.raises(ZeroDivisionError), in_bulk():
        raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True):
        enqueue("send_mail", key="one")

    assert [task for task, _ in broker.sent] == ["send_mail"]


def test_a_bulk_inside_a_bulk_does_not_end_it(db, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), in_bulk():
        with in_bulk():
            enqueue("send_mail", key="one")
        enqueue("send_mail", key="two")

    assert broker.sent == []


@pytest.mark.parametrize("error", [OperationalError("gone"), ConnectionRefusedError("gone")])
def test_a_broker_that_is_away_loses_no_job(error, db, broker, caplog, django_capture_on_commit_callbacks):
    broker.error = error

    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        enqueue("send_mail", key="one")

    assert Job.objects.get().state == "queued"
    (warning,) = [line for line in caplog.records if line.name == "skills.jobs.enqueue"]
    assert warning.getMessage() == "broker away, the sweeper calls later"
    assert (warning.task, warning.error) == ("send_mail", "gone")


def test_another_fault_of_a_call_is_not_hidden(broker):
    broker.error = KeyError("no such task")

    with pytest.raises(KeyError):
        wake("no_such_task", 1)


def test_every_queued_name_is_a_task_of_the_product():
    tasks = queueing.celery_app().tasks

    assert {"send_mail", "sweep_jobs", "test_provider", "discover_models"} <= set(tasks)


def test_a_job_names_itself_in_logs():
    assert str(Job(key="mail:1", state="queued")) == "mail:1 (queued)"


def test_many_first_callers_all_find_every_task():
    """In a process of its own: here the application was loaded long ago."""
    script = """
import concurrent.futures, django
django.setup()
from skills.jobs.enqueue import celery_app
with concurrent.futures.ThreadPoolExecutor(20) as pool:
    found = list(pool.map(lambda _: "scan_version" in celery_app().tasks, range(20)))
assert all(found), found
"""
    for _ in range(3):
        subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT, timeout=60)
