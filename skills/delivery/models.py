"""How often versions are fetched, by day."""

from typing import ClassVar

from django.db import models

from skills.catalog.models import Version


class FetchDay(models.Model):
    """Fetches of one version on one day (UTC), added up by the `count_fetches` task."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="fetch_days")
    day = models.DateField()
    fetches = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "day"], name="one_count_per_day")]

    def __str__(self) -> str:
        return f"{self.version_id} on {self.day}: {self.fetches}"
