"""What is kept of the text of an approved version, so that it is known again in a conversation.

A few dozen hashes: nobody can read the text in them.
"""

from dataclasses import dataclass

import numpy as np

from skills.bundles.frontmatter import split
from skills.usage.letters import GRAM, MOST_AT_ONCE, HashedLetters, Hashes, Places, letters_of

LEAST_LETTERS = 2 * GRAM  # of a body; a shorter one may stand in any conversation by chance
MOST_LETTERS = MOST_AT_ONCE // 4  # more than SKILL.md may have bytes
_MOST_MARKS = 64
_NO_GRAMS: tuple[Places, Hashes] = (np.zeros(0, np.int64), np.zeros(0, np.uint64))


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """`marks` are hashes of runs of letters, in the order of the text.

    The first of them begins `offset` letters behind the beginning; `whole` is the hash of all `letters`.
    """

    letters: int
    whole: int
    offset: int
    marks: tuple[int, ...]


def body_of(text: str) -> str:
    """SKILL.md without its front matter, which many agents leave out."""
    parts = split(text.lstrip("\ufeff \r\n"))
    return parts[1] if parts else text


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a SKILL.md; without marks where its body says too little to be found by it."""
    letters = letters_of(body_of(text))[:MOST_LETTERS]
    hashed = HashedLetters.of(letters)
    places, hashes = _once(*hashed.grams()) if len(letters) >= LEAST_LETTERS else _NO_GRAMS
    kept = np.zeros(len(places), dtype=np.bool_)
    # The smallest, because the same run is then kept of the next version too; and the first, from which the
    # beginning of the text is found.
    kept[np.argsort(hashes, kind="stable")[: _MOST_MARKS - 1]] = True
    kept[:1] = True
    return Fingerprint(
        letters=len(letters),
        whole=hashed.hash(0, len(letters)) if len(letters) else 0,
        offset=int(places[0]) if len(places) else 0,
        marks=tuple(int(mark) for mark in hashes[kept]),
    )


def _once(places: Places, hashes: Hashes) -> tuple[Places, Hashes]:
    """Without what a text says twice: such a mark would not tell where in the text it is."""
    _, first, counts = np.unique(hashes, return_index=True, return_counts=True)
    alone = np.sort(first[counts == 1])
    return places[alone], hashes[alone]
