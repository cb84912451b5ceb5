"""Lists of sessions and runs: whole sums, each once, and only the newest are summed up."""

from datetime import timedelta

import pytest

from skills.budgets.calls import groups
from skills.budgets.spending import CallFilter, Reach, last_days
from skills.budgets.spending_models import CallGroup
from skills.lib.clock import now

pytestmark = pytest.mark.django_db

SESSIONS = 300


def a_row(account, *, minutes, skill=None, **named):
    at = now() - timedelta(minutes=minutes)
    zero = dict.fromkeys(("lost", "unpriced", "input_tokens", "cached_tokens", "written_tokens"), 0)
    amounts = {"calls": 1, "tokens": 10, "micros": 5, "output_tokens": 10} | zero
    return CallGroup(
        account_id=account.pk, role="work", skill_id=skill, first_at=at, last_at=at, **amounts, **named
    )


def walk(size, *, runs=False):
    found, cursor = [], ""
    while True:
        page = groups(Reach(), last_days(30), CallFilter(), runs=runs, cursor=cursor, size=size)
        found += page.rows
        cursor = page.next
        if not cursor:
            return found


def test_each_session_comes_once_with_all_of_its_rows(owner):
    CallGroup.objects.bulk_create(
        a_row(owner, minutes=number + behind, skill=skill, session=f"session-{number}")
        for number in range(0, SESSIONS, 2)
        # Of each session some rows ended before others began.
        for skill, behind in ((1, 0), (2, 40), (3, 500))
    )
    CallGroup.objects.bulk_create(
        a_row(owner, minutes=number, day=now().date() - timedelta(days=number)) for number in range(3)
    )

    found = walk(7)

    assert len(found) == len({(row.session, row.day) for row in found}) == SESSIONS // 2 + 3
    assert [row.last_at for row in found] == sorted((row.last_at for row in found), reverse=True)
    assert {row.amount.calls for row in found if row.session} == {3}


def test_a_page_of_sessions_sums_up_no_others(owner, django_assert_num_queries):
    CallGroup.objects.bulk_create(
        a_row(owner, minutes=number, session=f"session-{number}") for number in range(SESSIONS)
    )

    with django_assert_num_queries(2) as asked:
        page = groups(Reach(), last_days(30), CallFilter(), runs=False, size=10)
    with django_assert_num_queries(2):
        groups(Reach(), last_days(30), CallFilter(), runs=False, cursor=page.next, size=10)

    assert [row.session for row in page.rows] == [f"session-{number}" for number in range(10)]
    assert f"session-{SESSIONS - 1}" not in asked.captured_queries[1]["sql"]
    assert "'session-9'" in asked.captured_queries[1]["sql"]


def test_runs_of_few_rows_are_all_there(owner):
    CallGroup.objects.bulk_create(a_row(owner, minutes=number, run_id=number + 1) for number in range(30))

    assert [row.run_id for row in walk(7, runs=True)] == list(range(1, 31))
