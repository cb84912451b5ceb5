"""Asks another project's scanner, which answers SARIF 2.1.0; its findings ask for a look and never block.

The files are written to a folder of their own, not executable, and the scanner gets nothing else: no
environment of ours, and an end when its time is over. What did not finish holds the version.
"""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from skills.scans.checks.contract import CheckFinding, DidNotFinish, Severity

_SEVERITIES = {
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "note": Severity.LOW,
    "none": Severity.LOW,
}
"""SARIF's levels (2.1.0, 3.27.10) as ours; "warning" is its default."""

_MOST_FINDINGS = 200  # that are kept
_LARGEST_ANSWER = 20_000_000  # bytes
_LONGEST_RULE = 60  # characters, as the column of Finding; likewise below
_LONGEST_TEXT = 500
_LONGEST_SNIPPET = 160
_LONGEST_PATH = 255
_LAST_LINE = 2**31 - 1  # the most that PostgreSQL's integer holds
_FOLDER = "{folder}"


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
        return sorted(set(_findings(output, folder)))[:_MOST_FINDINGS]


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


def _findings(output: bytes, folder: Path) -> Iterator[CheckFinding]:
    """The results of every run that nobody suppressed; raises DidNotFinish where OUTPUT is no SARIF."""
    try:
        runs = json.loads(output)["runs"]
        for run in runs:
            tool = str(run["tool"]["driver"]["name"])
            for result in run.get("results") or ():
                if not result.get("suppressions"):
                    yield _finding(tool, result, folder)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise DidNotFinish("The outside scanner answered no SARIF.") from error


def _finding(tool: str, result: dict[str, Any], folder: Path) -> CheckFinding:
    locations: list[dict[str, Any]] = result.get("locations") or [{}]
    place = locations[0].get("physicalLocation", {})
    region = place.get("region", {})
    message = result["message"]
    return CheckFinding(
        rule=_text(f"{tool}/{result.get('ruleId', 'finding')}", _LONGEST_RULE),
        severity=_SEVERITIES.get(result.get("level", "warning"), Severity.MEDIUM),
        path=_path(str(place.get("artifactLocation", {}).get("uri", "")), folder),
        line=min(max(int(region.get("startLine", 0)), 0), _LAST_LINE),
        text=_text(message.get("text") or message.get("markdown") or message.get("id"), _LONGEST_TEXT),
        snippet=_text(region.get("snippet", {}).get("text"), _LONGEST_SNIPPET),
        remedy=_text(f"{tool} found this; where it is fine, a waiver says why.", _LONGEST_TEXT),
    )


def _text(value: object, most: int) -> str:
    return str(value or "").replace("\0", "").strip()[:most]


def _path(uri: str, folder: Path) -> str:
    """The file of the bundle that URI names, "" for anything else."""
    path = unquote(urlsplit(uri).path).replace("\0", "")
    inside = Path(os.path.normpath(folder / path))
    with contextlib.suppress(ValueError):
        return str(inside.relative_to(folder))[:_LONGEST_PATH]
    return ""
