"""Queues a task by name: the row now, the wake-up call after the commit."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from skills.lib.clock import now

if TYPE_CHECKING:
    from celery import Celery

log = logging.getLogger(__name__)
# The partial unique index `one_open_job_per_key` makes the second insert a no-op.
_INSERT = """
    insert into skills_job (task, key, lane, arguments, state, tries, lease_holder, error, created_at, due_at)
    values (%(task)s, %(key)s, %(lane)s, %(arguments)s::jsonb, 'queued', 0, '', '', %(now)s, %(now)s)
    on conflict (key) where state in ('queued', 'running') do nothing
    returning id
"""

_loading = threading.Lock()
_PAUSE = 5.0  # seconds in which a broker that was away is not called; the sweeper calls as often
_silent_until = [0.0]  # by the monotonic clock

# A context variable: an import in one thread must not silence the jobs of another.
_IN_BULK: ContextVar[bool] = ContextVar("in_bulk", default=False)


@contextmanager
def in_bulk() -> Iterator[None]:
    """Queue many jobs without a wake-up call for each; afterwards call `wake_all`."""
    token = _IN_BULK.set(True)
    try:
        yield
    finally:
        _IN_BULK.reset(token)


def enqueue(task: str, *, key: str, lane: str = "", **arguments: int | str) -> None:
    """Ask for TASK once: an open job with the same KEY makes this a no-op.

    Of the jobs with the same task and LANE only some are worked on at once.
    """
    values: dict[str, str | datetime] = {
        "task": task,
        "key": key,
        "lane": lane,
        "arguments": json.dumps(arguments),
        "now": now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        if _IN_BULK.get():
            return
        row = cursor.fetchone()
    # Without a row the open job has the same key, and it has been called already.
    if row:
        # A worker that is called before the commit would not find the row.
        transaction.on_commit(lambda: wake(task, row[0]))


def celery_app() -> "Celery":
    """The Celery application with its tasks, loaded with the first job: pages rarely queue one."""
    # Celery calls itself final before it has bound its tasks: a second thread would find none of them.
    with _loading:
        return _loaded_app()


@cache
def _loaded_app() -> "Celery":
    app: Celery = import_string(settings.TASK_APP)
    app.loader.import_default_modules()
    app.finalize()
    return app


def wake(task: str, job_id: int) -> None:
    """Send the wake-up call; when the broker is away the sweeper sends it later."""
    _send(task, job_id=job_id)


def wake_all() -> None:
    """Have the sweep wake at once what was queued in bulk; usually it waits some seconds."""
    transaction.on_commit(lambda: _send("sweep_jobs", patience=0))


def forget() -> None:
    """Call the broker again at once, as a fresh process."""
    _silent_until[0] = 0.0


def _send(task: str, **arguments: int) -> None:
    from kombu.exceptions import OperationalError

    if time.monotonic() < _silent_until[0]:
        return
    try:
        # No retry: a request must not wait for a broker that is away, and the row is safe.
        celery_app().tasks[task].apply_async(kwargs=arguments, retry=False)
    except (OperationalError, OSError) as error:
        _silent_until[0] = time.monotonic() + _PAUSE
        log.warning("broker away, the sweeper calls later", extra={"task": task, "error": str(error)})
