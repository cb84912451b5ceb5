"""The whole product under its supervisor, on its own data folder and port, with demo data."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.git_server import git_server

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "skillhub-demo"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Product:
    """One running instance; `url` answers, `log` is what the supervisor printed."""

    data: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    checkout: Path = ROOT
    options: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.data.parent / f"{self.data.name}.log").read_text(errors="replace")

    def env(self) -> dict[str, str]:
        base = {
            k: v
            for k, v in os.environ.items()
            if k
            not in (
                "DATABASE_URL",
                "CACHE_URL",
                "BROKER_URL",
                "DJANGO_SETTINGS_MODULE",
                "PYTEST_CURRENT_TEST",
            )
        }
        return {
            **base,
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "PYTHONWARNINGS": "default",
            "RATE_READ": "0",
            "RATE_SEARCH": "0",
            "RATE_WRITE": "0",
            "RATE_PUBLISH": "0",
            "EMBED": "0",
            **self.environment,
        }

    def start(self, wait: float = 120) -> float:
        """Start and wait until it says where it is; returns the seconds that took."""
        started = time.monotonic()
        log = (self.data.parent / f"{self.data.name}.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", *self.options],
            cwd=self.checkout,
            env=self.env(),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            while "SkillHub runs at" not in self.log:
                assert self.process.poll() is None, self.log
                assert time.monotonic() - started < wait, self.log
                time.sleep(0.05)
        except AssertionError:
            self.stop()
            raise
        return time.monotonic() - started

    def stop(self) -> int:
        if self.process is None or self.process.poll() is not None:
            return 0
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """A management command against the running services."""
        from skillhub.embedded.paths import places

        found = places(self.data)
        env = {
            **self.env(),
            "DATABASE_URL": found.database_url,
            "CACHE_URL": found.cache_url,
            "BROKER_URL": self.environment.get("BROKER_URL", found.broker_url),
        }
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    def sign_in(self, who: str) -> httpx.Client:
        client = httpx.Client(base_url=self.url, follow_redirects=True, timeout=30)
        client.get("/account/login/")
        data = {"login": who, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        answer = client.post("/account/login/", data=data, headers={"Referer": self.url})
        assert answer.status_code == 200 and "Sign out" in answer.text, answer.text[:2000]
        return client

    def token(self, who: str, *scopes: str) -> str:
        client = self.sign_in(who)
        client.get("/account/tokens/")
        data = {
            "name": "test",
            "scopes": scopes or ("read", "publish", "review", "admin"),
            "days": "7",
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        }
        answer = client.post("/account/tokens/", data=data, headers={"Referer": self.url})
        return re.search(r"skh_[\w-]+", answer.text).group()

    def api(self, who: str, *scopes: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token(who, *scopes)}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=30)


def new_product(**environment: str) -> Product:
    folder = Path(tempfile.mkdtemp(prefix="skillhub-product-"))
    folder.chmod(0o711)
    return Product(folder / "data", free_port(), environment)


def discard(product: Product) -> None:
    product.stop()
    shutil.rmtree(product.data.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def git(tmp_path_factory):
    """A Git server that the product may read sources from."""
    with git_server(tmp_path_factory.mktemp("git")) as server:
        yield server


@pytest.fixture(scope="session")
def product(git):
    made = new_product(SOURCE_HOSTS=git.host)
    made.start()
    yield made
    discard(made)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; `sh .ci/tools` installs it where that is allowed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def until(work, seconds: float = 60):
    """The first true value WORK gives."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := work():
            return value
        time.sleep(0.2)
    raise AssertionError("it did not happen in time")
