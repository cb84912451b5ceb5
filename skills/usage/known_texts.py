"""Finds the texts of versions in other texts, by their fingerprints; in time that grows with the text alone.

A text is *whole* where every letter of a body stands there in a row; *cut* where it begins as the body does
and then ends; *altered* where half of it stands there, or more, and something else between.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from skills.usage.fingerprints import MOST_LETTERS, Fingerprint
from skills.usage.letters import (
    GRAM,
    MOST_AT_ONCE,
    HashedLetters,
    Hashes,
    Letters,
    Places,
)

_SIEVE_BITS = 20  # of the table that tells at once which hashes are nobody's
_MOST_OWNERS = 200  # of one mark; a run of letters that more versions have tells none of them
_MOST_CANDIDATES = 8
_LEAST_MARKS = 3  # of a text that is not there as a whole
_ALTERED_PART = 0.5  # of the marks, at least
_REST = 800  # letters that an agent may add behind a text that it has cut
_CUT_WORDS = (b"truncated", b"omitted")  # what agents say in the place of what they left out
_LONGEST_NOTE = 160  # letters of such a note


class TextLikeness(IntEnum):
    """How a text is like the body of a version, better ones higher."""

    ALTERED = 1
    CUT = 2
    WHOLE = 3


@dataclass(frozen=True, order=True, kw_only=True)
class Candidate:
    """A version whose text stands somewhere: how, how much of it, and from which to which letter."""

    likeness: TextLikeness
    amount: int  # letters of a whole text, so that the longer of two that begin alike wins; else marks
    version_id: int
    start: int
    end: int


@dataclass(frozen=True)
class _Hit:
    """A mark of a version: the how manieth it is, and where it was found."""

    rank: int
    place: int


class KnownTexts:
    """Fingerprints of many versions, ready to be looked up. It never changes: another one is made."""

    def __init__(self, fingerprints: Mapping[int, Fingerprint]) -> None:
        self._of = dict(fingerprints)
        self._by_whole: dict[tuple[int, int], list[int]] = {}
        for pk, print_ in self._of.items():
            self._by_whole.setdefault((print_.letters, print_.whole), []).append(pk)
        versions = [np.full(len(print_.marks), pk, np.int64) for pk, print_ in self._of.items()]
        marks = [np.array(print_.marks, np.uint64) for print_ in self._of.values()]
        ranks = [np.arange(len(print_.marks)) for print_ in self._of.values()]
        keys = np.concatenate(marks) if marks else np.zeros(0, np.uint64)
        order = np.argsort(keys, kind="stable")
        self._keys: Hashes = keys[order]
        self._versions = np.concatenate(versions)[order] if versions else order
        self._ranks = np.concatenate(ranks)[order] if ranks else order
        self._sieve = np.zeros(1 << _SIEVE_BITS, dtype=np.bool_)
        self._sieve[_sieve_places(self._keys)] = True

    def __len__(self) -> int:
        return len(self._of)

    def find(self, letters: Letters) -> list[Candidate]:
        """Every version that LETTERS show, those of the best likeness first."""
        step = MOST_AT_ONCE - MOST_LETTERS  # pieces overlap by the longest body, so that none is torn apart
        found: dict[tuple[int, int], Candidate] = {}
        for start in range(0, max(len(letters), 1), step):
            for one in self._find_in(HashedLetters.of(letters[start : start + MOST_AT_ONCE])):
                moved = replace(one, start=one.start + start, end=one.end + start)
                key = (moved.version_id, moved.start)
                found[key] = max(found.get(key, moved), moved)
        return sorted(found.values(), reverse=True)

    def same(self, letters: Letters) -> list[Candidate]:
        """The versions with exactly this body, also one too short to be found in a longer text."""
        if not 0 < len(letters) <= MOST_LETTERS:
            return []
        size = len(letters)
        whole = HashedLetters.of(letters).hash(0, size)
        versions = self._by_whole.get((size, whole), [])
        return [
            Candidate(likeness=TextLikeness.WHOLE, amount=size, version_id=pk, start=0, end=size)
            for pk in versions
        ]

    def _find_in(self, text: HashedLetters) -> Iterable[Candidate]:
        places, hashes = text.grams()
        passed = self._sieve[_sieve_places(hashes)]
        hits = self._hits(places[passed], hashes[passed])
        best = sorted(hits.items(), key=lambda item: len(item[1]), reverse=True)
        for version_id, found in best[: 8 * _MOST_CANDIDATES]:
            yield from _candidates(version_id, self._of[version_id], found, text)

    def _hits(self, places: Places, hashes: Hashes) -> dict[int, list[_Hit]]:
        """The marks of each version that are among HASHES, in the order of the text."""
        first = np.searchsorted(self._keys, hashes, "left")
        last = np.searchsorted(self._keys, hashes, "right")
        hits: dict[int, list[_Hit]] = {}
        for place, low, high in zip(places.tolist(), first.tolist(), last.tolist(), strict=True):
            if high - low > _MOST_OWNERS:
                continue
            for index in range(low, high):
                hits.setdefault(int(self._versions[index]), []).append(_Hit(int(self._ranks[index]), place))
        return hits


def _sieve_places(hashes: Hashes) -> Places:
    return (hashes >> np.uint64(64 - _SIEVE_BITS)).astype(np.int64)


def _candidates(
    version_id: int, print_: Fingerprint, hits: list[_Hit], text: HashedLetters
) -> Iterable[Candidate]:
    """What HITS, the marks of one version that were found, make of it; the last time it stands there."""
    for hit in reversed([hit for hit in hits if hit.rank == 0]):
        start = hit.place - print_.offset
        if start < 0 or start + print_.letters > len(text):
            continue
        if text.hash(start, print_.letters) == print_.whole:
            yield Candidate(
                likeness=TextLikeness.WHOLE,
                amount=print_.letters,
                version_id=version_id,
                start=start,
                end=start + print_.letters,
            )
            return
    run = _last_run(hits)
    likeness = _likeness(print_, run, text)
    if likeness:
        yield Candidate(
            likeness=likeness,
            amount=len(run),
            version_id=version_id,
            start=run[0].place,
            end=run[-1].place + GRAM,
        )


def _last_run(hits: list[_Hit]) -> list[_Hit]:
    """The last marks in the order of the body: a text that was loaded twice is judged by its last time."""
    run = [hits[-1]]
    for hit in reversed(hits[:-1]):
        if hit.rank >= run[-1].rank:
            break
        run.append(hit)
    return run[::-1]


def _likeness(print_: Fingerprint, run: list[_Hit], text: HashedLetters) -> TextLikeness | None:
    """How RUN is like the body; None where too little of it is there."""
    if len(run) < min(_LEAST_MARKS, len(print_.marks)):
        return None
    gaps = [(one, next_) for one, next_ in itertools.pairwise(run) if next_.rank != one.rank + 1]
    ends_early = run[-1].rank < len(print_.marks) - 1
    rest = len(text) - run[-1].place
    spacing = print_.letters // len(print_.marks)
    is_cut = (ends_early and rest <= _REST + 4 * spacing) or (bool(gaps) and not ends_early)
    if run[0].rank == 0 and is_cut and all(_is_left_out(one, next_, text) for one, next_ in gaps):
        return TextLikeness.CUT
    return TextLikeness.ALTERED if len(run) >= _ALTERED_PART * len(print_.marks) else None


def _is_left_out(one: _Hit, next_: _Hit, text: HashedLetters) -> bool:
    """Whether the agent says between two marks that it left something out there."""
    between = text.letters[one.place + GRAM : next_.place].tobytes()
    # The letters of the body on both sides of the note stand there too.
    return len(between) <= 8 * _LONGEST_NOTE and any(word in between for word in _CUT_WORDS)
