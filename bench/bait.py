"""What limited children cost honest work, and an ordinary scan beside bait that strangers made to be slow."""

import io
import statistics
import threading
import time
import zipfile
from collections.abc import Callable

from bench.report import Figure

ROUNDS = 60  # of each side, in turns
BAIT_THREADS = 2  # as many as the workers that a small machine has
BODY = "\n".join(f"{step}. Read the notes of the day and write one line about each." for step in range(120))
HEAD = "---\nname: daily-notes\ndescription: Sums the notes of a day up. Use it in the evening.\n---\n"
ORDINARY = {
    "SKILL.md": f"{HEAD}\n# Daily notes\n\n{BODY}\n".encode(),
    "scripts/notes.py": b"import json\n\nprint(json.dumps({'notes': []}))\n" * 20,
}
KINDS = {
    "open comments": "<!--" * 60_000,
    "blank lines": "\n" * 240_000,
    "wide gaps": (" " * 199 + "x") * 1_200,
    "keys of one kind": "AKIAQ7RT5MNPLWKZ2XVB\n" * 12_000,
    "commands": "; " * 120_000,
    "brackets": "[" * 240_000,
    "stars": "*a " * 80_000,
    "backticks": "`" * 240_000,
    "base64": "QUJD" * 60_000,
    "addresses": "https://a" * 26_000,
}


def measure() -> list[Figure]:
    return [_honest_check(), _scan_beside_bait()]


def _honest_check() -> Figure:
    """What a check costs whoever waits for it: the same request, read by a child and read in place."""
    from unittest.mock import patch

    from django.test import Client

    from tests.factories import a_person, bearer

    client = Client(headers=bearer(a_person("bait-author")))
    archive = _zip(ORDINARY)

    def check() -> None:
        answer = client.post("/api/v1/check", archive, content_type="application/zip")
        assert answer.status_code == 200, answer.content

    def check_in_place() -> None:
        with patch("skills.catalog.uploads.run_limited", _run_in_place):
            check()

    ours, theirs = _in_turns(check, check_in_place)
    return Figure(
        "check of an ordinary skill, by a child against in place",
        ours / theirs,
        most=1.1,
        note=f"{ours * 1000:.1f} against {theirs * 1000:.1f} ms a request, medians of {ROUNDS} turns",
    )


def _run_in_place(
    _limits: object, function: Callable[..., object], *args: object, **kwargs: object
) -> object:
    return function(*args, **kwargs)


def _scan_beside_bait() -> Figure:
    """A scan of an ordinary version while others scan bait of ten kinds, against the same alone."""
    alone = statistics.median(_seconds(_scan_ordinary) for _ in range(ROUNDS))
    stop = threading.Event()
    threads = [threading.Thread(target=_scan_bait, args=(stop,)) for _ in range(BAIT_THREADS)]
    for thread in threads:
        thread.start()
    beside = statistics.median(_seconds(_scan_ordinary) for _ in range(ROUNDS))
    stop.set()
    for thread in threads:
        thread.join()
    return Figure(
        "scan of an ordinary version beside bait of ten kinds, against alone",
        beside / alone,
        most=2.0,
        note=f"{beside * 1000:.0f} against {alone * 1000:.0f} ms, {BAIT_THREADS} others scan bait",
    )


def _scan_ordinary() -> None:
    _scan(ORDINARY)


def _scan_bait(stop: threading.Event) -> None:
    """One kind after another until STOP; a reading that is ended for its cost is what should happen."""
    from skills.scans.checks.contract import DidNotFinish

    while not stop.is_set():
        for text in KINDS.values():
            if stop.is_set():
                return
            try:
                _scan({"SKILL.md": f"{HEAD}\n{text}\n".encode(), "scripts/run.sh": text.encode()})
            except DidNotFinish:
                continue


def _scan(files: dict[str, bytes]) -> None:
    from skills.bundles.manifest import Manifest
    from skills.scans.scan import run_checks

    run_checks(files, Manifest(name="daily-notes", description="Sums the notes of a day up."))


def _in_turns(ours: Callable[[], None], theirs: Callable[[], None]) -> tuple[float, float]:
    """Median seconds of both, the first call of each not counted."""
    ours()
    theirs()
    pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(ROUNDS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            archive.writestr(f"daily-notes/{path}", data)
    return buffer.getvalue()
