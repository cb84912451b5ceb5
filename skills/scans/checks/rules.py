"""Runs our rules in linear time; they ask for a look and never block."""

from collections.abc import Mapping
from pathlib import Path

from skills.bundles.binary import searchable
from skills.lib import yara
from skills.lib.progress import reading
from skills.lib.yara import RuleMatch, RuleScanner
from skills.scans.checks import encoded
from skills.scans.checks.contract import CheckFinding, Severity

RULES = Path(__file__).with_name("rules.yar")
_MOST_PLACES = 3  # findings of one rule in one file
_SNIPPET = 160  # characters


def version() -> str:
    """The first twelve hex digits of the rule file's sha256; kept with each scan."""
    return yara.rule_version(RULES)


def rule_names() -> list[str]:
    return sorted([*yara.rule_names(RULES), encoded.RULE])


def match_rules(files: Mapping[str, bytes]) -> list[CheckFinding]:
    """Every place in FILES (path to bytes) that a rule points at."""
    scanner = RuleScanner(RULES)
    findings: list[CheckFinding] = []
    for path, data in sorted(files.items()):
        reading(path)
        searched = searchable(data)
        for match in (*scanner.matches(searched), *encoded.match_encoded(searched)):
            findings += _findings(match, path, searched)
    return findings


def _findings(match: RuleMatch, path: str, data: bytes) -> list[CheckFinding]:
    """One finding for each of the first lines that MATCH has a place in."""
    return [
        CheckFinding(
            rule=match.rule,
            severity=Severity(match.facts["severity"]),
            path=path,
            line=line,
            text=match.facts["text"],
            snippet=_line_at(data, offset),
            remedy=match.facts["remedy"],
        )
        for line, offset in _first_lines(match, data).items()
    ]


def _first_lines(match: RuleMatch, data: bytes) -> dict[int, int]:
    """The first lines with a place of MATCH, each with the offset of its first one."""
    # A pattern may begin with the line break before what it means.
    offsets = sorted(start + (data[start : start + 1] == b"\n") for start, _ in match.places)
    lines: dict[int, int] = {}
    line, counted_to = 1, 0
    for offset in offsets:
        # Counts on from the last place, so that each byte is read once however many places match.
        line += data.count(b"\n", counted_to, offset)
        counted_to = offset
        if line not in lines and len(lines) == _MOST_PLACES:
            break
        lines.setdefault(line, offset)
    return lines


def _line_at(data: bytes, offset: int) -> str:
    """The text around OFFSET, within its line."""
    start = max(data.rfind(b"\n", 0, offset) + 1, offset - _SNIPPET // 2)
    end = data.find(b"\n", offset)
    line = data[start : end if end >= 0 else len(data)][: 2 * _SNIPPET]
    text = line.decode("utf-8", "replace").replace("\0", "")
    return text.strip()[:_SNIPPET]
