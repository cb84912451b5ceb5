"""What the checks found. A scan that did not finish holds its version; it is never clean."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from skills.catalog.models import Version
from skills.lib.clock import now
from skills.scans.checks.contract import Severity

_SEVERITIES = [(severity.value, severity.capitalize()) for severity in Severity]


class ScanState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    HELD = "held", "Held: did not finish"


class Scan(models.Model):
    """One run of all checks over one version."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="scan")
    state = models.CharField(max_length=10, choices=ScanState, default=ScanState.WAITING)
    rules = models.CharField(max_length=20, blank=True)
    inventory = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"scan of {self.version_id}: {self.state}"


class Finding(models.Model):
    """Something a check says. A waiver keeps it, with the reviewer's reason."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=60)
    severity = models.CharField(max_length=10, choices=_SEVERITIES)
    path = models.CharField(max_length=255, blank=True)
    line = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=500)
    snippet = models.CharField(max_length=300, blank=True)
    remedy = models.CharField(max_length=500, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    waived_at = models.DateTimeField(null=True, blank=True)
    waiver = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["scan", "path", "line"], name="finding_place")]

    def __str__(self) -> str:
        return f"{self.rule} in {self.path}:{self.line}"
