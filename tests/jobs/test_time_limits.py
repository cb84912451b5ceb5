"""Celery's own limits: every task has one, and none is met before those inside of the task."""

import pytest
from django.conf import settings

from skills.jobs.enqueue import celery_app

OURS = sorted(name for name in celery_app().tasks if not name.startswith("celery."))


def limit_of(name: str) -> float:
    return celery_app().tasks[name].time_limit or celery_app().conf.task_time_limit


@pytest.mark.parametrize("name", OURS)
def test_every_task_is_killed_in_the_end(name):
    assert 60 <= limit_of(name) <= 3 * 3_600


def test_a_scan_may_use_what_its_child_and_an_outside_scanner_may():
    by_clock = 2 * settings.SCAN_SECONDS + settings.SCAN_SECONDS

    assert limit_of("scan_version") > by_clock


def test_an_evaluation_ends_by_its_own_deadline_first():
    assert limit_of("evaluate") > settings.EVAL_RUN_SECONDS


def test_only_tasks_that_exist_have_a_limit_of_their_own():
    assert set(settings.CELERY_TASK_ANNOTATIONS) <= set(OURS)
