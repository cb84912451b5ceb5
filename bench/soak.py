"""Memory of the running product under load: `python -m bench.soak 60` watches it for an hour.

Starts the product on data of its own, lets readers, searchers, a publisher, a reviewer and evaluations work,
and compares what each process holds after the warm-up (the first third) with what it holds at the end. Exit
status 1 means that one of them grew by more than 5 %, or that something was answered 500.

A second argument bounds the readers, in requests a second: `python -m bench.soak 60 5` beside other work.
"""

import collections
import io
import itertools
import os
import secrets
import statistics
import sys
import threading
import time
import zipfile

import httpx
import psutil

from tests.product.conftest import Product, discard, new_product

MOST = 1.05  # of what a process held after the warm-up
SAMPLE_SECONDS = 5
READERS = 6
PUBLISH_SECONDS = 10
EVALUATE_SECONDS = 60
EVALUATED = "support/reply-to-complaint/versions/1.0.0"  # of the demo data, with cases for scripted models
PAGES = ("/", "/?q=review+{n}", "/api/v1/search?q=word{n}", "/api/v1/skills", "/teams/", "/docs/", "/healthz")
# What tells the processes of the product apart, by their command lines.
NAMES = {
    "granian": "web",
    "queues evals": "evals",
    "celery": "worker",
    "manage.py up": "supervisor",
    "valkey": "valkey",
}


def bundle(number: int) -> bytes:
    text = (
        f"---\nname: soak-{number}\ndescription: Says hello number {number} to whoever asks.\n---\n\nHello.\n"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("SKILL.md", text)
    return data.getvalue()


class Load:
    """Readers, a publisher whose versions are approved, and evaluations on scripted models."""

    def __init__(self, product: Product, reads_a_second: float) -> None:
        self.stopped = threading.Event()
        self.statuses: collections.Counter[int] = collections.Counter()
        self.seconds_between = READERS / reads_a_second if reads_a_second else 0
        self.author, self.reviewer = product.api("author"), product.api("reviewer")
        self.visitor = httpx.Client(base_url=product.url, timeout=30, follow_redirects=True)
        self.threads = [threading.Thread(target=self._read, daemon=True) for _ in range(READERS)]
        self.threads += [
            threading.Thread(target=self._publish, daemon=True),
            threading.Thread(target=self._evaluate, daemon=True),
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def _read(self) -> None:
        for path in itertools.cycle(PAGES):
            if self.stopped.wait(self.seconds_between):
                return
            self._ask(self.visitor, path.format(n=secrets.randbelow(1_000_000)))

    def _publish(self) -> None:
        sent = {"headers": {"Content-Type": "application/zip"}}
        for number in itertools.count():
            self._ask(self.author, "/teams/support/versions?version=1.0.0", content=bundle(number), **sent)
            if self.stopped.wait(PUBLISH_SECONDS):
                return
            self._approve(f"/skills/support/soak-{number}/versions/1.0.0")

    def _approve(self, version: str) -> None:
        found = self._ask(self.reviewer, version)
        if found is not None and found.status_code == 200:
            self._ask(
                self.reviewer,
                f"{version}/decisions",
                json={"verdict": "approve", "digest": found.json()["digest"]},
            )

    def _evaluate(self) -> None:
        while not self.stopped.wait(EVALUATE_SECONDS):
            self._ask(self.author, f"/skills/{EVALUATED}/runs", content=b"")

    def _ask(self, client: httpx.Client, path: str, **body: object) -> httpx.Response | None:
        """GET, or POST what there is to send."""
        try:
            answer = client.post(path, **body) if body else client.get(path)
        except httpx.HTTPError:
            self.statuses[0] += 1
            return None
        self.statuses[answer.status_code] += 1
        return answer


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


def main(minutes: float, reads_a_second: float) -> int:
    product = new_product()
    product.start()
    load = Load(product, reads_a_second)
    try:
        load.start()
        samples = watch(psutil.Process(product.process.pid), minutes)
    finally:
        load.stopped.set()
        discard(product)
    found = growth(samples)
    print(f"{load.statuses.total()} requests in {minutes:g} minutes, {os.cpu_count()} cores\n")
    print(f"answers by status: {dict(sorted(load.statuses.items()))}\n")
    print("| process | after the warm-up | at the end | ratio |\n|---|---|---|---|")
    for name, (warm, last) in found.items():
        print(f"| {name} | {warm:.1f} MB | {last:.1f} MB | {last / warm:.3f} × |")
    flat = all(last / warm <= MOST for warm, last in found.values())
    return 0 if flat and not load.statuses[500] else 1


if __name__ == "__main__":
    asked = dict(enumerate(map(float, sys.argv[1:])))
    raise SystemExit(main(minutes=asked.get(0, 60), reads_a_second=asked.get(1, 0)))
