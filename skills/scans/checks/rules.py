"""Runs our YARA-X rules: linear time, with a deadline; they ask for a look and never block."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from skills.scans.checks.contract import CheckFinding, DidNotFinish

RULES = Path(__file__).with_name("rules.yar")
_HITS = 3  # findings of one rule in one file
_SNIPPET = 160  # characters


def version() -> str:
    """The first twelve hex digits of the rule file's sha256."""
    return hashlib.sha256(RULES.read_bytes()).hexdigest()[:12]


@cache
def _compiled() -> Any:
    import yara_x

    return yara_x.compile(RULES.read_text(encoding="utf-8"))


def rule_names() -> list[str]:
    return sorted(rule.identifier for rule in _compiled())


def check(files: Mapping[str, bytes], *, seconds: int) -> list[CheckFinding]:
    """Every place in FILES (path to bytes) that a rule points at."""
    import yara_x

    scanner = yara_x.Scanner(_compiled())
    scanner.set_timeout(seconds)
    found: list[CheckFinding] = []
    for path, data in sorted(files.items()):
        try:
            results = scanner.scan(data)
        except yara_x.TimeoutError as error:
            raise DidNotFinish(f"The rules did not finish {path} within {seconds} s.") from error
        for rule in results.matching_rules:
            found += _places(rule, path, data)
    return found


def _places(rule: Any, path: str, data: bytes) -> list[CheckFinding]:
    facts = dict(rule.metadata)
    starts = {match.offset for pattern in rule.patterns for match in pattern.matches}
    # A pattern may begin with the line break before what it means.
    offsets = sorted(start + (data[start : start + 1] == b"\n") for start in starts)
    lines: dict[int, int] = {}
    line, counted = 1, 0
    for offset in offsets:  # each byte is looked at once, however many places match
        line, counted = line + data.count(b"\n", counted, offset), offset
        lines.setdefault(line, offset)
    return [
        CheckFinding(
            rule=rule.identifier,
            severity=facts["severity"],
            path=path,
            line=line,
            text=facts["text"],
            snippet=_line_at(data, offset),
            remedy=facts["remedy"],
        )
        for line, offset in list(lines.items())[:_HITS]
    ]


def _line_at(data: bytes, offset: int) -> str:
    start = max(data.rfind(b"\n", 0, offset) + 1, offset - _SNIPPET // 2)
    end = data.find(b"\n", offset)
    line = data[start : end if end >= 0 else len(data)][: 2 * _SNIPPET]
    text = line.decode("utf-8", "replace").replace("\0", "")
    return text.strip()[:_SNIPPET]
