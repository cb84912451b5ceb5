"""Where a team's skills come from, and what each sync with it found."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from skills.catalog.models import Visibility
from skills.lib.clock import now
from skills.lib.guards import Immutable
from skills.people.models import Account, Team
from skills.upstream.address import UpstreamKind

PROBLEM_LENGTH = 1000  # characters
MOST_FAILURES = 1000  # that are counted; the pause has not grown for long then


class SourceKind(models.TextChoices):
    """What is at the address of a source."""

    GIT = UpstreamKind.GIT.value, "Git repository"
    SKILLHUB = UpstreamKind.SKILLHUB.value, "Another SkillHub"
    INDEX = UpstreamKind.INDEX.value, "Index at .well-known/agent-skills"
    CLAWHUB = UpstreamKind.CLAWHUB.value, "ClawHub registry"


class Source(models.Model):
    """An address that SkillHub reads for a team.

    `next_at` is when it is read again, null where only somebody's word starts that. Both secrets are
    encrypted; the token is decrypted in the worker alone.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=10, choices=SourceKind)
    url = models.CharField(max_length=500)
    ref = models.CharField(max_length=200, blank=True)
    folder = models.CharField(max_length=300, blank=True)
    names = ArrayField(models.CharField(max_length=128), default=list, blank=True)
    token = models.BinaryField(null=True, blank=True)
    webhook_secret = models.BinaryField(null=True, blank=True)
    minutes = models.PositiveIntegerField(default=1440)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.TEAM)
    approves = models.BooleanField(default=False)
    # The author of the versions it brings: who added it, or said last where it fetches from.
    responsible = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    # Ids of everybody who ever said so: what it brings from there is theirs as well.
    answerable = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField(default=now)
    next_at = models.DateTimeField(null=True, blank=True)
    # Somebody asked while a sync was under way, which may have read before the news came.
    asked_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    revision = models.CharField(max_length=100, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=PROBLEM_LENGTH, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "kind", "url", "ref", "folder", "names"],
                name="one_source_per_place",
                violation_error_message="The team has this source already.",
            ),
            models.CheckConstraint(condition=Q(kind__in=SourceKind.values), name="source_kind_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["next_at"], name="source_due")]

    def __str__(self) -> str:
        # Without the scheme, as people say it.
        place = self.url.removeprefix("https://").removeprefix("http://").rstrip("/")
        at = f"@{self.ref}" if self.ref else ""
        inside = f" in {self.folder}" if self.folder else ""
        return f"{place}{at}{inside}"

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.team.handle, self.pk])

    @property
    def has_token(self) -> bool:
        return bool(self.token)

    @property
    def has_webhook(self) -> bool:
        return bool(self.webhook_secret)


class SyncState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


OPEN = (SyncState.QUEUED, SyncState.RUNNING)


class Cause(models.TextChoices):
    """What a sync was started by."""

    SCHEDULE = "schedule", "schedule"
    WEBHOOK = "webhook", "webhook"
    PERSON = "person", "person"


class Sync(models.Model):
    """One reading of a source. A plan only says what would change; `changes` are those of
    `flows.intake.changes`, as JSON."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="syncs")
    is_plan = models.BooleanField(default=False)
    cause = models.CharField(max_length=10, choices=Cause)
    by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SyncState, default=SyncState.QUEUED)
    revision = models.CharField(max_length=100, blank=True)
    problem = models.CharField(max_length=PROBLEM_LENGTH, blank=True)
    changes = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "is_plan"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="one_open_sync_per_source",
            ),
            Immutable(
                name="syncs_keep_their_cause",
                message="a sync keeps its cause",
                movable=[
                    *("state", "revision", "problem", "changes", "left_out"),
                    *("started_at", "finished_at"),
                ],
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["source", "-id"], name="sync_of_source")]

    def __str__(self) -> str:
        return f"{'plan' if self.is_plan else 'sync'} {self.pk} of {self.source}"

    def get_absolute_url(self) -> str:
        return reverse("source-sync", args=[self.source.team.handle, self.source_id, self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
