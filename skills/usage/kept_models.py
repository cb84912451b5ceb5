"""What a team keeps of its agents' calls for some days, where it wishes so."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from skills.lib.clock import now
from skills.people.models import Team


class CallKeeping(models.Model):
    """For how many days prompts and answers of a team's calls are kept; 0 is not at all.

    Keeping more begins after it was said to everybody whom it concerns: at `begins_at` `next_days` count.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="call_keeping")
    days = models.PositiveSmallIntegerField(default=0)
    next_days = models.PositiveSmallIntegerField(null=True)
    begins_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"keeping of {self.team}"


class KeptCall(models.Model):
    """What one call said and was answered, packed and encrypted."""

    hold_id = models.UUIDField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    model = models.CharField(max_length=120)
    agent = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=now)
    delete_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["team", "-at"], name="kept_call_of_team"),
            models.Index(fields=["account", "-at"], name="kept_call_of_account"),
            models.Index(fields=["delete_at"], name="kept_call_end"),
        ]

    def __str__(self) -> str:
        return str(self.hold_id)
