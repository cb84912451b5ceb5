"""Publishers killed at every named point, with the local store and with S3: nothing torn, nothing lost."""

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from django.db import connection

from skills.catalog.models import Version
from skills.delivery.fsck import check_consistency
from skills.flows.release import SubmitStep
from skills.jobs.models import Job
from skills.lib import blobs
from skills.lib.blobs import PutStep
from tests.product.conftest import ROOT
from tests.s3 import needs_s3, s3_server

KILLS = 510 if os.environ.get("SOAK") else 12
# Loads the product once and forks for every kill; nothing is connected before the fork.
PUBLISHER = """
import os, sys, django
django.setup()
from skills.bundles.validate import check_files
from skills.catalog import uploads
from skills.flows import release
from skills.lib import failpoints
from skills.people.models import Account, Team
from skills.people.actor import actor_for_session
from tests.factories import files

def publish(name):
    account = Account.objects.get(username="owner")
    content = {**files(name), "assets/data.txt": os.urandom(20000).hex().encode()}
    report = check_files(content, uploads.limits())
    upload = uploads.draft(bundle=report.accepted(), report=report, by=account)
    team = Team.objects.get(handle="crew")
    release.submit(actor=actor_for_session(account), team=team, upload=upload, number="1.0.0")

for line in sys.stdin:
    point, name = line.split()
    child = os.fork()
    if child == 0:
        failpoints._KILL_AT = point
        publish(name)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture
def local(settings):
    return {"BLOBS_DIR": str(settings.BLOBS_DIR)}


@pytest.fixture
def s3(settings):
    keys = {"endpoint_url": "", "region_name": "us-east-1", "access_key": "test", "secret_key": "test"}
    with s3_server() as endpoint:
        keys["endpoint_url"] = endpoint
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        client.create_bucket(Bucket="blobs")
        options = {"bucket_name": "blobs", "file_overwrite": True, "default_acl": None, **keys}
        storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "blobs": storage}
        settings.S3_BUCKET = "blobs"
        blobs.store.cache_clear()
        yield {
            "S3_BUCKET": "blobs",
            "S3_ENDPOINT": endpoint,
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "test",
            "S3_SECRET_KEY": "test",
        }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("store", ["local", pytest.param("s3", marks=needs_s3)])
def test_a_killed_publisher_leaves_no_torn_version(store, request, owner, team):
    environment = request.getfixturevalue(store)
    points = [*SubmitStep, *PutStep] if store == "local" else list(SubmitStep)
    planned = [
        (points[number % len(points)], f"killed-{number}-{random.randrange(10**6)}")
        for number in range(KILLS)
    ]

    with ThreadPoolExecutor(2) as pool:
        halves = pool.map(lambda half: _kill(environment, half), (planned[::2], planned[1::2]))
        codes = [code for half in halves for code in half]

    assert codes == ["-9"] * KILLS
    committed = {name for point, name in planned if point == SubmitStep.AFTER_COMMIT}
    assert set(Version.objects.values_list("skill__name", flat=True)) == committed
    # The wake-up call may be lost; the row is what the sweep goes by.
    assert Job.objects.filter(task="scan_version").count() == len(committed)
    report = check_consistency()
    assert (report.versions, report.faults) == (len(committed), [])


def _kill(environment: dict[str, str], planned: list[tuple[str, str]]) -> list[str]:
    """What became of each publisher that was to die at its point."""
    parameters = connection.get_connection_params()
    place = " ".join(
        f"{name}={parameters[name]}" for name in ("host", "port", "user") if parameters.get(name)
    )
    lines = "".join(f"{point} {name}\n" for point, name in planned)
    done = subprocess.run(
        [sys.executable, "-c", PUBLISHER],
        env={
            **os.environ,
            **environment,
            "DATABASE_URL": f"{place} dbname={parameters['dbname']}",
            "DJANGO_SETTINGS_MODULE": "skillhub.settings",
            "PYTHONPATH": str(ROOT),
        },
        cwd=ROOT,
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
