"""Finds credentials before any byte is kept; the value itself is never shown or stored.

`secrets.yar` says what credentials look like, `plausible.py` which of these can be one. What is certain
enough is refused; where the line itself says that the value is made up, or the address leads nowhere but to
the reader's own machine, the reviewer is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from skills.bundles.plausible import Doubt, doubt
from skills.lib.errors import Problem, ProblemSeverity
from skills.lib.progress import reading
from skills.lib.yara import RuleMatch, RuleScanner

RULES = Path(__file__).with_name("secrets.yar")
_MOST_PLACES = 1_000  # of one kind in one file that are judged
_MOST_PROBLEMS = 20  # of one file: nobody mends more at once
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
            found = doubt(match.rule, data, start, length)
            if found == Doubt.EXAMPLE:
                continue
            # Counts on from the last place, so that each byte is read once however many places match.
            line += data.count(b"\n", counted_to, start)
            counted_to = start
            if line in lines:
                continue
            lines.add(line)
            value = data[start : start + length].decode("utf-8", "replace")
            yield _problem(found, f"{kind}: {redact(value)}", path, line)
            if len(lines) == _MOST_PROBLEMS:
                return
        if len(match.places) > _MOST_PLACES:
            text = (
                f"More than {_MOST_PLACES:,} texts look like a {kind}; nobody can tell whether one is real."
            )
            yield Problem("secret", text, "Leave them out.", file=path)


def _problem(found: Doubt, what: str, path: str, line: int) -> Problem:
    if found == Doubt.NONE:
        return Problem("secret", f"This looks like a {what}.", _REMEDY, file=path, line=line)
    if found == Doubt.LOCAL:
        code, text = "local_password", f"This looks like a {what}, for a machine of the reader's own."
    else:
        code, text = "possible_secret", f"This looks like a {what}, and its line says that it is made up."
    remedy = "Check that it opens nothing."
    return Problem(code, text, remedy, file=path, line=line, severity=ProblemSeverity.WARNING)


def redact(value: str) -> str:
    """The first four characters, enough to find it and too few to use it."""
    return f"{value[:4]}… ({len(value)} characters)"
