"""How near two texts are in meaning: for assertions of the kind `similar`, by the instance's own model.

The measure is the cosine of two vectors. The vector of a text is the mean of those of its passages, weighted
by their length, because the model reads no more than a passage at once; a cosine below zero counts as zero.
"""

import math
from collections.abc import Sequence

from django.conf import settings

from skills.search.embed import Vector, vectors
from skills.search.text_features import PIECE

_MOST_PIECES = 32  # of one text: its first 28,800 characters, in one request
_SECONDS = 20.0  # a request waits behind the passages of new skills


def nearness(text: str, references: Sequence[str]) -> list[float]:
    """How near TEXT is to each of REFERENCES, from 0 to 1; raises embed.Away."""
    ours = _vector(text)
    return [_cosine(ours, _vector(reference)) for reference in references]


def _vector(text: str) -> Vector:
    """Empty for a text without words, which is like nothing."""
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)][:_MOST_PIECES]
    pieces = [piece for piece in pieces if piece.strip()]
    found = vectors(settings.EMBED_MODEL, pieces, seconds=_SECONDS) if pieces else []
    weighted = [
        [len(piece) * number for number in vector] for piece, vector in zip(pieces, found, strict=True)
    ]
    return tuple(map(sum, zip(*weighted, strict=True)))


def _cosine(one: Vector, other: Vector) -> float:
    if not one or not other:
        return 0.0
    product = sum(a * b for a, b in zip(one, other, strict=True))
    lengths = math.hypot(*one) * math.hypot(*other)
    return max(0.0, product / lengths) if lengths else 0.0
