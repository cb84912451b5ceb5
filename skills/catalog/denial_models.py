"""The table of bytes that are refused (`denials.py`)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from skills.catalog.models import Version
from skills.lib.clock import now
from skills.lib.guards import Guard, Immutable
from skills.people.models import Account


class Denial(models.Model):
    """The bytes of a version that staff removed: refused under every name until staff lift it."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="denial")
    # Each with its kind before it, as `denials.py` writes them; of the archive, the tree and single files.
    digests = ArrayField(models.CharField(max_length=80))
    # None: removed before there was a deny list.
    denied_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    denied_at = models.DateTimeField(default=now)
    lifted_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="lifting_has_a_name_and_a_reason",
            ),
            Guard(name="denials_stay", event="delete", message="denials are lifted, never deleted"),
            Immutable(
                name="denials_are_immutable",
                message="denials are immutable",
                movable=["lifted_by_id", "lifted_at", "lift_reason"],
            ),
            Guard(
                name="denials_are_lifted_once",
                event="update",
                message="denials are lifted once",
                condition="old.lifted_at is not null",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["digests"], name="denial_digests")]

    def __str__(self) -> str:
        return f"the bytes of {self.version}"

    @property
    def files(self) -> int:
        """How many files are refused by themselves too."""
        return sum(digest.startswith("file:") for digest in self.digests)
