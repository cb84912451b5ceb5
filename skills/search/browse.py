"""The one statement of browsing: a page of skills in an order, how many there are, their facets.

Filters and words narrow it as they narrow a search; the counts are those of the newest COUNTED.
"""

from collections.abc import Sequence
from typing import Any

from django.db import DataError

from skills.lib.pages import bad_cursor, decode, encode
from skills.search import result_rows
from skills.search.rank import COUNTED, answer, facet_counts

SORTS = {"newest": "-updated_at", "name": "name", "most-used": "-fetches"}
_KINDS = {"updated_at": "timestamptz", "name": "varchar", "fetches": "bigint"}
_SQL = """
with kept as materialized (
    select d.facets from skills_document d join skills_skill s on s.id = d.skill_id
    where {seen} order by s.updated_at desc limit {counted} + 1
)
select json_build_object(
    'total', (select count(*) from kept),
    'facets', {facets},
    'hits', (select coalesce(json_agg(row_to_json(hit)), '[]') from (
        select {card} from skills_document d join skills_skill s on s.id = d.skill_id {joins}
        where {seen} {past} order by s.{column} {way}, s.id {way} limit %(size)s::bigint) hit)
)
"""


def browse(
    scopes: Sequence[int] | None,
    *,
    stems: Sequence[str],
    filters: Sequence[str],
    sort: str,
    cursor: str,
    size: int,
    with_facets: bool,
) -> tuple[dict[str, Any], str]:
    """`total`, `facets` and `hits` (rows of a card), and the cursor of the next page.

    SCOPES of None is everything; every one of FILTERS and any of STEMS must be met.
    """
    order = SORTS.get(sort, SORTS["newest"])
    column = order.removeprefix("-")
    way, side = ("desc", "<") if order.startswith("-") else ("asc", ">")
    values: dict[str, Any] = {
        "scopes": list(scopes or []),
        "filters": list(filters),
        "stems": list(stems),
        "size": size + 1,
    }
    past = ""
    if cursor:
        values["from"], values["after"] = (str(value) for value in decode(cursor, 2))
        past = f"and (s.{column}, s.id) {side} (%(from)s::text::{_KINDS[column]}, %(after)s::text::bigint)"
    conditions = [
        "true" if scopes is None else "d.scope = any(%(scopes)s::bigint[])",
        "d.facets @> %(filters)s::varchar[]" if filters else "",
        "d.terms && %(stems)s::varchar[]" if stems else "",
    ]
    statement = _SQL.format(
        seen=" and ".join(filter(None, conditions)),
        counted=COUNTED,
        facets=facet_counts(with_facets),
        card=result_rows.COLUMNS,
        joins=result_rows.JOINS,
        column=column,
        way=way,
        past=past,
    )
    try:
        page = answer(statement, values)
    except (DataError, ValueError):
        if not cursor:
            raise
        raise bad_cursor() from None
    has_more = len(page["hits"]) > size  # one more than the page was asked for
    page["hits"] = page["hits"][:size]
    last = page["hits"][-1] if has_more else None
    return page, encode([last[column], last["id"]]) if last else ""
