"""One document per published skill; vectors for meaning will stand beside it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from skills.catalog.models import Skill


class Document(models.Model):
    """What words find: weighted lexemes, the words typos are matched to, the text of snippets."""

    skill = models.OneToOneField(Skill, on_delete=models.CASCADE, related_name="document")
    words = SearchVectorField()
    vocabulary = ArrayField(models.CharField(max_length=64), default=list)
    body = models.TextField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="document_words"),
            GinIndex(fields=["vocabulary"], name="document_vocabulary"),
        ]

    def __str__(self) -> str:
        return f"document of {self.skill_id}"
