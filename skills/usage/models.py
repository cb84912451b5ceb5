"""What approved texts are known by, and the texts in use that nobody reviewed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from skills.catalog.models import Skill, Version
from skills.lib.clock import now
from skills.people.models import Team


class VersionFingerprint(models.Model):
    """The fingerprint of a version's SKILL.md (fingerprints.py), written when it is approved.

    Hashes are stored as PostgreSQL's signed numbers.
    """

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="fingerprint")
    letters = models.PositiveIntegerField()
    whole = models.BigIntegerField()
    offset = models.PositiveIntegerField()
    marks = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"fingerprint of {self.version}"


class UnreviewedSkill(models.Model):
    """A skill that agents of a team use and that is no approved version; its text is not kept."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=71)  # of the letters of its body
    # The skill whose text it is an altered copy of, where it is one that the agent's owner may read.
    near = models.ForeignKey(Skill, null=True, on_delete=models.SET_NULL, related_name="+")
    calls = models.PositiveBigIntegerField(default=0, db_default=0)
    first_seen_at = models.DateTimeField(default=now)
    last_seen_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "name", "digest"], name="one_unreviewed_skill_per_text")
        ]
        indexes: ClassVar = [models.Index(fields=["team", "-last_seen_at"], name="unreviewed_newest")]

    def __str__(self) -> str:
        return f"{self.name} in use by {self.team}"
