"""The conversation and the decisions on one version; four eyes is a CHECK, not a habit."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from skills.catalog.models import Skill, Version
from skills.lib.clock import now
from skills.lib.guards import Guard

HAS_STAKE = "approvers do not answer for the version"
BODY_LENGTH = 5000  # characters of a remark
NOT_FOR_AUTHORS = "the team does not let authors approve this"


class DecisionVerdict(models.TextChoices):
    APPROVE = "approve", "Approve"
    REQUEST_CHANGES = "request_changes", "Request changes"
    REJECT = "reject", "Reject"


class Side(models.TextChoices):
    """Of a comparison: the text that goes, or the text that comes."""

    OLD = "old", "before"
    NEW = "new", "after"


class PlaceInText(models.Model):
    """What is said about a version: some lines of a file, or the whole (no path).

    `base` is set where the lines are of the text before: they stand in the file of that version. `first_line`
    is 0 where one line alone is meant, which is `line`, and in rows of releases that knew no more.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="%(class)ss")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    base = models.ForeignKey(Version, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=255, blank=True)
    first_line = models.PositiveIntegerField(default=0, db_default=0)
    line = models.PositiveIntegerField(default=0)
    body = models.CharField(max_length=BODY_LENGTH)
    created_at = models.DateTimeField(default=now)

    class Meta:
        abstract = True

    @property
    def first(self) -> int:
        return self.first_line or self.line

    @property
    def side(self) -> Side:
        return Side.NEW if self.base_id is None else Side.OLD

    @property
    def in_version(self) -> Version:
        """The version in whose file the lines stand."""
        return self.base or self.version

    @property
    def lines(self) -> str:
        """The lines as people write them, "" where the whole is meant."""
        if not self.line:
            return ""
        return str(self.line) if self.first == self.line else f"{self.first}–{self.line}"


class Comment(PlaceInText):
    """A remark; with its replies it is a thread, and only the first one is open or resolved.

    `rendered` is its Markdown as HTML, "" where it was not read: then `body` is shown as it is written.
    """

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    rendered = models.TextField(blank=True, default="", db_default="")
    edited_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "path", "line"], name="comment_place")]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class CommentDraft(PlaceInText):
    """A remark that only its author sees, until the decision it goes with."""

    parent = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "author"], name="draft_of_author")]

    def __str__(self) -> str:
        return f"{self.path}:{self.line} (draft)"


class ReviewVisit(models.Model):
    """Somebody has looked at the changes of a version: the next attempt is compared with it, for them."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    visited_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "account"], name="one_visit_of_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} saw {self.version_id}"


class ViewedFile(models.Model):
    """Somebody has ticked a file as viewed: these bytes, at this path, in whatever attempt they come."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, blank=True)  # "" of a file that was removed

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "skill", "path", "sha256"], name="one_tick_of_a_file")
        ]

    def __str__(self) -> str:
        return self.path


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
    # The approved version of that moment, which the changes were compared with; null where there was none,
    # and in rows of earlier releases.
    base = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

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
