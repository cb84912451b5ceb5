"""Asks another project's scanner, which answers SARIF 2.1.0; its findings ask for a look and never block.

The files are written to a folder of their own, not executable, and the scanner gets nothing else: no
environment of ours, and an end when its time is over. What did not finish holds the version.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from skills.lib.limited import LimitReached, Limits, run_limited
from skills.scans.checks.contract import CheckFinding, DidNotFinish
from skills.scans.checks.sarif import read_sarif

_LARGEST_ANSWER = 20_000_000  # bytes
_FOLDER = "{folder}"
_READING = Limits(processor_seconds=10, seconds=30)


def ask_scanner(files: Mapping[str, bytes], *, command: str, seconds: int) -> list[CheckFinding]:
    """Findings of COMMAND, in which `{folder}` stands for the folder; none where COMMAND is empty.

    Raises DidNotFinish when it takes longer, cannot be started or answers no SARIF.
    """
    if not command:
        return []
    with tempfile.TemporaryDirectory(prefix="scan-") as name:
        folder = Path(name) / "skill"
        for path, data in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        words = [word.replace(_FOLDER, str(folder)) for word in shlex.split(command)]
        output = _run(words, Path(name), seconds)
        return _read(output, folder)


def _read(output: bytes, folder: Path) -> list[CheckFinding]:
    """What OUTPUT says: a scanner repeats what it found in a stranger's files, so a child reads it."""
    try:
        reading = run_limited(_READING, read_sarif, output, str(folder))
    except LimitReached as reached:
        raise DidNotFinish(f"The outside scanner's answer {reached.detail}.") from reached
    if reading.problem:
        raise DidNotFinish(f"The outside scanner answered no SARIF ({reading.problem}).")
    return reading.findings


def _run(words: list[str], home: Path, seconds: int) -> bytes:
    """What the scanner printed; its whole process group ends with its time.

    How it exits says nothing: many scanners exit with 1 when they found something.
    """
    program = Path(words[0]).name
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LANG": "C.UTF-8"}
    answer = home / "answer"
    try:
        with answer.open("wb") as out:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
                cwd=home,
                env=environment,
                # A group of its own, so that what the scanner started ends with it.
                start_new_session=True,
            )
            try:
                process.wait(seconds)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    except subprocess.TimeoutExpired as error:
        raise DidNotFinish(f"{program} did not finish within {seconds} s.") from error
    except OSError as error:
        raise DidNotFinish(f"{program} could not be started: {error.strerror}.") from error
    if answer.stat().st_size > _LARGEST_ANSWER:
        raise DidNotFinish(f"{program} answered more than {_LARGEST_ANSWER} bytes.")
    return answer.read_bytes()
