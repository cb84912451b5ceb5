"""The one statement of a search: candidates, scores, fusion, facets and cards under the rights.

Candidates come from three sides, each capped: words that are rare in what the caller sees, words of
headings, and the nearest passages. Words are scored by BM25 as a product of two sparse vectors
(the document's part is made at indexing, the query's part is the rarity in the caller's tier),
meaning by the mean of the head's and the best piece's cosine. Both are divided by the best of the
query and averaged; the two constants were cross-validated (bench/search_quality.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from skills.search import result_rows
from skills.search.models import INTERNAL, PUBLIC
from skills.search.passages import Live
from skills.search.text_features import DIMENSIONS, stem, term_id

MEANING = 0.5  # weight of meaning against words
FLOOR = 0.25  # cosine from which a passage is a hit without a word in common
# What is known of a skill before any question adds at most: fetches, proven lift, people at work with it,
# being new.
POPULAR, PROVEN, USED, FRESH = 0.02, 0.02, 0.02, 0.01
SEASON = 180 * 86_400  # seconds in which being new fades to a third
RARE, HEADED, NEAR, EXACT = 60, 250, 40, 20  # candidates of each side, and those compared exactly
JOINED = 0.25  # of the rarity of a name of several parts: else `self-hosted` outvotes what it describes
MATCHED = 4  # words that the reason of a hit names, the rarest
ANSWERED, VECTOR = "(select yes from answered)", "(select vector from query)"  # computed once each
NEAR_MISSES = 20  # hits behind the page that may come onto it by what is known of them
COUNTED = 1_000  # hits that are counted before a total says "1,000+"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is searched: the text as a name, its words, its vector, who asks, what narrows it."""

    name: str  # the text as a skill would be called
    team: str  # before a slash in the text, "" without one
    terms: Sequence[str]
    scopes: Sequence[int] | None  # None: everything
    filters: Sequence[str] = ()
    vector: str | None = None
    live: Live | None = None
    offset: int = 0
    size: int = 20
    facets: bool = False
    as_it_is: bool = False  # rank even where a word is unknown; else `ask` only lists the unknown words


def ask(question: Question) -> dict[str, Any]:
    """`total`, `hits` (rows of a card with scores), `facets` [kind:value, count], `unknown` terms.

    Names are compared as a range and not by `like`, and fetches are looked up and not joined: so the
    plan does not depend on the parameters, and PostgreSQL makes it once.
    """
    stems = list(dict.fromkeys(stem(term) for term in question.terms))
    scopes = question.scopes
    values: dict[str, Any] = {
        "terms": stems,
        "ids": [term_id(term) for term in stems],
        "scopes": list(scopes or []),
        "tier": [PUBLIC] if scopes is not None and INTERNAL not in scopes else [PUBLIC, INTERNAL],
        "name": question.name,
        "beyond": f"{question.name}\U0010ffff",
        "team": f"team:{question.team}",
        "filters": list(question.filters),
        "offset": question.offset,
        "size": question.size,
        "vector": question.vector,
        "as_it_is": question.as_it_is,
    }
    return answer(statement(question), values)


def answer(statement: str, values: dict[str, Any]) -> dict[str, Any]:
    """The one JSON document that STATEMENT selects."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        document: dict[str, Any] = cursor.fetchone()[0]
    return document


def statement(question: Question) -> str:
    """The SQL of QUESTION; only numbers of ours are written into it, the rest are parameters."""
    # `is true` keeps the index on scopes out of it: most of all documents are public.
    scope = "(d.scope = any(%(scopes)s::bigint[])) is true"
    seen = ANSWERED if question.scopes is None else f"{ANSWERED} and {scope}"
    if question.filters:
        seen += " and d.facets @> %(filters)s::varchar[]"
    weight = MEANING if question.vector else 0.0
    return _SQL.format(
        near_misses=NEAR_MISSES,
        joined=JOINED,
        seen=seen,
        vector=_vector(question),
        near=_near(question),
        meant=_meant(question),
        facets=facet_counts(question.facets),
        dimensions=DIMENSIONS,
        rare=RARE,
        headed=HEADED,
        counted=COUNTED,
        shown=MATCHED,
        floor=FLOOR,
        popular=POPULAR,
        proven=PROVEN,
        used=USED,
        fresh=FRESH,
        season=SEASON,
        by_words=1 - weight,
        by_meaning=weight,
        card=result_rows.COLUMNS,
        joins=result_rows.JOINS,
    )


def facet_counts(wanted: bool) -> str:
    """The commonest facets of what a statement has `kept`, with their counts; null if not WANTED."""
    if not wanted:
        return "null"
    return (
        "(select coalesce(json_agg(json_build_array(f, n)), '[]') from (select f, count(*) n "
        "from (select unnest(facets) f from kept) each group by f order by n desc, f limit 400) counted)"
    )


def _vector(question: Question) -> str:
    return f"%(vector)s::halfvec({question.live.dimensions})" if question.vector and question.live else "null"


def _near(question: Question) -> str:
    if not question.vector or question.live is None:
        return "select null::bigint, null::float8 limit 0"
    narrowed = f" and {ANSWERED}"
    if question.filters:
        narrowed += (
            " and exists (select from skills_document d"
            " where d.skill_id = p.document_id and d.facets @> %(filters)s::varchar[])"
        )
    return nearest_sql(question.live, question.scopes, narrowed, vector=VECTOR)


def nearest_sql(
    live: Live,
    scopes: Sequence[int] | None,
    narrowed: str = "",
    *,
    vector: str = "%(vector)s",
    most: int = NEAR,
) -> str:
    """Documents with the distance of their nearest passage to VECTOR, MOST passages of each class.

    Each class of scopes has an index of its own, so that a visitor's search never walks through
    what visitors may not see; a team's own passages are few or filtered by the planner's choice.
    """
    parts = ["scope = 0"] if scopes is None or PUBLIC in scopes else []
    parts += ["scope = -1"] if scopes is None or INTERNAL in scopes else []
    if scopes is None:
        parts.append("scope > 0")
    elif any(scope > 0 for scope in scopes):
        parts.append("scope > 0 and scope = any(%(scopes)s::bigint[])")
    wide = f"halfvec({live.dimensions})"
    selects = [
        f"(select document_id, vector::{wide} <=> {vector}::{wide} as distance from skills_passage p "
        f"where generation_id = {live.id} and {part}{narrowed} order by distance limit {most})"
        for part in parts
    ] or ["select null::bigint as document_id, null::float8 as distance limit 0"]
    union = " union all ".join(selects)
    return f"select document_id, min(distance) from ({union}) passages group by document_id"


def _meant(question: Question) -> str:
    """How near the best candidates are: the mean of the head and the best piece, and which piece."""
    live = question.live
    if not question.vector or live is None:
        return "select skill_id, null::float8 as meaning, null::int as piece from scored limit 0"
    wide = f"halfvec({live.dimensions})"
    return f"""
        select top.skill_id, best.piece,
            1 - (best.head + coalesce(best.nearest, best.head)) / 2 as meaning
        from (
            (select skill_id from scored order by words desc limit {EXACT})
            union (select document_id from near)
            union (select skill_id from scored where tier > 0 limit {EXACT})
        ) top
        cross join lateral (
            select min(distance) filter (where piece = 0) as head,
                min(distance) filter (where piece > 0) as nearest,
                (array_agg(piece order by distance) filter (where piece > 0))[1] as piece
            from (select piece, vector::{wide} <=> {VECTOR}::{wide} as distance from skills_passage
                where document_id = top.skill_id and generation_id = {live.id} offset 0) passages
        ) best
        where best.head is not null"""


_SQL = """
with query as materialized (
    select {vector} as vector
), counted as materialized (
    select coalesce(sum(documents), 0)::float8 as total from skills_term
    where term = '' and scope = any(%(tier)s::bigint[])
), asked as materialized (
    select given.term, given.id,
        greatest(coalesce(sum(documents) filter (where scope = any(%(tier)s::bigint[])), 0), 0)::float8 as df,
        coalesce(sum(strong) filter (where scope = any(%(tier)s::bigint[])), 0)::float8 as headed,
        -- A name of several parts may be unknown: its parts are asked for as well.
        coalesce(sum(documents), 0) > 0 or given.term ~ '-' as known
    from unnest(%(terms)s::varchar[], %(ids)s::int[]) as given (term, id)
    left join skills_term t on t.term = given.term
        and (t.scope = any(%(scopes)s::bigint[]) or t.scope = any(%(tier)s::bigint[]))
    group by given.term, given.id
), answered as materialized (
    select %(as_it_is)s::bool or coalesce(bool_and(known), true) as yes from asked
), weighted as materialized (
    -- A joined name counts a little beside its parts, which are asked for as well (`JOINED`).
    select term, id, df, headed, ln(1 + (greatest(total - df, 0) + 0.5) / (df + 0.5))
            * case when term ~ '-' then {joined} else 1 end as idf
    from asked, counted
), question as materialized (
    select ('{{' || string_agg(id || ':' || round(idf::numeric, 5), ',' order by id)
            || '}}/{dimensions}')::sparsevec
        as terms from weighted
), rare as materialized (
    select array_agg(term) as terms from (
        select term, sum(df) over (order by df, term) as reach from weighted) w where reach <= {rare}
), headed as materialized (
    select array_agg(term) as terms from (
        select term, sum(headed) over (order by headed, term) as reach,
            row_number() over (order by headed, term) as place
        from weighted where df > 0) w where reach <= {headed} or place = 1
), telling as materialized (
    select term, ('{{' || id || ':1}}/{dimensions}')::sparsevec as one from weighted
    where df > 0 order by idf desc, term
), near (document_id, distance) as materialized ({near}
), found as materialized (
    (select skill_id from skills_document d
        where {seen} and terms && (select terms from rare) limit {counted})
    union
    (select skill_id from skills_document d
        where {seen} and strong && (select terms from headed) limit {counted})
    union
    (select skill_id from skills_document d where {seen} and d.name = %(name)s::varchar limit 20)
    union
    (select skill_id from skills_document d where {seen} and d.name ~>=~ %(name)s::varchar
        and d.name ~<~ %(beyond)s::varchar order by d.name limit 100)
    union
    (select document_id from near)
), scored as materialized (
    select d.skill_id, d.facets,
        -- CI/CD is no skill `cd` of a team `ci`: beside a team that is not there a name counts for nothing.
        case when %(team)s::varchar <> 'team:' and not d.facets @> array[%(team)s]::varchar[] then 0
            when d.name = %(name)s::varchar then 2
            -- One letter begins too many names: `c` asks for the language.
            when starts_with(d.name, %(name)s::varchar) and length(%(name)s::varchar) > 1 then 1
            else 0 end as tier,
        coalesce(-(d.impacts <#> question.terms), 0) as words
    from found join skills_document d using (skill_id), question
), meant as materialized ({meant}
), fused as (
    select scored.*, meant.meaning, meant.piece,
        words / nullif(max(words) over (), 0) as by_words,
        greatest(meaning, 0) / nullif(max(meaning) over (), 0) as by_meaning
    from scored left join meant using (skill_id)
), kept as materialized (
    select skill_id, facets, tier, meaning, piece,
        {by_words} * coalesce(by_words, 0) + {by_meaning} * coalesce(by_meaning, by_words, 0) as score
    from fused where tier > 0 or words > 0 or meaning >= {floor}
), best as (
    select skill_id, tier, score, meaning, piece from kept
    order by tier desc, score desc, skill_id limit %(offset)s::bigint + %(size)s::bigint + {near_misses}
), page as materialized (
    select best.*, row_number() over (
        order by tier desc, score + {popular} * least(ln(1 + fetches) / 10, 1)
            + {proven} * least(2 * coalesce(lift, 0), 1)
            + {used} * least(ln(1 + field_people) / 5, 1)
            + {fresh} * exp(extract(epoch from updated_at - now())::float8 / {season}) desc,
            skill_id) as place
    from best cross join lateral (
        select fetches, lift, field_people, updated_at
        from skills_skill where id = best.skill_id offset 0) known
    order by place offset %(offset)s::bigint limit %(size)s::bigint
)
select json_build_object(
    'total', (select count(*) from kept),
    'unknown', (select coalesce(json_agg(term), '[]') from asked where not known),
    'facets', {facets},
    'hits', (select coalesce(json_agg(row_to_json(hit) order by hit.place), '[]') from (
        select page.place, page.tier, page.score, page.meaning, d.pieces[coalesce(piece, 1) + 1] as passage,
            array(select term from telling where d.impacts <#> one < 0 limit {shown}) as matched,
            {card}
        from page join skills_document d using (skill_id) join skills_skill s on s.id = page.skill_id
            {joins}) hit)
)
"""
