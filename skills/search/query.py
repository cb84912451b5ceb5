"""Answers a search: exact and prefix names first, then words; typos mended; facets; snippets.

Everything — hits, counts, corrections — is computed under the visibility predicate, so nothing a
visitor may not read can show through. Ranking by meaning joins the fusion in `_ranked`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Case, Count, F, FloatField, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Substr

from skills.catalog.models import Skill
from skills.catalog.selectors import with_card
from skills.catalog.visibility import readable
from skills.lib.errors import refuse
from skills.lib.pages import decode, encode, page
from skills.people.actor import Actor
from skills.search.index import CONFIG, words

WEIGHTS = [0.1, 0.25, 0.5, 1.0]  # D (body), C (headings), B (description, tags), A (name)
LONGEST = 500  # characters of a query that are read
MOST_WORDS = 32
FACET_SIZE = 12
TYPO_SCORE = 78  # rapidfuzz ratio from which a word is taken for another
SORTS = {"newest": "-updated_at", "name": "name", "most-used": "-fetches"}
START, STOP = "\x02", "\x03"  # around matched words in snippets


@dataclass(frozen=True)
class Filters:
    """What the facets narrow a search to."""

    team: str = ""
    tag: str = ""
    label: str = ""
    tool: str = ""

    def condition(self, *, without: str = "") -> Q:
        """As a condition on Skill, leaving one facet out for its own counts."""
        found = Q()
        if self.team and without != "team":
            found &= Q(team__handle=self.team)
        if self.tag and without != "tag":
            found &= Q(tags__contains=[self.tag])
        if self.label and without != "label":
            found &= Q(skill_labels__label__name=self.label)
        if self.tool and without != "tool":
            found &= Q(shown__manifest__allowed_tools__contains=[self.tool])
        return found


@dataclass(frozen=True)
class Hit:
    """One result. `snippet` marks matched words with START and STOP; `reason` says why."""

    skill: Skill
    score: float
    snippet: str = ""
    reason: str = ""


@dataclass
class Answer:
    hits: Sequence[Hit] = ()
    next: str = ""
    total: int = 0
    corrections: dict[str, str] = field(default_factory=dict)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


def search(
    actor: Actor, text: str, *, filters: Filters | None = None, sort: str = "", cursor: str = "",
    size: int = 20, with_facets: bool = False,
) -> Answer:  # fmt: skip
    """Search what ACTOR may read. Without TEXT this browses, newest first."""
    filters = filters or Filters()
    if sort and sort not in SORTS and sort != "relevance":
        raise refuse("bad_sort", f"There is no order {sort!r}.", f"Use {', '.join(SORTS)}.")
    text = text[:LONGEST].strip().lower()
    terms = list(dict.fromkeys(words(text)))[:MOST_WORDS]
    everything = Skill.objects.filter(readable(actor), shown__isnull=False)
    corrections = _corrections(everything, terms) if terms else {}
    terms = [corrections.get(term, term) for term in terms]
    matching = _matching(everything, text, terms) if text else everything
    answer = Answer(corrections=corrections)
    chosen = (
        matching.filter(filters.condition()).distinct()
        if filters.label
        else matching.filter(filters.condition())
    )
    answer.total = chosen.count()
    if text and sort in ("", "relevance"):
        answer.hits, answer.next = _ranked(chosen, text, terms, cursor, size)
    else:
        rows = page(with_card(chosen), SORTS.get(sort, "-updated_at"), cursor, size)
        answer.hits, answer.next = [Hit(skill, 0.0) for skill in rows.rows], rows.next
    if with_facets:
        answer.facets = _facets(matching, filters)
    return answer


def _tsquery(terms: Sequence[str]) -> SearchQuery:
    if not terms:
        return SearchQuery("", search_type="plain", config=CONFIG)  # matches nothing
    raw = " | ".join(f"{term}:*" for term in terms)
    return SearchQuery(raw, search_type="raw", config=CONFIG)


def _matching(skills: QuerySet[Skill], text: str, terms: Sequence[str]) -> QuerySet[Skill]:
    condition = Q(name__startswith=_name_like(text))
    if terms:
        condition |= Q(document__words=_tsquery(terms))
    return skills.filter(condition)


def _name_like(text: str) -> str:
    """What TEXT would be as a skill name: "Invoice triage" → "invoice-triage"."""
    return "-".join(words(text)) or text


def _ranked(
    skills: QuerySet[Skill], text: str, terms: Sequence[str], cursor: str, size: int
) -> tuple[list[Hit], str]:
    offset = decode(cursor, 1)[0] if cursor else 0
    if not isinstance(offset, int) or offset < 0:
        raise refuse("bad_cursor", "This cursor is not one of ours.", "Start at the first page.")
    name, query = _name_like(text), _tsquery(terms)
    team, _, rest = text.partition("/")
    exact = Q(name=name) | Q(team__handle=team, name=rest or None)
    tier = Case(
        When(exact, then=2), When(name__startswith=name, then=1), default=0,
        output_field=IntegerField(),
    )  # fmt: skip
    rank = SearchRank(F("document__words"), query, weights=WEIGHTS, normalization=1)
    rows = skills.annotate(
        tier=tier,
        rank=Case(When(document__words=query, then=rank), default=0.0, output_field=FloatField()),
    ).order_by("-tier", "-rank", "-fetches", "pk")
    found: list[Any] = list(with_card(rows)[offset : offset + size + 1])
    snippets = _snippets([skill.pk for skill in found[:size]], query)
    hits = [
        Hit(skill, round(skill.tier + skill.rank / (1 + skill.rank), 4), snippets.get(skill.pk, ""), _reason(skill.tier, snippets.get(skill.pk, "")))
        for skill in found[:size]
    ]  # fmt: skip
    return hits, encode([offset + size]) if len(found) > size else ""


def _reason(tier: int, snippet: str) -> str:
    if tier:
        return "the name matches" if tier == 2 else "the name starts like this"
    matched = {part.split(STOP)[0].lower() for part in snippet.split(START)[1:]}
    return f"matches {', '.join(sorted(matched)[:4])}" if matched else "matches your words"


def _snippets(ids: Sequence[int], query: SearchQuery) -> dict[int, str]:
    """Snippets for one page of hits only: headlines are the dear part of a text search."""
    headline = SearchHeadline(
        Substr(Func(F("description"), Value(" … "), F("document__body"), function="concat"), 1, 20_000),
        query, config=CONFIG, start_sel=START, stop_sel=STOP, max_words=32, min_words=12,
        max_fragments=2, fragment_delimiter=" … ",
    )  # fmt: skip
    rows = Skill.objects.filter(pk__in=ids).annotate(snippet=headline)
    return dict(rows.values_list("pk", "snippet"))


def _corrections(skills: QuerySet[Skill], terms: Sequence[str]) -> dict[str, str]:
    """Words no readable skill knows, with the nearest word that one does."""
    known = {
        term: skills.filter(document__words=_tsquery([term])).exists()
        for term in terms
        if len(term) >= 4 and not term.isdigit()
    }
    unknown = [term for term, found in known.items() if not found]
    if not unknown:
        return {}
    from rapidfuzz import fuzz, process

    lists = skills.values_list("document__vocabulary", flat=True)
    vocabulary = sorted({word for row in lists for word in row or ()})
    corrections = {}
    for term in unknown:
        best = process.extractOne(term, vocabulary, scorer=fuzz.ratio, score_cutoff=TYPO_SCORE)
        if best:
            corrections[term] = best[0]
    return corrections


def _facets(matching: QuerySet[Skill], filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """Counts per facet value; each facet ignores its own choice so that it can be changed."""
    return {
        "team": _count(matching.filter(filters.condition(without="team")), F("team__handle")),
        "tag": _count(matching.filter(filters.condition(without="tag")), Func(F("tags"), function="unnest")),
        "label": _count(
            matching.filter(filters.condition(without="label"), skill_labels__isnull=False),
            F("skill_labels__label__name"),
        ),
        "tool": _count(
            matching.filter(filters.condition(without="tool")),
            Func(F("shown__manifest__allowed_tools"), function="jsonb_array_elements_text"),
        ),
    }


def _count(skills: QuerySet[Skill], value: F | Func) -> list[tuple[str, int]]:
    rows = skills.order_by().annotate(value=value).values("value")
    counted = rows.annotate(count=Count("pk", distinct=True)).order_by("-count", "value")
    return [(row["value"], row["count"]) for row in counted[:FACET_SIZE]]
