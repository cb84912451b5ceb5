"""Names that somebody may take for each other: they look alike, or a slip of a finger lies between them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

from skills.lib.lookalikes import skeleton

# What a reader takes for a letter; two letters that look like one come first.
_LOOKS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_DIGITS = str.maketrans("0134578|", "oleastbl")
_SEPARATORS = re.compile(r"[\s._-]+")
_SHORTEST, _LONG = 5, 12  # characters from which one slip counts, and from which two do
_MOST_SLIPS = 2


class NameIndex:
    """Names that new ones are compared with, many of them: prepared once."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_look: defaultdict[str, list[str]] = defaultdict(list)
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for name in names:
            self._by_look[_look(name)].append(name)
            self._by_length[len(name)].append(name)

    def near(self, name: str) -> list[str]:
        """Those that NAME may be taken for, sorted; a name that is the same is not among them."""
        found = {*self._by_look.get(_look(name), ()), *self._one_slip_away(name)}
        return sorted(found - {name})

    def _one_slip_away(self, name: str) -> Iterator[str]:
        """Those that a slip of a finger makes of NAME, or two in a long one."""
        for length in range(len(name) - _MOST_SLIPS, len(name) + _MOST_SLIPS + 1):
            slips = _slips(min(length, len(name)))
            others = self._by_length.get(length, ())
            if abs(length - len(name)) > slips:
                continue
            for other, *_ in extract(
                name, others, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=None
            ):
                # Numbered names, like team-1 and team-2, are siblings.
                if _without_digits(name) != _without_digits(other):
                    yield other


def near(name: str, others: Iterable[str]) -> list[str]:
    """Those of OTHERS that NAME may be taken for, sorted; a name that is the same is not among them."""
    return NameIndex(others).near(name)


def looks_like(name: str, others: Iterable[str]) -> list[str]:
    """Those of OTHERS that look like NAME, the same one included, sorted."""
    return sorted({other for other in others if _look(name) == _look(other)})


def _slips(length: int) -> int:
    """How many slips may lie between names of LENGTH characters: short ones differ by each letter."""
    if length < _SHORTEST:
        return 0
    return 1 if length < _LONG else _MOST_SLIPS


@lru_cache(maxsize=100_000)
def _look(name: str) -> str:
    """What is left of NAME for a quick eye: no separators, digits as letters, alike letters as one."""
    look = _SEPARATORS.sub("", skeleton(name)).translate(_DIGITS).replace("i", "l")
    for pair, letter in _LOOKS:
        look = look.replace(pair, letter)
    return look


@lru_cache(maxsize=10_000)
def _without_digits(name: str) -> str:
    return re.sub(r"\d+", "0", name)
