"""Cuts a passage around the words a query matched and marks them."""

import re
from bisect import bisect_left
from collections.abc import Collection
from functools import lru_cache

from skills.search.text_features import spans, stem

START, STOP = "\x02", "\x03"  # around matched words; nothing readable holds them
_MARKUP = ("*", "`", START, STOP)
_EDGES = re.compile(r"^[#>\s]+", re.MULTILINE)
_WORD = re.compile(r"(?<![a-z0-9])\.?[a-z0-9]+(?:\+\+|#)?")
WIDTH = 220  # characters of a snippet


def snippet(passage: str, stems: Collection[str]) -> str:
    """The part of PASSAGE with the most words of STEMS, each between START and STOP."""
    for mark in _MARKUP:
        passage = passage.replace(mark, "")
    text = " ".join(_EDGES.sub("", passage).split())
    places = _places(text, stems)
    start = _best(places) if places else 0
    start = max(text.rfind(" ", 0, max(start - 40, 0)) + 1, 0) if start > 40 else 0
    end = len(text) if len(text) - start <= WIDTH else text.rfind(" ", start, start + WIDTH)
    end = end if end > start else start + WIDTH
    marked, at = [], start
    for first, last in places:
        if first < at or last > end:
            continue
        marked += [text[at:first], START, text[first:last], STOP]
        at = last
    marked.append(text[at:end])
    return ("… " if start else "") + "".join(marked) + (" …" if end < len(text) else "")


def _places(text: str, stems: Collection[str]) -> list[tuple[int, int]]:
    """Where a word of STEMS stands in TEXT: its beginnings are looked for before every word is cut."""
    lower = text.lower()
    lower = lower if len(lower) == len(text) else text  # in a few scripts small letters are longer
    spans_found = set()
    for beginning in _beginnings(tuple(stems)):
        at = lower.find(beginning)  # faster than a pattern of all of them
        while at >= 0:
            if (match := _WORD.match(lower, at)) and stem(match.group()[:40]) in stems:
                spans_found.add(match.span())
            at = lower.find(beginning, at + 1)
    places = sorted(spans_found)
    if places or text.isascii():
        return places
    return [(start, end) for word, start, end in spans(text) if stem(word) in stems]


@lru_cache(maxsize=64)
def _beginnings(stems: tuple[str, ...]) -> frozenset[str]:
    """How words of STEMS begin, as far as they are ASCII: "query" stands for "queries" too."""
    return frozenset(word_stem.removesuffix("y") for word_stem in stems if word_stem.isascii())


def _best(places: list[tuple[int, int]]) -> int:
    """Where a window of WIDTH holds the most of PLACES, which are in order."""
    starts = [start for start, _ in places]
    inside = [bisect_left(starts, first + WIDTH - 60) - place for place, first in enumerate(starts)]
    return starts[inside.index(max(inside))]
