"""The Celery application. Job truth is a row in our database; the broker only wakes workers."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skillhub.settings")

app = Celery("skillhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
# All tasks are in `skills/tasks.py`.
app.autodiscover_tasks(["skills"])
