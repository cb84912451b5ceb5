"""Lines of a comparison as HTML: the colours of the language, and marks around the words that changed.

A limited child runs this. What it makes is our own markup around escaped text.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from skills.lib.diff import Line

_MOST_COLOURED = 60_000  # characters of one side: a lexer takes a second for some hundred thousand
_MOST_WORDS = 400  # of one line that are compared
_MOST_PAIRS = 200  # lines of one block that are compared word by word
_LEAST_ALIKE = 0.35  # share of words in common, below which a line is another one
# Pygments' short names of what static/css/code.css gives a colour; the rest of a text needs no markup.
_COLOURS = frozenset(
    "c c1 cm ch sd k kd kn kc kr ow nt s s1 s2 sb se si l m mi mf nb na gh gu nf nc nd".split()  # noqa: SIM905
)
_WORD = re.compile(r"\w+|\s+|[^\w\s]")

_Piece = tuple[str, str]  # class of its colour or "", text
_Span = tuple[int, int]  # characters of a line, from and to before


def rows_html(rows: Sequence[Line], before: str, after: str, path: str) -> list[str]:
    """HTML of the text of each of ROWS, which compare BEFORE and AFTER; without a PATH it has no colours."""
    colours = {"del": _coloured(before, path), "add": _coloured(after, path)}
    marks = _marks(rows)
    answer = []
    for at, row in enumerate(rows):
        side, number = ("del", row.old) if row.kind == "del" else ("add", row.new)
        lines = colours[side]
        pieces = lines[number - 1] if lines and 0 < number <= len(lines) else []
        # A lexer that loses or changes a letter must not change what a reviewer reads.
        if "".join(text for _, text in pieces) != row.text:
            pieces = [("", row.text)]
        answer.append("".join(_marked(pieces, marks.get(at, ()))))
    return answer


def _coloured(text: str, path: str) -> list[list[_Piece]]:
    """The lines of TEXT as pieces; nothing where it is long or in no language we know."""
    from pygments.lexers import get_lexer_for_filename
    from pygments.token import STANDARD_TYPES
    from pygments.util import ClassNotFound

    if not path or not text or len(text) > _MOST_COLOURED:
        return []
    try:
        lexer = get_lexer_for_filename(path, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return []
    lines: list[list[_Piece]] = [[]]
    for kind, value in lexer.get_tokens("\n".join(text.splitlines())):
        # The nearest kind that has a class; every line of them ends at the root, which has one.
        short = next(STANDARD_TYPES[part] for part in reversed(kind.split()) if part in STANDARD_TYPES)
        name = short if short in _COLOURS else ""
        first, *rest = value.split("\n")
        lines[-1].append((name, first))
        lines += [[(name, part)] for part in rest]
    return lines


def _marks(rows: Sequence[Line]) -> dict[int, list[_Span]]:
    """What changed within lines that were changed, by the place of the row."""
    found: dict[int, list[_Span]] = {}
    for old, new in _blocks(rows):
        for left, right in zip(old[:_MOST_PAIRS], new[:_MOST_PAIRS], strict=False):
            found[left], found[right] = changed_words(rows[left].text, rows[right].text)
    return found


def _blocks(rows: Sequence[Line]) -> Iterator[tuple[list[int], list[int]]]:
    """Where lines were replaced: those that went, and those that came right after them."""
    old: list[int] = []
    new: list[int] = []
    for at, row in enumerate(rows):
        if row.kind == "add":
            new.append(at)
            continue
        if new or row.kind != "del":
            yield old, new
            old, new = [], []
        if row.kind == "del":
            old.append(at)
    yield old, new


def changed_words(old: str, new: str) -> tuple[list[_Span], list[_Span]]:
    """The characters of two lines that differ, word by word; nothing where they have little in common."""
    from rapidfuzz.distance import LCSseq

    left, right = _WORD.findall(old), _WORD.findall(new)
    if not left or not right or max(len(left), len(right)) > _MOST_WORDS:
        return [], []
    steps = LCSseq.opcodes(left, right)
    same = sum(step.src_end - step.src_start for step in steps if step.tag == "equal")
    if same < _LEAST_ALIKE * max(len(left), len(right)):
        return [], []
    changed = [step for step in steps if step.tag != "equal"]
    return (
        _spans(left, [(step.src_start, step.src_end) for step in changed]),
        _spans(right, [(step.dest_start, step.dest_end) for step in changed]),
    )


def _spans(words: Sequence[str], ranges: Sequence[_Span]) -> list[_Span]:
    """RANGES of words as characters; two with only white space between them are one."""
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    spans: list[_Span] = []
    last = 0
    for first, end in ranges:
        if first == end:
            continue
        if spans and not "".join(words[last:first]).strip():
            spans[-1] = (spans[-1][0], starts[end])
        else:
            spans.append((starts[first], starts[end]))
        last = end
    return spans


def _marked(pieces: Sequence[_Piece], spans: Sequence[_Span]) -> Iterator[str]:
    """PIECES as HTML, with marks around SPANS, which are in order and apart."""
    starts, ends = {span[0] for span in spans}, {span[1] for span in spans}
    at = 0
    for name, text in pieces:
        end = at + len(text)
        cuts = sorted({at, end, *(edge for edge in starts | ends if at < edge < end)})
        for start, stop in pairwise(cuts):
            part = escape(text[start - at : stop - at])
            yield "<mark>" if start in starts else ""
            yield f'<span class="hl-{name}">{part}</span>' if name else part
            yield "</mark>" if stop in ends else ""
        at = end
