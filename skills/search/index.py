"""Writes the text index of a skill inside the transaction that changes what readers see."""

import re

from django.db import connection

from skills.bundles.frontmatter import split
from skills.catalog.models import Skill
from skills.search.models import Document

CONFIG = "english"
BODY_LIMIT = 200_000  # characters of SKILL.md that are indexed
_WORD = re.compile(r"[^\W_]{2,40}")
_HEADING = re.compile(r"^#{1,6}\s+(.+)$", re.MULTILINE)


def words(text: str) -> list[str]:
    """Lower-case words of a text, hyphens and underscores split."""
    return _WORD.findall(text.lower())


def write(skill: Skill, skill_md: str) -> None:
    """Index what SKILL_MD, the text of the skill's shown version, says."""
    parts = split(skill_md)
    body = (parts[1] if parts else skill_md)[:BODY_LIMIT]
    name, tags = " ".join(words(skill.name)), " ".join(skill.tags)
    headings = " ".join(_HEADING.findall(body))
    vocabulary = sorted({*words(skill.name), *words(skill.description), *skill.tags})[:300]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into skills_document (skill_id, vocabulary, body, words) values (
                %(skill)s, %(vocabulary)s, %(body)s,
                setweight(to_tsvector('english', %(name)s), 'A') ||
                setweight(to_tsvector('english', %(description)s), 'B') ||
                setweight(to_tsvector('english', %(tags)s), 'B') ||
                setweight(to_tsvector('english', %(headings)s), 'C') ||
                setweight(to_tsvector('english', %(body)s), 'D'))
            on conflict (skill_id) do update set
                vocabulary = excluded.vocabulary, body = excluded.body, words = excluded.words
            """,
            {
                "skill": skill.pk, "vocabulary": vocabulary, "body": body.replace("\0", ""),
                "name": name, "description": skill.description, "tags": tags, "headings": headings,
            },
        )  # fmt: skip


def forget(skill: Skill) -> None:
    """Take a skill out of search."""
    Document.objects.filter(skill=skill).delete()
