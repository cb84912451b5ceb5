"""Writes the words of a skill inside the transaction that changes what readers see.

Words are found with the commit; the vectors follow from a job (see `passages`). Word counts are
kept by scope, so that nobody's ranking or correction is made from what they may not read.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection

from skills.catalog.models import Skill, Visibility
from skills.jobs.enqueue import enqueue
from skills.lib.clock import now
from skills.search.models import INTERNAL, PUBLIC, Document
from skills.search.text_features import WORDS, Text

EMBED_JOB = "embed_passages"
OUTDATED = 100  # documents that are written anew at once
_COUNT = """
    insert into skills_term (scope, term, word, documents, strong)
    select %(scope)s, term, word, %(step)s, case when strong then %(step)s else 0 end
    from unnest(%(terms)s::text[], %(words)s::text[], %(strong)s::bool[]) as given (term, word, strong)
    order by term
    on conflict (term, scope) do update set
        documents = skills_term.documents + excluded.documents,
        strong = skills_term.strong + excluded.strong
"""
_RECOUNT = """
    delete from skills_passage p using skills_skill s where s.id = p.document_id and s.shown_id is null;
    delete from skills_document d using skills_skill s where s.id = d.skill_id and s.shown_id is null;
    update skills_term set documents = 0, strong = 0;
    insert into skills_term (scope, term, word, documents, strong)
    select scope, term, term, count(*), count(*) filter (where term = any(strong))
    from skills_document, unnest(array_append(terms, '')) term group by scope, term
    on conflict (term, scope) do update set documents = excluded.documents, strong = excluded.strong
"""
_WRITE = """
    insert into skills_document
        (skill_id, scope, name, facets, terms, strong, impacts, pieces, words, written_at)
    values (%(skill)s, %(scope)s, %(name)s, %(facets)s, %(terms)s, %(strong)s, %(impacts)s::sparsevec,
        %(pieces)s, %(version)s, %(now)s)
    on conflict (skill_id) do update set scope = excluded.scope, name = excluded.name,
        facets = excluded.facets, terms = excluded.terms, strong = excluded.strong,
        impacts = excluded.impacts, pieces = excluded.pieces, words = excluded.words,
        written_at = excluded.written_at
"""


def scope_of(skill: Skill) -> int:
    """Who may see SKILL: PUBLIC, INTERNAL, or its team's id."""
    if skill.visibility == Visibility.PUBLIC:
        return PUBLIC
    return INTERNAL if skill.visibility == Visibility.INTERNAL else skill.team_id


def facets_of(skill: Skill, **more: Iterable[str]) -> list[str]:
    """What a search can be narrowed to, as `kind:value`; MORE has values by kind."""
    month = f"{skill.updated_at:%Y-%m}"
    pairs = [("team", [skill.team.handle]), ("tag", skill.tags), ("updated", [month]), *more.items()]
    return sorted({f"{kind}:{value}"[:120] for kind, values in pairs for value in values})


def write(
    skill: Skill,
    skill_md: str,
    *,
    tools: Iterable[str] = (),
    labels: Iterable[str] = (),
    models: Iterable[str] = (),
) -> None:
    """Index SKILL_MD, the text of the shown version; unchanged passages keep their vectors."""
    text = Text(skill.name, skill.description, skill.tags, skill_md)
    scope = scope_of(skill)
    row: dict[str, Any] = {
        "skill": skill.pk,
        "scope": scope,
        "name": skill.name,
        "now": now(),
        "terms": text.terms,
        "facets": facets_of(skill, tool=tools, label=labels, model=models),
        "strong": text.strong,
        "impacts": text.impacts,
        "pieces": text.pieces,
        "version": WORDS,
    }
    with connection.cursor() as cursor:
        cursor.execute("select pieces from skills_document where skill_id = %s", [skill.pk])
        old = cursor.fetchone()
        if old and old[0] == text.pieces:  # a change of visibility or name costs no new vectors
            cursor.execute("update skills_passage set scope = %s where document_id = %s", [scope, skill.pk])
        else:
            cursor.execute("delete from skills_passage where document_id = %s", [skill.pk])
            if settings.EMBED:
                enqueue(EMBED_JOB, key=EMBED_JOB)
        _uncount(skill.pk)
        cursor.execute(_WRITE, row)
    strong = set(text.strong)
    _count(
        scope,
        1,
        ["", *text.terms],
        ["", *(text.surface[term] for term in text.terms)],
        [False, *(term in strong for term in text.terms)],
    )


def outdated() -> list[int]:
    """The ids of some skills whose documents were written with words of another version."""
    rows = Document.objects.exclude(words=WORDS).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:OUTDATED])


def remove(skill: Skill) -> None:
    """Take a skill out of search."""
    _uncount(skill.pk)
    with connection.cursor() as cursor:
        cursor.execute("delete from skills_passage where document_id = %s", [skill.pk])
        cursor.execute("delete from skills_document where skill_id = %s", [skill.pk])


def recount() -> None:
    """Make the word counts what the documents say, and drop documents of what nobody sees."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT)


def _uncount(skill_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select scope, terms, strong from skills_document where skill_id = %s", [skill_id])
        row = cursor.fetchone()
    if row:
        scope, terms, strong = row[0], row[1], set(row[2])
        _count(scope, -1, ["", *terms], ["", *terms], [False, *(term in strong for term in terms)])


def _count(scope: int, step: int, terms: list[str], words: list[str], strong: list[bool]) -> None:
    values: dict[str, Any] = {"scope": scope, "step": step, "terms": terms, "words": words, "strong": strong}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
