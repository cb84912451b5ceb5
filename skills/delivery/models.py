"""How often versions are fetched and installed, by day, team and client; whose bytes are damaged."""

from typing import ClassVar

from django.db import models

from skills.catalog.models import Version
from skills.lib.blobs import BlobFaultKind
from skills.lib.clock import now
from skills.people.models import Team


class FetchDay(models.Model):
    """Fetches and installs of one version on one day (UTC) by one team through one client.

    Added up by the `count_fetches` task; team is None for visitors and for people without a shared team.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="fetch_days")
    day = models.DateField()
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    client = models.CharField(max_length=20, default="api")
    fetches = models.PositiveIntegerField(default=0)
    installs = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "day", "team", "client"], name="one_count_per_day", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} on {self.day}: {self.fetches}"


class DamagedBlob(models.Model):
    """A blob that versions need and that the store does not give; deleted when it is right again."""

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in BlobFaultKind])
    found_at = models.DateTimeField(default=now)
    looked_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.digest} is {self.kind}"
