"""The Celery application. Job truth is a row in our database; the broker only wakes workers."""

import logging
import os
import warnings

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skillhub.settings")
# That root is discouraged: in a container it may be all there is, and our messages are never unpickled.
warnings.filterwarnings("ignore", module="celery.platforms")


@signals.setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Whoever answers this signal has set logging up: the settings did."""


@signals.worker_ready.connect
def say_ready(*, sender: object, **_: object) -> None:
    """In place of the banner, which is no line of a log."""
    worker = getattr(sender, "hostname", "")
    logging.getLogger("skillhub.worker").info("ready", extra={"worker": worker})


@signals.worker_process_init.connect
def warm_up(**_: object) -> None:
    """In the processes that scan; those that ask models read no bundle."""
    if app.amqp.queues.consume_from.keys() & {app.conf.task_default_queue}:
        # Needs Django, which is set up by now.
        from skillhub.warm_up import in_thread, warm_worker

        in_thread(warm_worker)


app = Celery("skillhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
# All tasks are in `skills/tasks.py`.
app.autodiscover_tasks(["skills"])
