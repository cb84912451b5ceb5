"""YARA-X, our one rule engine: a file of rules goes in, the places that match come out, in linear time.

The library is imported and a rule file compiled (some 50 ms) with the first scan of a process, never at
its start: pages do not need it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yara_x


@dataclass(frozen=True)
class RuleMatch:
    """One rule that matches: its name, its `meta` lines and the (start, length) of every place, in bytes.

    YARA-X ends a place after 4,095 bytes, even where the pattern would go on.
    """

    rule: str
    facts: Mapping[str, str]
    places: tuple[tuple[int, int], ...]


class RuleScanner:
    """Scans texts with the rules of one file. For one thread: YARA-X's scanners cannot be shared."""

    def __init__(self, path: Path) -> None:
        import yara_x

        self._scanner = yara_x.Scanner(_compiled(path))

    def matches(self, data: bytes) -> Iterator[RuleMatch]:
        """The rules that match DATA, in the order of the file."""
        for rule in self._scanner.scan(data).matching_rules:
            # A set: two patterns of one rule may match the same place.
            spans = {(match.offset, match.length) for pattern in rule.patterns for match in pattern.matches}
            facts = {name: str(value) for name, value in rule.metadata}
            yield RuleMatch(rule.identifier, facts, tuple(sorted(spans)))


@cache
def _compiled(path: Path) -> "yara_x.Rules":
    import yara_x

    return yara_x.compile(path.read_text(encoding="utf-8"))


def rule_names(path: Path) -> list[str]:
    """The names of all rules in the file at PATH, sorted."""
    return sorted(rule.identifier for rule in _compiled(path))


def rule_version(path: Path) -> str:
    """The first twelve hex digits of the rule file's sha256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
