"""Memory of the running product under load: `python -m bench.soak 60` watches it for an hour.

Starts the product on data of its own, lets readers, searchers and publishers work, and compares what each
process holds after the warm-up (the first third) with what it holds at the end. Exit status 1 means that one
of them grew by more than 5 %.
"""

import contextlib
import io
import itertools
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import zipfile
from pathlib import Path

import psutil

from bench.starting import ROOT, clean, wait_for

PORT = 18_960
MOST = 1.05  # of what a process held after the warm-up
SAMPLE_SECONDS = 5
READERS = 6
PAGES = ("/", "/?q=review+{n}", "/api/v1/search?q=word{n}", "/api/v1/skills", "/teams/", "/docs/", "/healthz")
# What tells the processes of the product apart, by their command lines.
NAMES = {"granian": "web", "queues evals": "evals", "celery": "worker", "manage.py up": "supervisor"}


def bundle(number: int) -> bytes:
    text = (
        f"---\nname: soak-{number}\ndescription: Says hello number {number} to whoever asks.\n---\n\nHello.\n"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("SKILL.md", text)
    return data.getvalue()


class Load:
    """Readers that never rest, and one sender of bundles that are refused for want of a token."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.done = itertools.count()
        self.threads = [threading.Thread(target=self._read, daemon=True) for _ in range(READERS)]
        self.threads.append(threading.Thread(target=self._send, daemon=True))

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def _read(self) -> None:
        for path in itertools.cycle(PAGES):
            if self.stopped.is_set():
                return
            self._ask(path.format(n=secrets.randbelow(1_000_000)))

    def _send(self) -> None:
        for number in itertools.count():
            if self.stopped.wait(0.5):
                return
            self._ask("/api/v1/check", bundle(number))

    def _ask(self, path: str, data: bytes | None = None) -> None:
        headers = {"Authorization": "Bearer skh_none", "Content-Type": "application/zip"} if data else {}
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data, headers)
        with contextlib.suppress(OSError):  # refusals too
            urllib.request.urlopen(request, timeout=30).read()
        next(self.done)


def megabytes(supervisor: psutil.Process) -> dict[str, float]:
    """Resident memory by kind of process and its number."""
    held: dict[str, float] = {}
    for process in [supervisor, *supervisor.children(recursive=True)]:
        try:
            line = " ".join(process.cmdline())
            kind = next((kind for mark, kind in NAMES.items() if mark in line), "")
            if kind:
                held[f"{kind} {process.pid}"] = process.memory_info().rss / 1e6
        except psutil.NoSuchProcess:
            continue
    return held


def watch(supervisor: psutil.Process, minutes: float) -> list[dict[str, float]]:
    samples = []
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        samples.append(megabytes(supervisor))
        time.sleep(SAMPLE_SECONDS)
    return samples


def growth(samples: list[dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Of each process that lived all the time: the median after the warm-up, and of the last tenth."""
    size = max(len(samples) // 10, 1)
    warm = samples[len(samples) // 3 :][:size]
    lived = set.intersection(*map(set, samples[len(samples) // 3 :]))
    return {
        name: tuple(statistics.median(one[name] for one in part) for part in (warm, samples[-size:]))
        for name in sorted(lived)
    }


def main(minutes: float) -> int:
    with tempfile.TemporaryDirectory(prefix="skillhub-soak-") as folder:
        Path(folder).chmod(0o711)
        limits = {f"RATE_{name}": "0" for name in ("READ", "SEARCH", "WRITE", "PUBLISH")}
        environment = {**clean(), **limits, "DATA_DIR": f"{folder}/data", "PORT": str(PORT), "EMBED": "0"}
        product = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        load = Load()
        try:
            wait_for(f"http://127.0.0.1:{PORT}/")
            load.start()
            samples = watch(psutil.Process(product.pid), minutes)
        finally:
            load.stopped.set()
            product.send_signal(signal.SIGINT)
            product.wait(60)
    found = growth(samples)
    print(f"{next(load.done)} requests in {minutes:g} minutes, {os.cpu_count()} cores\n")
    print("| process | after the warm-up | at the end | ratio |\n|---|---|---|---|")
    for name, (warm, last) in found.items():
        print(f"| {name} | {warm:.1f} MB | {last:.1f} MB | {last / warm:.3f} × |")
    return 0 if all(last / warm <= MOST for warm, last in found.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60))
