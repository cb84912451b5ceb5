"""Whose turn it is, and what is called for again: few queries, whatever has piled up."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skills.evals import runs
from skills.evals.models import Run
from skills.jobs.models import Job
from skills.lib.clock import now
from tests.evals.making import REAL, a_finished_run
from tests.factories import a_person, a_team, a_version

pytestmark = pytest.mark.django_db
TEAMS = 5


@pytest.fixture
def piled_up():
    """Teams with a few runs waiting each, beside many that have ended."""
    for number in range(TEAMS):
        owner = a_person(f"owner-{number}")
        ended = a_finished_run(a_version(owner, a_team(f"team-{number}", admin=owner)), REAL)
        copies(ended, 100, started_at=now() - timedelta(days=number))
        copies(ended, 10, state="queued", started_at=None)


def copies(run: Run, count: int, **more) -> list[Run]:
    facts = {field.attname: getattr(run, field.attname) for field in Run._meta.concrete_fields} | more
    del facts["id"]
    return Run.objects.bulk_create(Run(**facts) for _ in range(count))


def a_live_job(holder: str) -> None:
    soon = now() + timedelta(minutes=1)
    Job.objects.create(task="evaluate", key="x", state="running", lease_holder=holder, lease_until=soon)


def rows_read(node: dict, table: str) -> int:
    """Rows of TABLE that a plan of PostgreSQL's has looked at, all its loops together."""
    own = 0
    if node.get("Relation Name") == table:
        looked_at = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        own = round(looked_at * node["Actual Loops"])
    return own + sum(rows_read(child, table) for child in node.get("Plans", ()))


def test_a_claim_takes_the_same_few_queries_whatever_waits(piled_up):
    with CaptureQueriesContext(connection) as many:
        runs.claim("first")
    Run.objects.filter(state="queued").update(state="done")
    copies(Run.objects.latest("pk"), 1, state="queued", started_at=None)
    with CaptureQueriesContext(connection) as few:
        runs.claim("second")

    assert len(many) == len(few) <= 6


def test_a_claim_reads_what_is_open_and_not_what_has_ended(piled_up):
    waiting = Run.objects.filter(state="queued").count()
    with connection.cursor() as cursor:
        # So few rows are read as fast without an index, which is not what is asked here.
        cursor.execute("analyze skills_run")
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain (analyze, format json) " + runs._NEXT, {"now": now()})
        answer = cursor.fetchone()[0]
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]

    # Each waiting run once to count and once to choose; each team once for when it was served.
    assert rows_read(plan, "skills_run") <= 2 * waiting + 2 * TEAMS


def test_teams_are_served_in_turn_the_longest_ago_first(piled_up):
    teams = []
    for number in range(2 * TEAMS):
        run = runs.claim(f"worker-{number}")
        teams.append(run.team.handle)
        Run.objects.filter(pk=run.pk).update(state="done")

    assert teams[:TEAMS] == [f"team-{number}" for number in reversed(range(TEAMS))]
    assert sorted(teams[TEAMS:]) == sorted(teams[:TEAMS])


def test_a_team_with_a_run_under_way_waits_for_those_without(piled_up):
    busy = runs.claim("busy")
    a_live_job("busy")
    Run.objects.exclude(team=busy.team).update(started_at=now() + timedelta(days=1))

    assert runs.claim("next").team_id != busy.team_id


def test_a_sweep_calls_only_for_runs_that_nobody_calls_for(piled_up):
    waiting = Run.objects.filter(state="queued").count()
    assert runs.call_for_open_runs() == waiting

    with CaptureQueriesContext(connection) as queries:
        assert runs.call_for_open_runs() == 0

    assert len(queries) <= 3


def test_a_run_whose_worker_lives_is_not_called_for(piled_up):
    runs.call_for_open_runs()
    run = runs.claim("alive")
    Job.objects.filter(key=f"run:{run.pk}").update(state="done")
    a_live_job("alive")

    assert runs.call_for_open_runs() == 0

    Job.objects.filter(key="x").update(lease_until=now() - timedelta(seconds=1))
    assert runs.call_for_open_runs() == 1


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_take_different_runs_of_different_teams(piled_up):
    Run.objects.filter(state="queued").update(started_at=None)
    claimed = []

    def take(number: int) -> None:
        try:
            run = runs.claim(f"worker-{number}")
            claimed.append((run.pk, run.team_id))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(TEAMS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({pk for pk, _ in claimed}) == TEAMS
