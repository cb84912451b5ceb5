"""Reads words nobody has written as the beginning of known ones, or as the nearest known one.

The vocabulary is that of the caller's scopes, so that no correction tells of what they may not read.
"""

import math
from collections.abc import Sequence
from typing import Any

from django.db import connection

from skills.search.text_features import stem

SCORE = 84  # rapidfuzz ratio from which a word is taken for another
SHORTEST = 4  # letters a word needs to be corrected
BEGINNINGS = 8  # known words that one beginning may stand for
_MOST = 60_000  # words that are compared
_AS_LONG = SCORE / (200 - SCORE)  # the shorter through the longer of two words that reach SCORE
_SQL = """
select asked.word,
    (select coalesce(array_agg(term), '{{}}') from (
        select term from skills_term
        where {seen} and term ~>=~ asked.word and term ~<~ (asked.word || %(last)s)
        group by term order by sum(documents) desc, term limit %(beginnings)s) longer),
    (select coalesce(string_agg(word, ' '), '') from (
        select word from skills_term
        where {seen} and term ~>=~ asked.letter and term ~<~ (asked.letter || %(last)s)
            and length(word) between asked.least and asked.longest limit %(most)s) alike)
from unnest(%(words)s::varchar[], %(letters)s::varchar[], %(least)s::int[], %(longest)s::int[])
    as asked (word, letter, least, longest)
"""


def corrected_terms(
    unknown: Sequence[str], terms: Sequence[str], scopes: Sequence[int] | None
) -> tuple[list[str], dict[str, str]]:
    """TERMS with each word whose stem is UNKNOWN replaced, and the corrections made."""
    known = _known([term for term in terms if stem(term) in unknown], scopes)
    read: list[str] = []
    corrections: dict[str, str] = {}
    for term in terms:
        beginnings, alike = known.get(term, ([], ""))
        if beginnings and len(term) > 1:
            read += beginnings
        elif nearest := _nearest(term, alike):
            corrections[term] = nearest
            read.append(nearest)
        else:
            read.append(term)
    return list(dict.fromkeys(read)), corrections


def _known(words: list[str], scopes: Sequence[int] | None) -> dict[str, tuple[list[str], str]]:
    """For each of WORDS the known terms it is the beginning of, and the known words of its length.

    Few people mistype the first letter, so only words with the same are given.
    """
    seen = "documents > 0 and term <> ''"
    if scopes is not None:
        seen += " and scope = any(%(scopes)s::bigint[])"
    values: dict[str, Any] = {
        "scopes": list(scopes or []),
        "words": words,
        "letters": [word[0] for word in words],
        "least": [math.ceil(len(word) * _AS_LONG) for word in words],
        "longest": [math.floor(len(word) / _AS_LONG) for word in words],
        "beginnings": BEGINNINGS,
        "most": _MOST,
        "last": "\U0010ffff",
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(seen=seen), values)
        return {word: (beginnings, alike) for word, beginnings, alike in cursor.fetchall()}


def _nearest(term: str, alike: str) -> str:
    """The nearest word to TERM among ALIKE, words with spaces between, if one is near enough."""
    if len(term) < SHORTEST or term.isdigit() or not alike:
        return ""
    from rapidfuzz import fuzz, process

    best = process.extractOne(term, sorted(set(alike.split(" "))), scorer=fuzz.ratio, score_cutoff=SCORE)
    return best[0] if best else ""
