"""Reads words nobody has written as the beginning of known ones, or as the nearest known one.

The vocabulary is that of the caller's scopes, so that no correction tells of what they may not read.
"""

from collections.abc import Sequence

from django.db.models import QuerySet, Sum

from skills.search.models import Term
from skills.search.words import stem

SCORE = 84  # rapidfuzz ratio from which a word is taken for another
SHORTEST = 4  # letters a word needs to be corrected
BEGINNINGS = 8  # known words that one beginning may stand for
_MOST = 60_000  # words that are compared


def read_as(
    unknown: Sequence[str], terms: Sequence[str], scopes: Sequence[int] | None
) -> tuple[list[str], dict[str, str]]:
    """TERMS with each word whose stem is UNKNOWN replaced, and the corrections made."""
    known = Term.objects.filter(documents__gt=0).exclude(term="")
    if scopes is not None:
        known = known.filter(scope__in=scopes)
    read: list[str] = []
    corrections: dict[str, str] = {}
    for term in terms:
        if stem(term) not in unknown:
            read.append(term)
        elif beginnings := _beginnings(known, term):
            read += beginnings
        elif nearest := _nearest(known, term):
            corrections[term] = nearest
            read.append(nearest)
        else:
            read.append(term)
    return list(dict.fromkeys(read)), corrections


def _beginnings(known: QuerySet[Term], term: str) -> list[str]:
    if len(term) < 2:
        return []
    rows = known.filter(term__startswith=term).values("term").annotate(total=Sum("documents"))
    return [row["term"] for row in rows.order_by("-total", "term")[:BEGINNINGS]]


def _nearest(known: QuerySet[Term], term: str) -> str:
    if len(term) < SHORTEST or term.isdigit():
        return ""
    from rapidfuzz import fuzz, process

    near = known.filter(word__startswith=term[0])  # few people mistype the first letter
    vocabulary = sorted(set(near.order_by().values_list("word", flat=True)[:_MOST]))
    best = process.extractOne(term, vocabulary, scorer=fuzz.ratio, score_cutoff=SCORE)
    return best[0] if best else ""
