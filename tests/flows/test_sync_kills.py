"""Workers killed at every named point of a sync: no half version, no double one; the next run completes."""

import os
import subprocess
import sys

import pytest
from django.db import connection
from django.db.models import Count

from skills.catalog.models import Version
from skills.catalog.provenance import Provenance
from skills.delivery.fsck import check_consistency
from skills.flows.release import SubmitStep
from skills.flows.syncing import SyncStep, run_sync
from skills.jobs.enqueue import in_bulk
from skills.lib.blobs import PutStep
from skills.sources.ask import ask_for_sync
from skills.sources.models import Source, Sync
from tests.factories import actor, skill_md
from tests.git_server import git_server
from tests.product.conftest import ROOT
from tests.sources.making import a_source

POINTS = [*SyncStep, *SubmitStep, *PutStep]
KILLED_AT = POINTS * 7 if os.environ.get("SOAK") else POINTS[::3]
# Loads the product once and forks for every kill; nothing is connected before the fork.
WORKER = """
import os, sys, django
django.setup()
from skills.flows.syncing import run_sync
from skills.lib import failpoints

for line in sys.stdin:
    point, sync_id = line.split()
    child = os.fork()
    if child == 0:
        failpoints._KILL_AT = point
        run_sync(sync_id=int(sync_id))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Worker:
    """A process that runs a sync until it is killed at a point."""

    def __init__(self, settings) -> None:
        parameters = connection.get_connection_params()
        place = " ".join(
            f"{key}={parameters[key]}" for key in ("host", "port", "user") if parameters.get(key)
        )
        environment = {
            "DATABASE_URL": f"{place} dbname={parameters['dbname']}",
            "DJANGO_SETTINGS_MODULE": "skillhub.settings",
            "PYTHONPATH": str(ROOT),
            "BLOBS_DIR": str(settings.BLOBS_DIR),
            "DATA_DIR": str(settings.DATA_DIR),
            "SOURCE_HOSTS": ",".join(settings.SOURCE_HOSTS),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env=os.environ | environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def dies_at(self, point: str, sync: Sync) -> bool:
        """Whether it was killed at POINT of SYNC."""
        self.process.stdin.write(f"{point} {sync.pk}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline() == "-9\n"

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


@pytest.fixture
def repository(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    with git_server(tmp_path) as server:
        settings.SOURCE_HOSTS = [server.host]
        yield server.repository()


@pytest.fixture
def worker(repository, settings):
    worker = Worker(settings)
    yield worker
    worker.stop()


@pytest.mark.django_db(transaction=True)
def test_a_killed_sync_leaves_no_half_and_no_double_version(worker, repository, owner, team):
    repository.commit({"steady/SKILL.md": skill_md("steady")})
    source = a_source(owner, team, url=repository.url)

    for number, point in enumerate(KILLED_AT):
        _push(repository, number)
        # Without the call that would have it done in this process.
        with in_bulk():
            sync = ask_for_sync(actor=actor(owner), source=Source.objects.get(pk=source.pk))

        assert worker.dies_at(point, sync), f"{point} was not reached"

        _check_nothing_is_half_or_double(number)
        run_sync(sync_id=sync.pk)
        sync.refresh_from_db()
        assert sync.state == "done", sync.problem
        _check_nothing_is_half_or_double(number)
        assert _wanted(number) == set(Version.objects.values_list("skill__name", "number"))

    assert check_consistency().faults == []


def _push(repository, number: int) -> None:
    """A change to one skill, and a new one."""
    skills = {f"new-{one}/SKILL.md": skill_md(f"new-{one}") for one in range(number + 1)}
    repository.commit({**skills, "steady/SKILL.md": skill_md("steady", body=f"Change {number}.")})


def _wanted(number: int) -> set[tuple[str, str]]:
    """The versions there are after the push NUMBER."""
    changes = {("steady", f"1.0.{one}") for one in range(number + 1)}
    return changes | {(f"new-{one}", "1.0.0") for one in range(number + 1)}


def _check_nothing_is_half_or_double(number: int) -> None:
    twice = Version.objects.values("skill", "digest").annotate(count=Count("pk")).filter(count__gt=1)
    assert not twice.exists()
    assert set(Version.objects.values_list("skill__name", "number")) <= _wanted(number)
    assert Provenance.objects.count() == Version.objects.count()
