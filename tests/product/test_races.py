"""Sixteen publishers of one number; a publisher killed at every named point."""

import contextlib
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import httpx
import pytest

from skills.flows.release import SubmitStep
from skills.lib.blobs import PutStep
from tests.factories import a_zip
from tests.product.conftest import ROOT, discard, new_product, until
from tests.s3 import needs_s3, s3_server

pytestmark = pytest.mark.product
ROUNDS = 250 if os.environ.get("SOAK") else 8
KILLS = 510 if os.environ.get("SOAK") else 24


def test_one_number_has_one_version_whoever_is_first(product):
    headers = {"Authorization": f"Bearer {product.token('author')}", "Content-Type": "application/zip"}
    with httpx.Client(
        base_url=f"{product.url}/api/v1", headers=headers, timeout=60, limits=httpx.Limits(max_connections=16)
    ) as client:
        for number in range(ROUNDS):
            name = f"race-{random.randrange(10**9)}"
            bodies = [a_zip(name, body=f"Say {number} in way {i % 4}.") for i in range(16)]

            def publish(data):
                return client.post("/teams/support/versions?version=1.0.0", content=data)

            with ThreadPoolExecutor(16) as pool:
                answers = list(pool.map(publish, bodies))

            codes = sorted(answer.status_code for answer in answers)
            winners = {answer.json()["digest"] for answer in answers if answer.status_code in (200, 201)}
            assert (codes.count(201), len(winners)) == (1, 1), codes
            assert (codes.count(200), codes.count(409)) == (3, 12)
            listed = client.get(f"/skills/support/{name}/versions").json()["results"]
            assert [version["digest"] for version in listed] == list(winners)


# Loads the product once and forks for every kill; nothing is connected before the fork.
PUBLISHER = """
import os, sys, django
django.setup()
from skills.flows import release
from skills.lib import failpoints
from skills.people.models import Account, Team
from skills.people.actor import actor_for_session
from tests.factories import files

def publish(name):
    by = actor_for_session(Account.objects.get(username="author"))
    content = {**files(name), "assets/data.txt": os.urandom(20000).hex().encode()}
    _, upload = release.stage(actor=by, content=content)
    release.submit(actor=by, team=Team.objects.get(handle="support"), upload=upload, number="1.0.0")

for line in sys.stdin:
    point, name = line.split()
    child = os.fork()
    if child == 0:
        failpoints._KILL_AT = point
        publish(name)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def product_on_s3():
    with s3_server() as endpoint:
        made = new_product(
            S3_BUCKET="blobs",
            S3_ENDPOINT=endpoint,
            S3_REGION="us-east-1",
            S3_ACCESS_KEY="test",
            S3_SECRET_KEY="test",
        )
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        client.create_bucket(Bucket="blobs")
        made.start()
        yield made
        discard(made)


@pytest.mark.parametrize("store", ["local", pytest.param("s3", marks=needs_s3)])
def test_a_killed_publisher_leaves_no_torn_version(store, request):
    product = request.getfixturevalue("product" if store == "local" else "product_on_s3")
    points = [*SubmitStep, *PutStep] if store == "local" else list(SubmitStep)
    planned = [
        (points[number % len(points)], f"killed-{number}-{random.randrange(10**6)}")
        for number in range(KILLS)
    ]

    with ThreadPoolExecutor(2) as pool:
        codes = [
            code
            for part in pool.map(lambda part: _kill(product, part), (planned[::2], planned[1::2]))
            for code in part
        ]

    assert codes == ["-9"] * KILLS
    committed = [name for point, name in planned if point == SubmitStep.AFTER_COMMIT]
    with product.api("author") as api:
        for point, name in planned:
            answer = api.get(f"/skills/support/{name}/versions/1.0.0")
            assert answer.status_code == (200 if name in committed else 404), (point, answer.text)
        for name in committed:  # the wake-up call was lost; the sweeper finds the job
            until(lambda where=name: _state(api, where) == "in_review", 90)
    checked = product.manage("fsck")
    assert checked.returncode == 0, checked.stderr
    assert "Every digest is right" in checked.stdout


def _kill(product, planned) -> list[str]:
    """What became of each publisher that was to die at its point."""
    from skillhub.embedded.paths import places

    found = places(product.data)
    env = {
        **product.env(),
        "DATABASE_URL": found.database_url,
        "CACHE_URL": found.cache_url,
        "BROKER_URL": found.broker_url,
        "DJANGO_SETTINGS_MODULE": "skillhub.settings",
        "PYTHONPATH": str(ROOT),
        "PUBLIC_URL": product.url,
    }
    lines = "".join(f"{point} {name}\n" for point, name in planned)
    done = subprocess.run(
        [sys.executable, "-c", PUBLISHER],
        env=env,
        cwd=ROOT,
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def _state(api, name: str) -> str:
    return api.get(f"/skills/support/{name}/versions/1.0.0").json()["state"]


def test_a_killed_worker_loses_no_scan(product):
    import psutil

    with product.api("author") as api:
        names = [f"scanned-{random.randrange(10**9)}" for _ in range(6)]
        for number, name in enumerate(names):
            api.post(
                "/teams/support/versions?version=1.0.0",
                content=a_zip(name),
                headers={"Content-Type": "application/zip"},
            ).raise_for_status()
            if number % 2:
                for process in psutil.Process(product.process.pid).children(recursive=True):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        if "celery" in " ".join(process.cmdline()):
                            process.kill()
        for name in names:
            until(
                lambda where=name: (
                    api.get(f"/skills/support/{where}/versions/1.0.0").json()["state"] == "in_review"
                ),
                150,
            )
    assert Path(product.data).exists()
