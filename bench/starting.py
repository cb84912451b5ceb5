"""`manage.py up` on existing data against PostgreSQL, Valkey and a bare Django by hand."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.report import Figure

ROOT = Path(__file__).resolve().parents[1]
BARE = """
import sys
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="x", DATABASES={})
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse("ok"))]
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""


def wait_for(url: str) -> None:
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.02)
        else:
            return


def clean() -> dict[str, str]:
    """The environment of an ordinary start: services of its own, and Python writes its bytecode."""
    not_ours = {
        "DATABASE_URL",
        "CACHE_URL",
        "BROKER_URL",
        "DJANGO_SETTINGS_MODULE",
        "PYTHONDONTWRITEBYTECODE",  # each process would compile the product anew, at every start
    }
    return {name: value for name, value in os.environ.items() if name not in not_ours}


def product(data: Path, port: int) -> float:
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**clean(), "DATA_DIR": str(data), "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(f"http://127.0.0.1:{port}/")
    seconds = time.perf_counter() - started
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    process.wait(60)
    return seconds


def by_hand(data: Path, port: int) -> float:
    from skillhub.embedded.services import Services

    saved = {key: os.environ.pop(key, None) for key in ("DATABASE_URL", "CACHE_URL", "BROKER_URL")}
    started = time.perf_counter()
    services = Services(data)
    services.start()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE)
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--port",
                str(port),
                "--workers",
                "2",
                "--log-level",
                "warning",
                "bare:application",
            ],
            cwd=folder,
            env=clean(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(f"http://127.0.0.1:{port}/")
        seconds = time.perf_counter() - started
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
    services.stop()
    for key, value in saved.items():
        os.environ.pop(key, None)
        if value:
            os.environ[key] = value
    return seconds


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="skillhub-bench-") as folder:
        Path(folder).chmod(0o711)
        data = Path(folder) / "data"
        product(data, 18_901)  # the first start makes the data
        pairs = [(product(data, 18_902 + i), by_hand(data, 18_920 + i)) for i in range(5)]
    ours, bare = sorted(pairs, key=lambda pair: pair[0] / pair[1])[len(pairs) // 2]
    return [
        Figure(
            "start on existing data until the first page",
            ours / bare,
            most=5,
            note=f"{ours:.2f} s against {bare:.2f} s",
        )
    ]
