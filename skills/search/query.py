"""Answers a search: exact and prefix names first, then words and meaning; facets; snippets.

Hits, counts and corrections are all computed within what the caller may see, so nothing hidden can
show through.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from skills.catalog.models import Skill
from skills.catalog.visibility import open_to
from skills.lib.errors import refuse
from skills.lib.pages import MOST, decode, encode
from skills.people.actor import Actor
from skills.search import embed, passages
from skills.search.browse import SORTS, browse
from skills.search.models import INTERNAL, PUBLIC
from skills.search.rank import COUNTED, Question, ask
from skills.search.result_rows import skills_of
from skills.search.snippets import START, STOP, snippet
from skills.search.spelling import corrected_terms
from skills.search.text_features import is_joined, parts, query_words, stem

LONGEST = 500  # characters of a query that are read
MOST_WORDS = 32
FACET_SIZE = 12
NAME_MATCHES = 2  # the tier of a hit whose whole name was asked for
CLOSE = 0.45  # cosine from which a hit is called close in meaning


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the facets narrow a search to."""

    team: str = ""
    tag: str = ""
    label: str = ""
    tool: str = ""
    model: str = ""  # evaluated on it
    updated: str = ""  # in the month YYYY-MM

    @property
    def chosen(self) -> list[str]:
        """As facets of documents."""
        pairs = ((kind, getattr(self, kind)) for kind in KINDS)
        return [f"{name}:{value}"[:120].replace("\0", "") for name, value in pairs if value]


KINDS = tuple(kind.name for kind in fields(Filters))


@dataclass(frozen=True)
class Hit:
    """One result. `snippet` marks matched words with START and STOP; `reason` says why."""

    skill: Skill
    score: float
    snippet: str = ""
    reason: str = ""


@dataclass(kw_only=True)
class Answer:
    """`meaning` is False where words alone were compared; hits beyond COUNTED are not counted."""

    hits: Sequence[Hit] = ()
    next: str = ""
    total: int = 0
    corrections: dict[str, str] = field(default_factory=dict)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    meaning: bool = True

    @property
    def capped(self) -> bool:
        return self.total > COUNTED


def scopes_of(actor: Actor) -> list[int] | None:
    """The scopes ACTOR may see; None is everything."""
    if actor.reads_everything:
        return None
    open_scopes = {"public": PUBLIC, "internal": INTERNAL}
    return [*(open_scopes[name] for name in open_to(actor)), *actor.read_team_ids]


def search(
    actor: Actor,
    text: str,
    *,
    filters: Filters | None = None,
    sort: str = "",
    cursor: str = "",
    size: int = 20,
    with_facets: bool = False,
) -> Answer:
    """Search what ACTOR may read. Without TEXT, or in an order of its own, this browses."""
    filters = filters or Filters()
    if sort and sort not in SORTS and sort != "relevance":
        raise refuse("bad_sort", f"There is no order {sort!r}.", f"Use {', '.join(SORTS)}.")
    text = text[:LONGEST].replace("\0", " ").strip().lower()
    if not text:
        stems: list[str] = []
    elif sort in ("", "relevance"):
        return _rank(actor, text, filters, cursor=cursor, size=size, with_facets=with_facets)
    else:
        stems = [stem(word) for word in query_words(text, MOST_WORDS)]
    return _browse(actor, stems, filters, sort=sort, cursor=cursor, size=size, with_facets=with_facets)


def _rank(actor: Actor, text: str, filters: Filters, *, cursor: str, size: int, with_facets: bool) -> Answer:
    offset = decode(cursor, 1)[0] if cursor else 0
    if not isinstance(offset, int) or not 0 <= offset <= 10 * COUNTED:
        raise refuse("bad_cursor", "This cursor is not one of ours.", "Start at the first page.")
    live, size = passages.live(), max(1, min(size, MOST))
    vector = embed.query_vector(live.model, text) if live else None
    team, _, rest = text.partition("/")
    name = "-".join(parts(rest or text)) or text
    question = Question(
        name=name,
        team=team if rest else "",
        terms=query_words(text, MOST_WORDS),
        scopes=scopes_of(actor),
        filters=filters.chosen,
        vector=vector,
        live=live,
        offset=offset,
        size=size,
        facets=with_facets,
    )
    ranking = ask(question)
    corrections: dict[str, str] = {}
    if ranking["unknown"]:  # nothing was ranked: the words are read as known ones first
        terms, corrections = corrected_terms(ranking["unknown"], question.terms, question.scopes)
        question = replace(question, terms=terms, as_it_is=True)
        ranking = ask(question)
    rows = ranking["hits"]
    words_by_stem = {stem(term): term for term in question.terms}
    return Answer(
        hits=[_hit(skill, row, words_by_stem) for skill, row in zip(skills_of(rows), rows, strict=True)],
        next=encode([offset + size]) if ranking["total"] > offset + size else "",
        total=ranking["total"],
        corrections=corrections,
        meaning=vector is not None,
        facets=_by_kind(ranking["facets"]) if with_facets else {},
    )


def _hit(skill: Skill, row: dict[str, Any], words_by_stem: dict[str, str]) -> Hit:
    found = [word for word_stem, word in words_by_stem.items() if word_stem in row["matched"]]
    matched = [word for word in found if not is_joined(word)] or found
    reasons = []
    if row["tier"] == NAME_MATCHES:
        reasons.append("the name matches")
    elif row["tier"]:
        reasons.append("the name starts like this")
    if matched:
        reasons.append(f"matches {', '.join(matched)}")
    if (row["meaning"] or 0) >= CLOSE:
        reasons.append("close in meaning")
    return Hit(
        skill,
        score=round(row["tier"] + row["score"], 4),
        snippet=snippet(row["passage"] or "", words_by_stem),
        reason=", ".join(reasons) or "related in meaning",
    )


def _browse(
    actor: Actor,
    stems: Sequence[str],
    filters: Filters,
    *,
    sort: str,
    cursor: str,
    size: int,
    with_facets: bool,
) -> Answer:
    page, next_cursor = browse(
        scopes_of(actor),
        stems=stems,
        filters=filters.chosen,
        sort=sort,
        cursor=cursor,
        size=max(1, min(size, MOST)),
        with_facets=with_facets,
    )
    return Answer(
        hits=[Hit(skill, 0.0) for skill in skills_of(page["hits"])],
        next=next_cursor,
        total=page["total"],
        facets=_by_kind(page["facets"]) if with_facets else {},
    )


def _by_kind(facets: Sequence[Sequence[Any]]) -> dict[str, list[tuple[str, int]]]:
    """FACETS, the commonest first, as (value, count) by kind; months are in the order of time."""
    by_kind: dict[str, list[tuple[str, int]]] = {kind: [] for kind in KINDS}
    for facet, count in facets:
        kind, _, value = facet.partition(":")
        if len(by_kind[kind]) < FACET_SIZE:
            by_kind[kind].append((value, count))
    by_kind["updated"].sort(reverse=True)
    return by_kind


__all__ = ["KINDS", "SORTS", "START", "STOP", "Answer", "Filters", "Hit", "search"]
