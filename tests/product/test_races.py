"""Sixteen publishers of one number; a publisher killed at every named point."""

import contextlib
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from skills.flows.release import SubmitStep
from tests.factories import a_zip
from tests.product.conftest import ROOT, until

pytestmark = pytest.mark.product
ROUNDS = 250 if os.environ.get("SOAK") else 8
KILLS = 210 if os.environ.get("SOAK") else 24


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


PUBLISHER = """
import os, sys, django
django.setup()
from skills.flows import release
from skills.people.models import Account, Team
from skills.people.actor import actor_for_session
from tests.factories import files
name = sys.argv[1]
by = actor_for_session(Account.objects.get(username="author"))
content = {**files(name), "assets/data.txt": os.urandom(20000).hex().encode()}
_, upload = release.stage(actor=by, content=content)
release.submit(actor=by, team=Team.objects.get(handle="support"), upload=upload, number="1.0.0")
"""


def test_a_killed_publisher_leaves_no_torn_version(product):
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

    def kill_at(number: int) -> tuple[str, str, int]:
        point, name = (
            list(SubmitStep)[number % len(list(SubmitStep))],
            f"killed-{number}-{random.randrange(10**6)}",
        )
        done = subprocess.run(
            [sys.executable, "-c", PUBLISHER, name],
            env={**env, "SKILLHUB_KILL_AT": point},
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        return point, name, done.returncode

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(kill_at, range(KILLS)))

    assert {code for _, _, code in results} == {-9}
    with product.api("author") as api:
        for point, name, _ in results:
            answer = api.get(f"/skills/support/{name}/versions/1.0.0")
            assert answer.status_code == (200 if point == "after_commit" else 404), (point, answer.text)
            if point == "after_commit":  # the wake-up call was lost; the sweeper finds the job
                until(
                    lambda where=name: (
                        api.get(f"/skills/support/{where}/versions/1.0.0").json()["state"] == "in_review"
                    ),
                    90,
                )
    checked = product.manage("fsck")
    assert checked.returncode == 0, checked.stderr
    assert "Every digest is right" in checked.stdout


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
