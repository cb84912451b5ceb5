"""Queues a task by name: the row now, the wake-up call after the commit."""

import logging
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from skills.jobs.models import Job

log = logging.getLogger(__name__)


def enqueue(task: str, *, key: str, **arguments: Any) -> None:
    """Ask for TASK once: an open job with the same KEY makes this a no-op."""
    job, created = Job.objects.get_or_create(
        key=key,
        state__in=["queued", "running"],
        defaults={"task": task, "arguments": arguments, "key": key, "state": "queued"},
    )
    if created:
        transaction.on_commit(lambda: wake(job))


@cache
def celery_app() -> Any:
    """The Celery application with its tasks, loaded with the first job: pages rarely queue one."""
    app = import_string(settings.TASK_APP)
    app.loader.import_default_modules()
    return app


def wake(job: Job) -> None:
    """Send the wake-up call; when the broker is away the sweeper sends it later."""
    from kombu.exceptions import OperationalError

    try:
        celery_app().tasks[job.task].apply_async(kwargs={"job_id": job.pk}, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("broker away, job waits for the sweeper", extra={"job": job.pk, "error": str(error)})
