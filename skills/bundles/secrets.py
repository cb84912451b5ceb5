"""Finds credentials before any byte is kept; the value itself is never shown or stored.

`secrets.yar` says what credentials look like. What only quotes one is told apart here: by words that
examples hold, and by entropy.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from skills.lib.errors import Problem
from skills.lib.progress import reading
from skills.lib.yara import RuleMatch, RuleScanner

RULES = Path(__file__).with_name("secrets.yar")
_EXAMPLE = re.compile(
    r"(?i)example|x{5,}|your|dummy|placeholder|redacted|sample|\.\.\.|test|fake|1234567|abcdef|\*{3}|<|\$\{"
)
_JUDGED_LENGTH = 200  # characters of a value; the longest credentials that the rules know have fewer
_MOST_PLACES = 1_000  # of one kind in one file that are judged
_MOST_PROBLEMS = 20  # of one file: nobody mends more at once
_ENTROPY = 3.0  # bits a character; words and repeated letters lie below
_REMEDY = "Revoke it, then read it from the environment instead. No copy was kept."


def find_secrets(texts: Mapping[str, bytes]) -> list[Problem]:
    """A problem for each line of TEXTS (path to UTF-8 bytes) with what looks like a live credential."""
    scanner = RuleScanner(RULES)
    problems: list[Problem] = []
    for path, data in texts.items():
        reading(path)
        problems += _problems(scanner.matches(data), path, data)
    return problems


def _problems(matches: Iterable[RuleMatch], path: str, data: bytes) -> Iterator[Problem]:
    """The first match of each line: one value may look like two kinds, and the rules' order decides.

    Uploads wait for this, so it ends soon whatever they hold.
    """
    lines: set[int] = set()
    for match in matches:
        kind = match.facts["kind"]
        line, counted_to = 1, 0
        for start, length in match.places[:_MOST_PLACES]:
            value = data[start : start + length].decode("utf-8", "replace")
            if _is_example(value[:_JUDGED_LENGTH]):
                continue
            # Counts on from the last place, so that each byte is read once however many places match.
            line += data.count(b"\n", counted_to, start)
            counted_to = start
            if line in lines:
                continue
            lines.add(line)
            yield Problem(
                "secret", f"This looks like a {kind}: {redact(value)}.", _REMEDY, file=path, line=line
            )
            if len(lines) == _MOST_PROBLEMS:
                return
        if len(match.places) > _MOST_PLACES:
            text = (
                f"More than {_MOST_PLACES:,} texts look like a {kind}; nobody can tell whether one is real."
            )
            yield Problem("secret", text, "Leave them out.", file=path)


def _is_example(value: str) -> bool:
    return bool(_EXAMPLE.search(value)) or _entropy(value) < _ENTROPY


def redact(value: str) -> str:
    """The first four characters, enough to find it and too few to use it."""
    return f"{value[:4]}… ({len(value)} characters)"


def _entropy(value: str) -> float:
    """Shannon entropy of the characters of VALUE, in bits a character."""
    counts, total = Counter(value), len(value)
    return -sum(count / total * math.log2(count / total) for count in counts.values())
