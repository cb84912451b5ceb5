"""A text as its letters alone, and hashes of every run of them.

What agents do to a text that they load (line numbers, tags around it, quotation marks, other blanks, JSON
inside of JSON) leaves its letters and their order as they are.
"""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

GRAM = 32  # letters of one hash: some six words, which two texts do not share by chance
MOST_AT_ONCE = 1 << 20  # letters; a longer text is looked at piece by piece
_KEPT = 4  # one hash of so many is kept, chosen by its own value, so that every text keeps the same ones

Letters = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

# What is written for other characters inside of XML and JSON, and the arrow behind line numbers.
_WRITTEN = ("→", "&lt;", "&gt;", "&amp;", "&quot;", "&#39;", "\\n", "\\t", "\\r")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SMALL = bytes(range(256)).lower()
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse: hashes are polynomials modulo 2**64
_MIX = np.uint64(0xD6E8FEB86659FD93)


def letters_of(text: str) -> Letters:
    """The letters of TEXT as bytes of UTF-8, those of ASCII small; whatever is not ASCII counts as one."""
    if "\\u" in text:
        text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
        # JSON writes what lies beyond the first plane as two halves.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    for written in _WRITTEN:
        if written in text:
            text = text.replace(written, "")
    raw = text.encode("utf-8", "ignore").translate(_SMALL, _NO_LETTERS)
    return np.frombuffer(raw, np.uint8)


@cache
def _powers() -> tuple[Hashes, Hashes]:
    """The powers of the base, and of its inverse."""
    return _powers_of(_BASE), _powers_of(pow(_BASE, -1, 1 << 64))


def _powers_of(base: int) -> Hashes:
    powers = np.full(MOST_AT_ONCE + 1, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)


@dataclass(frozen=True)
class HashedLetters:
    """Letters with the sums that any run of them is hashed from in one step."""

    letters: Letters
    sums: Hashes

    @classmethod
    def of(cls, letters: Letters) -> "HashedLetters":
        """At most MOST_AT_ONCE of them."""
        powers, _ = _powers()
        sums = np.zeros(len(letters) + 1, dtype=np.uint64)
        np.cumsum((letters.astype(np.uint64) + np.uint64(1)) * powers[: len(letters)], out=sums[1:])
        return cls(letters, sums)

    def __len__(self) -> int:
        return len(self.letters)

    def hash(self, start: int, length: int) -> int:
        """The hash of one run."""
        _, inverses = _powers()
        with np.errstate(over="ignore"):
            return int(_mixed((self.sums[start + length] - self.sums[start]) * inverses[start]))

    def grams(self) -> tuple[Places, Hashes]:
        """Where the kept runs of GRAM letters begin, and their hashes."""
        count = len(self) - GRAM + 1
        if count <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.uint64)
        _, inverses = _powers()
        hashes = _mixed((self.sums[GRAM:] - self.sums[:count]) * inverses[:count])
        places = np.flatnonzero((hashes & np.uint64(_KEPT - 1)) == 0)
        return places, hashes[places]


def _mixed(hashes: Hashes) -> Hashes:
    """The low bits of a polynomial hash say little: every bit of HASHES takes part in every bit."""
    hashes = (hashes ^ (hashes >> np.uint64(32))) * _MIX
    return hashes ^ (hashes >> np.uint64(29))
