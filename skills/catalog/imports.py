"""What each import into a team did, kept for those who administer it."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from skills.catalog.source_paths import LENGTH
from skills.lib.clock import now
from skills.lib.guards import Guard, Immutable
from skills.people.models import Account, Team


class ImportRun(models.Model):
    """One run of `manage.py import_skills`; `report` is its JSON report."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=LENGTH)
    revision = models.CharField(max_length=100, blank=True)
    report = models.JSONField()
    at = models.DateTimeField(default=now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["team", "-id"], name="import_of_team")]
        constraints: ClassVar = [
            Immutable(name="import_runs_are_immutable", message="reports of imports are immutable"),
            Guard(name="import_runs_stay", event="delete", message="reports of imports are never deleted"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk} of {self.source}"

    def get_absolute_url(self) -> str:
        return reverse("team-import", args=[self.team.handle, self.pk])
