"""The audit log's one table; a trigger refuses every change but sealing."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from skills.lib.clock import now
from skills.lib.guards import Guard, Immutable


class Event(models.Model):
    """One act. `seq`, `previous` and `seal` are written once, later, by the sealing task."""

    at = models.DateTimeField(default=now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    target = models.CharField(max_length=200)
    team = models.ForeignKey(
        "skills.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    detail = models.JSONField(default=dict)
    seq = models.BigIntegerField(null=True, unique=True)
    previous = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            Guard(name="events_stay", event="delete", message="the audit log is append-only"),
            Immutable(
                name="events_are_immutable",
                message="the audit log is append-only",
                movable=["seq", "previous", "seal"],
            ),
            Guard(
                name="events_are_sealed_once",
                event="update",
                message="the audit log is append-only",
                condition="old.seq is not null or new.seq is null",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["team", "-id"], name="event_of_team"),
            models.Index(fields=["act", "-id"], name="event_by_act"),
            models.Index(fields=["id"], condition=models.Q(seq=None), name="event_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.act} {self.target}"
