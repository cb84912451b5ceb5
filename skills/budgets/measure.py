"""How many tokens a byte makes at most, learnt from the calls that were settled.

A token is at least a byte, but usually three or four: a hold by bytes alone is several times what a call
uses. Tokenizers differ, so each is measured by itself.
"""

from dataclasses import dataclass

from django.db import connection

_LATEST = 2_000  # calls that are looked at
_LEAST = 20  # calls that teach anything
_MANY = 500  # calls whose rarest are known well
_SHARE = 0.999  # of calls that stay below the bound; of fewer than a thousand it is the highest one
_MARGIN = 1.1  # for what was not seen yet
_WIDE_MARGIN = 1.2  # while few calls were seen
_OVERHEAD = 64  # tokens that a provider adds to every call, however short
_DENSITY = """
    select count(*), percentile_disc(%(share)s) within group (order by density) from (
        select greatest(sent_tokens - %(overhead)s, 0)::float / sent_bytes as density from skills_hold
        where tokenizer = %(tokenizer)s and state = 'settled' and sent_tokens > 0 and sent_bytes > 0
        order by created_at desc limit %(latest)s
    ) as calls
"""


@dataclass(frozen=True)
class Density:
    """Tokens that a byte makes at most, from how many calls that is known."""

    calls: int
    tokens_per_byte: float

    def most_tokens(self, sent_bytes: int) -> int:
        """Tokens that SENT_BYTES make, all but certainly; never more than there are bytes."""
        margin = _MARGIN if self.calls >= _MANY else _WIDE_MARGIN
        return min(sent_bytes, int(sent_bytes * self.tokens_per_byte * margin) + _OVERHEAD)


def density_of(tokenizer: str) -> Density | None:
    """What settled calls say about TOKENIZER; None before there are enough."""
    values: dict[str, str | float] = {
        "tokenizer": tokenizer,
        "share": _SHARE,
        "overhead": _OVERHEAD,
        "latest": _LATEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DENSITY, values)
        calls, tokens_per_byte = cursor.fetchone()
    return Density(calls, tokens_per_byte) if calls >= _LEAST else None
