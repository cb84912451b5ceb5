"""What search keeps: a document per published skill, its vectors by generation, word counts by scope.

A *scope* says who may see a document: PUBLIC, INTERNAL, or the id of the team that keeps it.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from pgvector.django import HalfVectorField, SparseVectorField

from skills.catalog.models import Skill
from skills.lib.clock import now
from skills.search.text_features import DIMENSIONS

PUBLIC, INTERNAL = 0, -1


class Document(models.Model):
    """What words find. `strong` are the words of name, description, tags and headings."""

    skill = models.OneToOneField(Skill, on_delete=models.CASCADE, related_name="document", primary_key=True)
    scope = models.BigIntegerField()
    name = models.CharField(max_length=64)
    facets = ArrayField(models.CharField(max_length=120))
    terms = ArrayField(models.CharField(max_length=40))
    strong = ArrayField(models.CharField(max_length=40))
    impacts = SparseVectorField(dimensions=DIMENSIONS)
    pieces = ArrayField(models.TextField())
    words = models.PositiveSmallIntegerField(default=1)  # `text_features.WORDS` when it was written
    written_at = models.DateTimeField(default=now)

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["terms"], name="document_terms", fastupdate=False),
            GinIndex(fields=["strong"], name="document_strong", fastupdate=False),
            GinIndex(fields=["facets"], name="document_facets", fastupdate=False),
            models.Index(OpClass("name", name="varchar_pattern_ops"), name="document_name"),
            models.Index(fields=["scope"], name="document_scope"),
        ]

    def __str__(self) -> str:
        return f"document of {self.skill_id}"


class Term(models.Model):
    """In how many documents of a scope a stem stands; the empty term counts the documents."""

    scope = models.BigIntegerField()
    term = models.CharField(max_length=40)
    word = models.CharField(max_length=40)
    documents = models.IntegerField()
    strong = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "scope"], name="one_count_per_scope")
        ]
        indexes: ClassVar = [
            models.Index(OpClass("term", name="varchar_pattern_ops"), "scope", name="term_prefix")
        ]

    def __str__(self) -> str:
        return self.term


class GenerationState(models.TextChoices):
    BUILDING = "building", "Building"
    LIVE = "live", "Live"
    OLD = "old", "Old: searches that had begun may still use it"


class Generation(models.Model):
    """All vectors of one model and one way to cut pieces. Searches use the live one."""

    model = models.CharField(max_length=200)
    dimensions = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=GenerationState, default=GenerationState.BUILDING)
    created_at = models.DateTimeField(default=now)
    live_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["state"], name="one_generation_per_state")]

    def __str__(self) -> str:
        return f"{self.model} ({self.state})"


class Passage(models.Model):
    """The vector of one piece of a document; piece 0 is name and description."""

    generation = models.ForeignKey(
        Generation, on_delete=models.CASCADE, related_name="passages", db_index=False
    )
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="passages", db_index=False)
    piece = models.PositiveSmallIntegerField()
    scope = models.BigIntegerField()
    vector = HalfVectorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "generation", "piece"], name="one_vector_per_piece")
        ]
        indexes: ClassVar = [models.Index(fields=["scope"], name="passage_scope")]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.piece}"


class SearchEntry(models.Model):
    """One line of the query log: who, hashed; what was asked, shown and chosen."""

    account = models.CharField(max_length=32, blank=True)
    query = models.CharField(max_length=500)
    shown = ArrayField(models.BigIntegerField())
    chosen = models.ForeignKey(Skill, null=True, on_delete=models.SET_NULL, related_name="+")
    total = models.IntegerField()
    at = models.DateTimeField(default=now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at"], name="entry_age"),
            models.Index(fields=["account", "-at"], name="entry_of"),
        ]

    def __str__(self) -> str:
        return self.query
