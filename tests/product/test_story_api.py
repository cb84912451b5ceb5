"""The release story over HTTP, against the embedded broker, Redis and RabbitMQ."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import httpx
import pytest

from tests.factories import a_zip
from tests.product.conftest import Product, discard, free_port, new_product, until

pytestmark = pytest.mark.product


def the_story(product: Product, name: str) -> None:
    """Publish, wait for the worker's checks, be sent back, publish again, approve, find, fetch."""
    author, reviewer = product.api("author"), product.api("reviewer")
    where = f"/skills/engineering/{name}/versions/1.0.0"

    def publish(**more: str) -> str:
        made = author.post(
            "/teams/engineering/versions?version=1.0.0&visibility=public",
            content=a_zip(name, **more),
            headers={"Content-Type": "application/zip"},
        )
        assert made.status_code == 201, made.text
        until(lambda: author.get(where).json()["state"] == "in_review", 90)
        return made.json()["digest"]

    digest = publish()
    sent_back = reviewer.post(
        f"{where}/decisions", json={"verdict": "request_changes", "digest": digest, "reason": "More."}
    )
    assert sent_back.json()["state"] == "changes_requested"
    digest = publish(body="Wave a yellow flag.")
    assert (
        reviewer.post(f"{where}/decisions", json={"verdict": "approve", "digest": digest}).json()["state"]
        == "approved"
    )
    found = httpx.get(f"{product.url}/api/v1/search", params={"q": "yellow flag"}).json()["results"]
    assert name in [hit["name"] for hit in found]
    data = httpx.get(f"{product.url}/api/v1{where}/zip").content
    assert "sha256:" + hashlib.sha256(data).hexdigest() == digest


def test_on_the_embedded_broker(product):
    the_story(product, "story-embedded")


@pytest.fixture
def redis():
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("no redis-server on this machine; `sh .ci/tools` installs it where that is allowed")
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL
    )
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait()


@pytest.fixture
def rabbitmq():
    program = next(
        (
            p
            for p in ("/usr/lib/rabbitmq/bin/rabbitmq-server", shutil.which("rabbitmq-server"))
            if p and Path(p).exists()
        ),
        None,
    )
    if not program or os.geteuid() != 0:
        pytest.skip(
            "no rabbitmq-server on this machine, or not root; "
            "`sh .ci/tools` installs it where that is allowed"
        )
    base = Path(tempfile.mkdtemp(prefix="skillhub-rabbit-"))
    shutil.chown(base, "rabbitmq", "rabbitmq")
    port, dist = free_port(), free_port()
    env = {
        "PATH": "/usr/lib/rabbitmq/bin:" + os.environ["PATH"],
        "HOME": str(base),
        "RABBITMQ_NODENAME": f"skillhub{port}@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_DIST_PORT": str(dist),
        "RABBITMQ_MNESIA_BASE": str(base),
        "RABBITMQ_LOG_BASE": str(base),
        "RABBITMQ_PID_FILE": str(base / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(base / "plugins"),
        "LANG": "C.UTF-8",
    }
    log = (base / "output").open("w")
    process = subprocess.Popen(
        ["setpriv", "--reuid", "rabbitmq", "--regid", "rabbitmq", "--clear-groups", program],
        env=env,
        stdout=log,
        stderr=log,
    )
    import socket

    deadline = time.monotonic() + 90
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, Path(log.name).read_text()
            time.sleep(0.5)
    yield f"amqp://guest:guest@127.0.0.1:{port}//"
    process.terminate()
    process.wait(60)
    shutil.rmtree(base, ignore_errors=True)


@pytest.mark.parametrize("broker", ["redis", "rabbitmq"])
def test_on_another_broker(broker, request):
    product = new_product(BROKER_URL=request.getfixturevalue(broker))
    try:
        product.start()
        the_story(product, f"story-{broker}")
    finally:
        discard(product)
