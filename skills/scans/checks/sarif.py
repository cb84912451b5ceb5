"""Reads SARIF 2.1.0, in which another project's scanner says what it found; a limited child runs it."""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from skills.scans.checks.contract import CheckFinding, Severity

_SEVERITIES = {
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "note": Severity.LOW,
    "none": Severity.LOW,
}
"""SARIF's levels (2.1.0, 3.27.10) as ours; "warning" is its default."""

_MOST_FINDINGS = 200  # that are kept
_LONGEST_RULE = 60  # characters, as the column of Finding; likewise below
_LONGEST_TEXT = 500
_LONGEST_SNIPPET = 160
_LONGEST_PATH = 255
_LAST_LINE = 2**31 - 1  # the most that PostgreSQL's integer holds


@dataclass(frozen=True)
class SarifReading:
    """What a scanner found, or why its answer is no SARIF."""

    findings: list[CheckFinding]
    problem: str = ""


def read_sarif(answer: bytes, folder: str) -> SarifReading:
    """The results in ANSWER that nobody suppressed, of every run; paths are told within FOLDER."""
    try:
        found = set(_findings(answer, Path(folder)))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        return SarifReading([], type(error).__name__)
    return SarifReading(sorted(found)[:_MOST_FINDINGS])


def _findings(answer: bytes, folder: Path) -> Iterator[CheckFinding]:
    for run in json.loads(answer)["runs"]:
        tool = str(run["tool"]["driver"]["name"])
        for result in run.get("results") or ():
            if not result.get("suppressions"):
                yield _finding(tool, result, folder)


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
