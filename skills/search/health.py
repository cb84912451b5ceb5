"""Compares what search keeps with what the catalogue says."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from skills.catalog.models import Skill
from skills.search import embed, passages
from skills.search.index import scope_of
from skills.search.models import Document, Generation

_COUNTS = """
    with true_counts as (
        select scope, term, count(*) as documents from skills_document, unnest(terms) term group by 1, 2
        union all select scope, '', count(*) from skills_document group by 1)
    select count(*) from true_counts t
        full join (select * from skills_term where documents <> 0) k using (scope, term)
    where t.documents is distinct from k.documents
"""


@dataclass
class Health:
    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def examine() -> Health:
    """Documents against published skills, scopes, word counts, vectors by generation, the process."""
    report = Health()
    shown = Skill.objects.filter(shown__isnull=False)
    report.lines.append(f"{shown.count()} published skills, {Document.objects.count()} documents")
    report.problems += [
        f"{skill} has no document" for skill in shown.filter(document=None).select_related("team")
    ]
    for document in Document.objects.select_related("skill__team").iterator():
        skill = document.skill
        if skill.shown_id is None:
            report.problems.append(f"{skill} has a document and no approved version")
        elif (document.scope, document.name) != (scope_of(skill), skill.name):
            report.problems.append(f"{skill}: the document has another scope or name")
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        wrong = cursor.fetchone()[0]
        cursor.execute(
            "select count(*) from skills_passage p join skills_document d on d.skill_id = p.document_id "
            "where p.scope <> d.scope"
        )
        misplaced = cursor.fetchone()[0]
    if wrong:
        report.problems.append(f"{wrong} word counts are wrong")
    if misplaced:
        report.problems.append(f"{misplaced} vectors have another scope than their document")
    for generation in Generation.objects.order_by("pk"):
        waiting = passages.pending(generation)
        report.lines.append(f"generation {generation.pk}: {generation}, {waiting} documents wait for vectors")
    report.lines.append(f"the embed process {_process()}")
    return report


def _process() -> str:
    live = passages.live()
    try:
        embed.vectors(live.model if live else settings.EMBED_MODEL, ["well"], seconds=5)
    except embed.Away as error:
        return f"is away: {error}"
    return "answers"
