"""One notice for one account, and what each account wants to hear of."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from skills.lib.clock import now


class Kind(models.TextChoices):
    """What a notice is about."""

    REVIEW_ASKED = "review_asked", "A version waits for your review"
    DECIDED = "decided", "Your version was approved, rejected or needs changes"
    COMMENTED = "commented", "Somebody commented on a version you follow"
    MENTIONED = "mentioned", "Somebody named you in a review"
    SCANNED = "scanned", "The checks of your version found a problem"
    NEW_VERSION = "new_version", "A skill or team you follow has a new version"
    WITHDRAWN_FROM_USE = "withdrawn_from_use", "A version you fetched or follow was yanked or removed"
    TEAM = "team", "Your role in a team changed"
    REPORTED = "reported", "A skill was reported"
    EVALUATED = "evaluated", "An evaluation you asked for has ended"
    BUDGET = "budget", "A budget of yours passes a mark, or stops calls"
    BUDGET_OF_OTHERS = "budget_of_others", "A budget that you manage for somebody else does"
    KEEPING = "keeping", "A team keeps what your agents say, or ends that"
    NAME = "name", "For staff: somebody asks for a name that is near to another"
    SOURCE = "source", "A source of a team you administer fails, or brought new versions"
    STORAGE = "storage", "For staff: stored bytes are missing, damaged or right again"


class Notice(models.Model):
    """One line in the notices page of one account."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="notice_of_account"),
            models.Index(fields=["account"], condition=models.Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text


class NoticePreference(models.Model):
    """Where one kind of notice goes; without a row it goes to both places."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    in_app = models.BooleanField(default=True)
    by_email = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "kind"], name="one_preference_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.kind}"
