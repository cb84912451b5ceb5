"""Holds a job while it is worked on, so that exactly one worker does and a dead one is noticed."""

import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from skills.jobs.enqueue import wake
from skills.jobs.lanes import next_of, with_turn
from skills.jobs.models import Job, JobState
from skills.lib.clock import now
from skills.lib.plain_causes import plain_cause

log = logging.getLogger(__name__)
# After these some 2.5 minutes of pauses somebody has to look; `/metrics` counts failed jobs.
MAX_TRIES = 5
_BACKOFF = (1, 5, 30, 120)  # seconds before the next try
PATIENCE = 10  # seconds a queued job may wait before it is woken again
BATCH = 200  # jobs woken by one call
_ERROR_LENGTH = 2_000  # characters


@contextmanager
def lease(job_id: int) -> Iterator[Job | None]:
    """Yield the job if it is ours to do, None if another has it or it is done.

    An exception inside puts it back for another try, or fails it after MAX_TRIES.
    """
    # Every write names the holder: a worker that was taken for dead and wakes up again changes nothing.
    holder = secrets.token_hex(8)
    job = _take(job_id, holder)
    if job is None:
        yield None
        return
    stop = threading.Event()
    # A thread, because the work may be one long call that never comes back to us in between.
    beat = threading.Thread(target=_heartbeat, args=(job.pk, holder, stop), daemon=True)
    beat.start()
    try:
        yield job
    except Exception as error:  # whatever a task raises, its row must say so and be tried again
        log.exception("job failed", extra={"job": job.pk, "task": job.task})
        _give_back(job, holder, plain_cause(error))
    else:
        Job.objects.filter(pk=job.pk, lease_holder=holder).update(
            state=JobState.DONE, finished_at=now(), lease_until=None, error=""
        )
    finally:
        stop.set()
        beat.join(timeout=5)
        if waiting := next_of(job):
            wake(job.task, waiting)


def _lease_end() -> datetime:
    return now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _take(job_id: int, holder: str) -> Job | None:
    with transaction.atomic():
        chosen = with_turn(job_id)
        if chosen is None:
            return None
        # One conditional update, so that of two workers that were woken only one gets the row.
        taken = Job.objects.filter(pk=chosen, state=JobState.QUEUED).update(
            state=JobState.RUNNING, lease_until=_lease_end(), lease_holder=holder, tries=F("tries") + 1
        )
    return Job.objects.get(pk=chosen) if taken else None


def _heartbeat(job_id: int, holder: str, stop: threading.Event) -> None:
    """Prolong the lease until STOP, or until the job is no longer HOLDER's."""
    try:
        # Thrice a lease, so that one lost beat does not cost the job.
        while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
            held = Job.objects.filter(pk=job_id, lease_holder=holder, state=JobState.RUNNING)
            if not held.update(lease_until=_lease_end()):
                return
    finally:
        connection.close()  # this thread's own


def _give_back(job: Job, holder: str, error: str) -> None:
    final = job.tries >= MAX_TRIES
    pause = _BACKOFF[min(job.tries, len(_BACKOFF)) - 1]
    Job.objects.filter(pk=job.pk, lease_holder=holder).update(
        state=JobState.FAILED if final else JobState.QUEUED,
        due_at=now() + timedelta(seconds=pause),
        lease_until=None,
        finished_at=now() if final else None,
        error=error[:_ERROR_LENGTH],
    )


def requeue_stuck_jobs(patience: int = PATIENCE) -> int:
    """Re-queue jobs whose worker died and wake those uncalled for PATIENCE seconds; returns how many."""
    expired = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now())
    # A job that kills its worker raises nothing, so its tries are counted here.
    expired.filter(tries__gte=MAX_TRIES).update(
        state=JobState.FAILED, finished_at=now(), error="The worker died too often."
    )
    expired.update(state=JobState.QUEUED, lease_until=None, due_at=now())
    waiting = Job.objects.filter(state=JobState.QUEUED, due_at__lte=now()).exclude(
        tries=0, created_at__gt=now() - timedelta(seconds=patience)
    )
    jobs = list(waiting.order_by("due_at")[:BATCH])
    # The next wake-up call waits, so that a slow worker is not called every few seconds.
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(due_at=now() + timedelta(seconds=PATIENCE))
    for job in jobs:
        wake(job.task, job.pk)
    return len(jobs)
