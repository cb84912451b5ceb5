"""Text that a reader cannot see but a model obeys, and text that reads as something else."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from skills.bundles.frontmatter import FILE
from skills.lib.errors import Problem, ProblemSeverity
from skills.lib.invisible import INVISIBLE, invisible, unusual
from skills.lib.lookalikes import STYLED, TWINS, Disguise, LookAlike, lookalikes

_BIDI_OR_TAG = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_DIRECTION_MARK = re.compile("[\u202a-\u202c\u2066-\u2069]")  # has a use beside letters that run leftwards
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PAGE_BREAKS = "\x0b\x0c"  # licences and old sources divide their pages so; they are blanks and hide nothing
# C0 but for blanks, and those of C1 that begin a command of a terminal (ECMA-48: DCS, CSI, OSC, PM, APC).
_TERMINAL_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\x90\x9b\x9d-\x9f]")
_STRANGE = re.compile(f"[{INVISIBLE}{STYLED}{TWINS}]")  # one pass over a page tells that most have none of it
# Editors, browsers and word processors leave these between words; they are told inside of one, and in rows.
_LEFTOVERS = frozenset("\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_ROW = 3  # leftovers side by side that may spell something
# Starts at the first blank of a run only and never gives one back, so that each run is read once.
_WIDE_GAP = re.compile(r"(?<![ \t])[ \t]{200,}+\S")
_FAR_COLUMN = 2_000  # characters to the right that nobody scrolls to
_FAR_LINES = 200  # blank lines that look like the end
_SHOWN = 5  # findings of one kind per file
_WORDS_SHOWN = 11
_WORD_LENGTH = 60  # characters of a word that are quoted


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def refused_characters(text: str, file: str, *, is_program: bool = False) -> list[Problem]:
    """Tags, and marks of direction but for those that a text in Arabic or Hebrew needs."""
    remedy = "Remove the character; an editor that shows invisible characters helps."
    return [
        Problem("hidden_text", f"{_named(letter)} hides or reorders text.", remedy, file=file, line=line)
        for letter, line in islice(_harmful_letters(text, is_program=is_program), _SHOWN)
    ]


def controls_in_front_matter(raw: str, first_line: int = 2) -> list[Problem]:
    """Control characters in RAW, which catalogues hand on: a terminal that lists skills would obey them."""
    remedy = "Remove the character; an editor that shows invisible characters helps."
    return [
        Problem(
            "control_character",
            f"{_named(match.group())} stands in the front matter.",
            remedy,
            file=FILE,
            line=first_line + raw.count("\n", 0, match.start()),
        )
        for match in islice(_TERMINAL_CONTROL.finditer(raw), _SHOWN)
    ]


def _harmful_letters(text: str, *, is_program: bool) -> Iterator[tuple[str, int]]:
    """Each tag and mark of direction that no text needs, with its line."""
    if not _BIDI_OR_TAG.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        takes_marks = not is_program and _runs_leftwards(line)
        for position in invisible(line) if _BIDI_OR_TAG.search(line) else ():
            letter = line[position]
            if _BIDI_OR_TAG.match(letter) and not (takes_marks and _DIRECTION_MARK.match(letter)):
                yield letter, number


def _runs_leftwards(line: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in line)


def suspicious_text(text: str, file: str) -> list[Problem]:
    """Invisible letters, words in letters that look like others, text placed out of sight."""
    return [
        *islice(_zero_width(text, file), _SHOWN),
        *islice(_hidden_letters(text, file), _SHOWN),
        *islice(_direction_marks(text, file), _SHOWN),
        *islice(_control_characters(text, file), _SHOWN),
        *islice(_disguised_words(text, file), _WORDS_SHOWN),
        *_out_of_sight(text, file),
        *islice(_html_comments(text, file), _SHOWN),
    ]


def _zero_width(text: str, file: str) -> Iterator[Problem]:
    for position in invisible(text):
        if text[position] in _LEFTOVERS and _stands_in_a_word(text, position):
            what = f"The invisible character {_code(text[position])} stands inside a word."
            yield _warning("zero_width", what, file, line_of(text, position))


def _hidden_letters(text: str, file: str) -> Iterator[Problem]:
    """Letters that show nothing: selectors, fillers and blanks that count as letters; leftovers in rows."""
    for position in invisible(text):
        letter = text[position]
        if _BIDI_OR_TAG.match(letter) or _CONTROL.match(letter):
            continue  # refused, or told by its own name
        if letter in _LEFTOVERS and not _stands_in_a_row(text, position):
            continue
        what = f"{_named(letter)} is invisible and has no use here."
        yield _warning("hidden_letter", what, file, line_of(text, position))


def _direction_marks(text: str, file: str) -> Iterator[Problem]:
    """Marks of direction beside letters that run leftwards; any others are refused."""
    if not _DIRECTION_MARK.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        for match in _DIRECTION_MARK.finditer(line) if _runs_leftwards(line) else ():
            yield _warning("direction_mark", f"{_named(match.group())} reorders text.", file, number)


def _control_characters(text: str, file: str) -> Iterator[Problem]:
    for match in _CONTROL.finditer(text):
        if match.group() not in _PAGE_BREAKS:
            what = f"{_named(match.group())} is no text; in a terminal it may hide some."
            yield _warning("control_character", what, file, line_of(text, match.start()))


def _stands_in_a_word(text: str, position: int) -> bool:
    around = text[max(0, position - 1) : position] + text[position + 1 : position + 2]
    return len(around) == 2 and all(letter.isalnum() or letter == "_" for letter in around)


def _stands_in_a_row(text: str, position: int) -> bool:
    row = text[position : position + _ROW]
    return len(row) == _ROW and all(letter in _LEFTOVERS for letter in row)


def _disguised_words(text: str, file: str) -> Iterator[Problem]:
    for found in lookalikes(text):
        word, plain = found.word[:_WORD_LENGTH], found.plain[:_WORD_LENGTH]
        if found.kind == Disguise.MIXED:
            what = f"The word {word!r} mixes Latin with look-alike letters: {_code(found.letter)}."
            yield _warning("mixed_script", what, file, line_of(text, found.start))
        elif found.kind == Disguise.FOREIGN:
            what = f"The word {word!r} looks like {plain!r} and is in other letters: {_code(found.letter)}."
            yield _warning("foreign_script", what, file, line_of(text, found.start))
        else:
            what = f"The word {word!r} is written in letters that look like {plain!r} and are others."
            yield _warning("styled_letters", what, file, line_of(text, found.start))


def _html_comments(text: str, file: str) -> Iterator[Problem]:
    for start, comment in _comments(text):
        if comment.strip():
            what = "An HTML comment is invisible when rendered, but a model reads it."
            yield _warning("html_comment", what, file, line_of(text, start))


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Where each HTML comment starts, and what it says; one that is never closed goes on to the end.

    A regular expression would read to the end of the text once for each opening without a close.
    """
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            yield start, text[start + 4 :]
            return
        yield start, text[start + 4 : end]
        start = text.find("<!--", end + 3)


def _warning(code: str, text: str, file: str, line: int) -> Problem:
    return Problem(
        code, text, "Check that it belongs there.", file=file, line=line, severity=ProblemSeverity.WARNING
    )


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
    """TEXT as people should see it: invisible letters as ⟨U+XXXX⟩, look-alike words with what they say."""
    if not _STRANGE.search(unusual(text)):
        return text
    marks = [(position, position + 1, f"⟨{_code(text[position])}⟩") for position in invisible(text)]
    marks += [(found.end, found.end, _meaning(found)) for found in lookalikes(text)]
    if not marks:
        return text
    parts, end = [], 0
    for start, stop, mark in sorted(marks):
        parts += [text[end:start], mark]
        end = stop
    return "".join([*parts, text[end:]])


def _meaning(found: LookAlike) -> str:
    return f"⟨{_code(found.letter)} = {found.plain}⟩"


def _named(letter: str) -> str:
    return f"{_code(letter)} ({unicodedata.name(letter, 'a control character').lower()})"


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"
