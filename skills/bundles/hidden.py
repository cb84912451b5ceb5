"""Text that a reader cannot see but a model obeys."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from skills.lib.errors import Problem, ProblemSeverity

BIDI = frozenset([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
TAGS = range(0xE0000, 0xE0080)
ZERO_WIDTH = frozenset([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x180E, 0x200E, 0x200F])
_REFUSED = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_ZERO_WIDTH = re.compile("(?<=\\w)[\u200b\u200c\u2060\ufeff\u00ad\u180e](?=\\w)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WORD = re.compile(r"[^\W\d_]{3,}")
# Starts at the first blank of a run only and never gives one back, so that each run is read once.
_WIDE_GAP = re.compile(r"(?<![ \t])[ \t]{200,}+\S")
_FAR_COLUMN = 2_000  # characters to the right that nobody scrolls to
_FAR_LINES = 200  # blank lines that look like the end
_SHOWN = 5  # findings of one kind per file


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def refused_characters(text: str, file: str) -> list[Problem]:
    """Bidi controls, tag characters and control characters, which have no use in a skill."""
    problems = []
    remedy = "Remove the character; an editor that shows invisible characters helps."
    for pattern, code in ((_REFUSED, "hidden_text"), (_CONTROL, "control_character")):
        for match in list(pattern.finditer(text))[:_SHOWN]:
            name = unicodedata.name(match.group(), "a control character")
            what = f"U+{ord(match.group()):04X} ({name.lower()}) hides or reorders text."
            problems.append(Problem(code, what, remedy, file=file, line=line_of(text, match.start())))
    return problems


def suspicious_text(text: str, file: str) -> list[Problem]:
    """Zero-width characters in words, words of mixed script, text placed out of sight."""
    found = []
    for match in list(_ZERO_WIDTH.finditer(text))[:_SHOWN]:
        what = f"The invisible character U+{ord(match.group()):04X} stands inside a word."
        found.append(_warning("zero_width", what, file, line_of(text, match.start())))
    for match in _WORD.finditer(text) if not text.isascii() else ():
        if _mixed_script(match.group()):
            what = f"The word {match.group()!r} mixes Latin with look-alike letters."
            found.append(_warning("mixed_script", what, file, line_of(text, match.start())))
            if len(found) > 2 * _SHOWN:
                break
    found += _out_of_sight(text, file)
    for start, comment in islice(_comments(text), _SHOWN):
        if comment.strip():
            what = "An HTML comment is invisible when rendered, but a model reads it."
            found.append(_warning("html_comment", what, file, line_of(text, start)))
    return found


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Where each HTML comment starts, and what it says; one that is never closed is none.

    A regular expression would read to the end of the text once for each opening without a close.
    """
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return
        yield start, text[start + 4 : end]
        start = text.find("<!--", end + 3)


def _warning(code: str, text: str, file: str, line: int) -> Problem:
    return Problem(
        code, text, "Check that it belongs there.", file=file, line=line, severity=ProblemSeverity.WARNING
    )


def _mixed_script(word: str) -> bool:
    if word.isascii():
        return False
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in word if letter.isalpha()}
    return "LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN"})


def _out_of_sight(text: str, file: str) -> list[Problem]:
    """The first text far below and the first far to the right, each line read once."""
    below = right = None
    blank_lines = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            blank_lines += 1
            continue
        if below is None and blank_lines >= _FAR_LINES:
            what = f"Text follows after {blank_lines} blank lines."
            below = _warning("far_away_text", what, file, number)
        blank_lines = 0
        if right is None and len(line) > _FAR_COLUMN and _WIDE_GAP.search(line):
            what = f"Text stands more than {_FAR_COLUMN} characters to the right."
            right = _warning("far_away_text", what, file, number)
    return [problem for problem in (below, right) if problem is not None]


def reveal(text: str) -> str:
    """TEXT with every invisible character written as ⟨U+XXXX⟩, for the review page."""
    return "".join(f"⟨U+{ord(letter):04X}⟩" if _invisible(letter) else letter for letter in text)


def _invisible(letter: str) -> bool:
    code = ord(letter)
    if letter in "\n\t\r" or " " <= letter <= "~":  # printable ASCII
        return False
    return code in BIDI or code in TAGS or code in ZERO_WIDTH or unicodedata.category(letter) in {"Cc", "Cf"}
