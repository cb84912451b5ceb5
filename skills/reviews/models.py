"""The conversation and the decisions on one version; four eyes is a CHECK, not a habit."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from skills.catalog.models import Version
from skills.lib.clock import now
from skills.lib.guards import Guard

HAS_STAKE = "approvers do not answer for the version"
NOT_FOR_AUTHORS = "the team does not let authors approve this"


class DecisionVerdict(models.TextChoices):
    APPROVE = "approve", "Approve"
    REQUEST_CHANGES = "request_changes", "Request changes"
    REJECT = "reject", "Reject"


class Comment(models.Model):
    """A remark on a version: on one line of one file, or on the whole (no path)."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=255, blank=True)
    line = models.PositiveIntegerField(default=0)
    body = models.CharField(max_length=5000)
    created_at = models.DateTimeField(default=now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "path", "line"], name="comment_place")]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Decision(models.Model):
    """One reviewer's verdict on exactly these bytes, with the policy of that moment."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="decisions")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    # Those of the version again, because a CHECK sees only its own row.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=20, choices=DecisionVerdict)
    digest = models.CharField(max_length=71)
    reason = models.CharField(max_length=2000, blank=True)
    self_approval_allowed = models.BooleanField(default=False)
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(verdict="approve")
                | ~Q(reviewer=F("author")) & ~Q(reviewer=F("responsible"))
                | Q(self_approval_allowed=True),
                name="four_eyes",
                violation_error_message="Authors do not approve their own versions.",
            ),
            # What the row does not show: who administers a service account, earlier attempts, the same bytes.
            Guard(
                name="approvers_have_no_stake",
                event="insert",
                message=HAS_STAKE,
                condition="new.verdict = 'approve' and not new.self_approval_allowed"
                " and new.reviewer_id not in (new.author_id, new.responsible_id)"
                " and skills_stake(new.version_id, new.reviewer_id) is not null",
            ),
            Guard(
                name="authors_approve_where_policy_lets_them",
                event="insert",
                message=NOT_FOR_AUTHORS,
                condition="new.self_approval_allowed and not skills_lets_authors_judge(new.version_id)",
            ),
            models.UniqueConstraint(
                fields=["version", "reviewer"],
                condition=Q(verdict="approve"),
                name="one_approval_per_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(verdict="approve") | ~Q(reason=""), name="refusals_have_a_reason"
            ),
            Guard(
                name="decisions_are_immutable", event="update or delete", message="decisions are immutable"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.reviewer_id}"
