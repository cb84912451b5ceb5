"""Where the bytes of a version were fetched from, which stays known whatever becomes of that place."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from skills.catalog.models import Version
from skills.lib.guards import Guard, Immutable
from skills.lib.provenance import ProvenanceFacts


class Provenance(models.Model):
    """Address, revision (a commit, or what a registry calls its version) and path of a version's bytes.

    `answerable` are the ids of those who said that it is fetched from there: `skills_stake` counts them.
    """

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="provenance")
    # Null once the team has removed it: where the bytes come from stands below.
    source = models.ForeignKey("skills.Source", null=True, on_delete=models.SET_NULL, related_name="brought")
    url = models.CharField(max_length=500)
    ref = models.CharField(max_length=200, blank=True)
    revision = models.CharField(max_length=100, blank=True)
    path = models.CharField(max_length=500, blank=True)
    answerable = ArrayField(models.BigIntegerField(), default=list)
    # Of what a run of CI published.
    run_url = models.CharField(max_length=500, blank=True)
    started_by = models.CharField(max_length=100, blank=True)
    brought_by = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            Immutable(
                name="provenance_is_immutable", message="provenance is immutable", movable=["source_id"]
            ),
            Guard(name="provenance_stays", event="delete", message="provenance is never deleted"),
        ]

    def __str__(self) -> str:
        at = f" at {self.revision}" if self.revision else ""
        return f"{self.url}{at} in {self.path}"


def provenance_of(version: OuterRef) -> "QuerySet[Provenance, Any]":
    """What people read of where VERSION comes from, as one JSON column."""
    shown = ("url", "ref", "revision", "run_url", "started_by", "brought_by")
    rows = Provenance.objects.filter(version=version)
    return rows.values(facts=JSONObject(**{name: name for name in shown}))


def keep_provenance(origins: Iterable[tuple[Version, ProvenanceFacts]]) -> None:
    """Write where the bytes of versions come from, in the transaction that makes them."""
    Provenance.objects.bulk_create(
        Provenance(
            version=version,
            source_id=facts.source_id,
            url=facts.url,
            ref=facts.ref,
            revision=facts.revision,
            path=facts.path,
            answerable=list(facts.answerable),
            run_url=facts.run_url,
            started_by=facts.started_by,
            brought_by=facts.brought_by,
        )
        for version, facts in origins
    )


__all__ = ["Provenance", "ProvenanceFacts", "keep_provenance"]
