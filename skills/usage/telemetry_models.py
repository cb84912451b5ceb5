"""What agents told by telemetry, as far as it must be remembered so that nothing is booked twice."""

from typing import ClassVar

from django.db import models

from skills.lib.clock import now
from skills.people.models import Account, Team


class ReportedSession(models.Model):
    """A session that an agent's telemetry told of: by what it is booked, and which skill is at work."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    session = models.CharField(max_length=120)
    # Calls were told one by one, so that totals of the same session are not booked as well.
    tells_calls = models.BooleanField(default=False, db_default=False)
    skill_name = models.CharField(max_length=64, blank=True, default="", db_default="")
    skill_at = models.DateTimeField(null=True)  # when it was activated
    seen_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "session"], name="one_row_per_reported_session")
        ]
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="reported_session_age")]

    def __str__(self) -> str:
        return self.session


class WaitingUsage(models.Model):
    """Totals that telemetry told and that wait: the same calls may still be told one by one."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    session = models.CharField(max_length=120)
    key = models.CharField(max_length=64)  # a digest of its series and time: a total that comes again is one
    call = models.JSONField()
    due_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "key"], name="one_row_per_waiting_usage")
        ]
        indexes: ClassVar = [models.Index(fields=["due_at"], name="waiting_usage_due")]

    def __str__(self) -> str:
        return self.key


class CumulativeSeries(models.Model):
    """How far a counter that only grows had grown when it was last told."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    value = models.FloatField()
    seen_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "key"], name="one_row_per_cumulative_series")
        ]
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="cumulative_series_age")]

    def __str__(self) -> str:
        return self.key


class TelemetryWish(models.Model):
    """Whether what telemetry tells counts against the budgets of a team; it never refuses a call."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="telemetry_wish")
    counts = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"telemetry of {self.team}"
