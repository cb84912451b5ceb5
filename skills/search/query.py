"""Answers a search: exact and prefix names first, then words and meaning; facets; snippets.

Everything — hits, counts, corrections — is computed within what the caller may see, so nothing
hidden can show through.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from skills.catalog.models import Skill, Version
from skills.catalog.selectors import with_card
from skills.catalog.visibility import open_to, readable
from skills.lib.errors import refuse
from skills.lib.pages import decode, encode, page
from skills.people.actor import Actor
from skills.people.models import Team
from skills.search import embed, passages
from skills.search.models import INTERNAL, PUBLIC
from skills.search.rank import COUNTED, Question, ask
from skills.search.snippets import START, STOP, snippet
from skills.search.spelling import read_as
from skills.search.words import query_words, stem, words

LONGEST = 500  # characters of a query that are read
MOST_WORDS = 32
FACET_SIZE = 12
CLOSE = 0.45  # cosine from which a hit is called close in meaning
SORTS = {"newest": "-updated_at", "name": "name", "most-used": "-fetches"}
KINDS = ("team", "tag", "label", "tool")
_COUNTS = """
    with seen as (
        select facets from skills_document d join skills_skill s on s.id = d.skill_id
        where {seen} and d.facets @> %(filters)s::varchar[] {words}
        order by s.updated_at desc limit %(most)s + 1)
    select '', count(*) from seen
    union all (select f, count(*) from seen, unnest(facets) f group by f order by 2 desc, 1 limit 400)
"""


@dataclass(frozen=True)
class Filters:
    """What the facets narrow a search to."""

    team: str = ""
    tag: str = ""
    label: str = ""
    tool: str = ""

    @property
    def chosen(self) -> list[str]:
        """As facets of documents."""
        pairs = ((one.name, getattr(self, one.name)) for one in fields(self))
        return [f"{name}:{value}"[:120].replace("\0", "") for name, value in pairs if value]


@dataclass(frozen=True)
class Hit:
    """One result. `snippet` marks matched words with START and STOP; `reason` says why."""

    skill: Skill
    score: float
    snippet: str = ""
    reason: str = ""


@dataclass
class Answer:
    """`meaning` is False when words alone could be asked; a total over COUNTED is not counted out."""

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
    return [*(open_scopes[name] for name in open_to(actor)), *actor.team_ids]


def search(
    actor: Actor, text: str, *, filters: Filters | None = None, sort: str = "", cursor: str = "",
    size: int = 20, with_facets: bool = False,
) -> Answer:  # fmt: skip
    """Search what ACTOR may read. Without TEXT, or in an order of its own, this browses."""
    filters = filters or Filters()
    if sort and sort not in SORTS and sort != "relevance":
        raise refuse("bad_sort", f"There is no order {sort!r}.", f"Use {', '.join(SORTS)}.")
    text = text[:LONGEST].replace("\0", " ").strip().lower()
    if not text:
        return _browse(actor, (), filters, sort, cursor, size, with_facets)
    if sort in ("", "relevance"):
        return _ranked(actor, text, filters, cursor, size, with_facets)
    stems = [stem(word) for word in query_words(text, MOST_WORDS)]
    return _browse(actor, stems, filters, sort, cursor, size, with_facets)


def _ranked(actor: Actor, text: str, filters: Filters, cursor: str, size: int, with_facets: bool) -> Answer:
    offset = decode(cursor, 1)[0] if cursor else 0
    if not isinstance(offset, int) or not 0 <= offset <= 10 * COUNTED:
        raise refuse("bad_cursor", "This cursor is not one of ours.", "Start at the first page.")
    live, size = passages.live(), max(1, min(size, 100))
    vector = embed.query_vector(live.model, text) if live else None
    team, _, rest = text.partition("/")
    name = "-".join(words(rest or text)) or text
    question = Question(
        name=name, team=team if rest else "", terms=query_words(text, MOST_WORDS),
        scopes=scopes_of(actor), filters=filters.chosen, vector=vector, live=live,
        offset=offset, size=size, facets=with_facets,
    )  # fmt: skip
    found = ask(question)
    corrections: dict[str, str] = {}
    if found["unknown"]:
        terms, corrections = read_as(found["unknown"], question.terms, question.scopes)
        if terms != list(question.terms):
            question = replace(question, terms=terms)
            found = ask(question)
    said = {stem(term): term for term in question.terms}
    return Answer(
        hits=[_hit(row, said) for row in found["hits"][:size]],
        next=encode([offset + size]) if len(found["hits"]) > size else "",
        total=found["total"], corrections=corrections, meaning=vector is not None,
        facets=_by_kind(found["facets"] or []) if with_facets else {},
    )  # fmt: skip


def _hit(row: dict[str, Any], said: dict[str, str]) -> Hit:
    """A row as a hit; SAID has the word of the query for each stem."""
    close = (row["meaning"] or 0) >= CLOSE
    matched = [word for term, word in said.items() if term in row["matched"]]
    reasons = []
    if row["tier"]:
        reasons.append("the name matches" if row["tier"] == 2 else "the name starts like this")
    if matched:
        reasons.append(f"matches {', '.join(matched[:4])}")
    if close:
        reasons.append("close in meaning")
    return Hit(
        _skill(row), round(row["tier"] + row["score"], 4), snippet(row["passage"] or "", said),
        ", ".join(reasons) or "related in meaning",
    )  # fmt: skip


def _skill(row: dict[str, Any]) -> Skill:
    """The skill of a row with its team and shown version, as far as a card shows them."""
    team = Team(pk=row["team_id"], handle=row["team_handle"], name=row["team_name"])
    shown = Version(
        pk=row["shown_id"], number=row["shown_number"], digest=row["shown_digest"], size=row["shown_size"]
    )
    plain = ("name", "description", "tags", "visibility", "license", "catalogue_tokens", "fetches", "stars")
    times = {
        name: datetime.fromisoformat(row[name]) if row[name] else None
        for name in ("updated_at", "created_at", "deprecated_at")
    }
    return Skill(
        pk=row["id"], team=team, shown=shown, latest_id=row["latest_id"], published=True,
        **{name: row[name] for name in plain}, **times,
    )  # fmt: skip


def _browse(
    actor: Actor, stems: Sequence[str], filters: Filters, sort: str, cursor: str, size: int,
    with_facets: bool,
) -> Answer:  # fmt: skip
    rows: QuerySet[Skill] = Skill.objects.filter(readable(actor), shown__isnull=False)
    if filters.chosen:
        rows = rows.filter(document__facets__contains=filters.chosen)
    if stems:
        rows = rows.filter(document__terms__overlap=list(stems))
    found = page(with_card(rows), SORTS.get(sort, "-updated_at"), cursor, size)
    total, facets = _counted(actor, stems, filters)
    return Answer(
        [Hit(skill, 0.0) for skill in found.rows], found.next, total,
        facets=_by_kind(facets) if with_facets else {},
    )  # fmt: skip


def _counted(actor: Actor, stems: Sequence[str], filters: Filters) -> tuple[int, list[tuple[str, int]]]:
    """How many there are and their facets, both of the newest COUNTED where there are more."""
    scopes = scopes_of(actor)
    statement = _COUNTS.format(
        seen="true" if scopes is None else "d.scope = any(%(scopes)s::bigint[])",
        words="and d.terms && %(stems)s::varchar[]" if stems else "",
    )
    values = {"scopes": scopes, "filters": filters.chosen, "stems": list(stems), "most": COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        (_, total), *facets = cursor.fetchall()
    return total, facets


def _by_kind(facets: Sequence[Sequence[Any]]) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {kind: [] for kind in KINDS}
    for facet, count in facets:
        kind, _, value = facet.partition(":")
        if len(found[kind]) < FACET_SIZE:
            found[kind].append((value, count))
    return found


__all__ = ["SORTS", "START", "STOP", "Answer", "Filters", "Hit", "search"]
