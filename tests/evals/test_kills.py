"""The worker is killed, and stopped beyond its lease: nothing is lost, counted twice or leaked."""

import os
import random
import signal
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from skills.budgets import settle, verify
from skills.budgets.models import Hold
from skills.evals import runs
from skills.evals.models import Run, Trial
from skills.flows.evaluation import worker
from skills.jobs import lease
from skills.jobs.models import Job
from skills.lib.clock import now
from skills.portfolio.models import Provider
from tests.evals.making import a_run, files_with_evals
from tests.factories import a_version

SOAK = bool(os.environ.get("SOAK"))
KILLS = int(os.environ.get("KILLS", "200" if SOAK else "8"))
LEASE = 2  # seconds


@pytest.fixture
def workers(settings):
    """Starts worker processes that do what the Celery task does, with the engine loaded already."""
    settings.JOB_LEASE_SECONDS = LEASE
    settings.CELERY_TASK_ALWAYS_EAGER = False
    started: list[int] = []

    def start() -> int:
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            status = 1
            options = connection.settings_dict["OPTIONS"]
            options["options"] += f" -c idle_in_transaction_session_timeout={LEASE}s"
            try:
                job = Job.objects.filter(task="evaluate", state="queued").order_by("due_at").first()
                if job is not None:
                    with lease.lease(job.pk) as held:
                        if held is not None:
                            worker.work(holder=held.lease_holder)
                status = 0
            finally:
                os._exit(status)
        started.append(pid)
        return pid

    yield start
    for pid in started:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def tick() -> None:
    """What the beat does every few seconds."""
    lease.requeue_stuck_jobs(patience=0)
    runs.call_for_open_runs()


def over(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


@pytest.mark.django_db(transaction=True)
def test_killed_and_stopped_workers_lose_nothing(owner, team, models, endpoint, workers, monkeypatch):
    monkeypatch.setattr("skills.jobs.enqueue._send", lambda *_, **__: None)  # nobody is woken: we call
    Provider.objects.update(base_url=endpoint(pace=0.1).url)
    content = files_with_evals(cases=30)
    a_run(owner, a_version(owner, team, "warm-up", content=files_with_evals("warm-up", cases=1)), repeats=1)
    with lease.lease(Job.objects.get(task="evaluate").pk) as held:
        worker.work(holder=held.lease_holder)  # the engine loads its parts once, before the forks
    version = a_version(owner, team, content=content)
    chance, kills, stopped = random.Random(7), 0, []
    pending, idle = [a_run(owner, version, repeats=2)], 0

    while kills < KILLS:
        tick()
        if not Run.objects.filter(state__in=["queued", "running"]).exists():
            pending.append(a_run(owner, version, repeats=2))
        before, pid = Trial.objects.count(), workers()
        time.sleep(chance.uniform(0.3, 2.5))
        while idle >= 3 and Trial.objects.count() == before and not over(pid):
            time.sleep(0.1)  # five deaths in a row without a result are a broken run, by design
        idle = idle + 1 if Trial.objects.count() == before else 0
        try:
            if over(pid):
                continue
        except ChildProcessError:  # it ended while we waited for a result
            continue
        if chance.random() < 0.25:  # it sleeps beyond its lease, another takes over, then it wakes up
            os.kill(pid, signal.SIGSTOP)
            stopped.append(pid)
        else:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        kills += 1
        time.sleep(LEASE + 0.3)
        if len(stopped) > 1:
            os.kill(stopped.pop(0), signal.SIGCONT)
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)

    until = time.monotonic() + 240
    while Run.objects.filter(state__in=["queued", "running"]).exists():
        assert time.monotonic() < until, list(Run.objects.values("pk", "state", "tries", "problem"))
        tick()
        pid = workers()
        while not over(pid):
            time.sleep(0.1)
        time.sleep(0.5)

    for run in Run.objects.filter(parent=None):
        assert run.state == "done", run.problem
        assert Trial.objects.filter(run=run).count() == run.total
        assert run.report["state"] == ("too_few_cases" if run.name == "warm-up" else "improves")
    time.sleep(1)  # a worker that woke up late ends its calls
    Hold.objects.filter(state="held").update(expires_at=now() - timedelta(seconds=1))
    while settle.charge_expired_holds():  # 500 at a time
        pass
    assert not Hold.objects.filter(state="held").exists()
    assert verify.differences() == []
    connection.close()
