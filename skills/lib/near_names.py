"""Names that somebody may take for each other: they look alike, or a slip of a finger lies between them."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from skills.lib.lookalikes import skeleton

# What a reader takes for a letter; two letters that look like one come first.
_LOOKS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_DIGITS = str.maketrans("0134578|", "oleastbl")
_SEPARATORS = re.compile(r"[\s._-]+")
_SHORTEST = 5  # characters: between shorter names one letter is a great difference
_LONG = 12  # characters from which two slips count


def near(name: str, others: Iterable[str]) -> list[str]:
    """Those of OTHERS that NAME may be taken for, sorted; a name that is the same is not among them."""
    return sorted({other for other in others if other != name and _may_be_taken_for(name, other)})


def looks_like(name: str, others: Iterable[str]) -> list[str]:
    """Those of OTHERS that look like NAME, the same one included, sorted."""
    return sorted({other for other in others if _look(name) == _look(other)})


def _may_be_taken_for(name: str, other: str) -> bool:
    if _look(name) == _look(other):
        return True
    # Numbered names, like team-1 and team-2, are siblings.
    if _without_digits(name) == _without_digits(other):
        return False
    shorter = min(len(name), len(other))
    slips = 0 if shorter < _SHORTEST else 1 if shorter < _LONG else 2
    if abs(len(name) - len(other)) > slips:
        return False
    return DamerauLevenshtein.distance(name, other, score_cutoff=slips) <= slips


@lru_cache(maxsize=10_000)
def _look(name: str) -> str:
    """What is left of NAME for a quick eye: no separators, digits as letters, alike letters as one."""
    look = _SEPARATORS.sub("", skeleton(name)).translate(_DIGITS).replace("i", "l")
    for pair, letter in _LOOKS:
        look = look.replace(pair, letter)
    return look


@lru_cache(maxsize=10_000)
def _without_digits(name: str) -> str:
    return re.sub(r"\d+", "0", name)
