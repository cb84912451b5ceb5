"""The tables of the catalogue. What must never change is guarded by triggers (`lib/guards.py`)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from skills.catalog.number_order import HIGHEST_FIRST
from skills.lib.clock import now
from skills.lib.errors import Problem
from skills.lib.guards import Guard, Immutable
from skills.people.models import Account, Team


class Visibility(models.TextChoices):
    """Who may read an approved version; each wider than the one before."""

    TEAM = "team", "Team: its members"
    INTERNAL = "internal", "Internal: everyone who signs in"
    PUBLIC = "public", "Public: everyone"


class State(models.TextChoices):
    SCANNING = "scanning", "Scanning"
    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    APPROVED = "approved", "Approved"
    YANKED = "yanked", "Yanked"
    REMOVED = "removed", "Removed"


FETCHABLE = (State.APPROVED, State.YANKED)
CHANGELOG_LENGTH = 2000  # characters
OPEN = (State.SCANNING, State.IN_REVIEW)
# Whether no other bytes may take a version's number: a draft that was removed frees it; whatever was approved
# holds it for good (decision 0014).
HOLDS_NUMBER = Q(state__in=[state.value for state in OPEN]) | Q(approved_at__isnull=False)


_NO_MODELS = models.Value([], output_field=ArrayField(models.CharField(max_length=200)))


class Skill(models.Model):
    """`team/name`. What readers see is copied from `shown`: `latest`, or else a prerelease."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="skills")
    name = models.CharField(max_length=64)
    description = models.CharField(max_length=1100, blank=True)
    license = models.CharField(max_length=1100, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    catalogue_tokens = models.PositiveIntegerField(default=0)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.TEAM)
    # Kept here, though it could be computed: lists and searches sort and join on it (`public_columns.py`).
    latest = models.ForeignKey(
        "skills.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    shown = models.ForeignKey(
        "skills.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published = models.BooleanField(default=False)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    deprecated_at = models.DateTimeField(null=True, blank=True)
    deprecation_note = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    fetches = models.PositiveBigIntegerField(default=0)
    stars = models.PositiveIntegerField(default=0)
    installs = models.PositiveBigIntegerField(default=0, db_default=0)
    field_people = models.PositiveIntegerField(default=0, db_default=0)  # who used it lately at work
    field_uses = models.PositiveIntegerField(default=0, db_default=0)  # the sessions of theirs
    field_micros = models.BigIntegerField(null=True, blank=True)  # of one use; null: no call has a price
    lift = models.FloatField(null=True, blank=True)  # of `shown` over its models; null: nothing is proven
    # The models that `shown` was evaluated on, by label.
    tested_on = ArrayField(models.CharField(max_length=200), default=list, blank=True, db_default=_NO_MODELS)

    # Copied by public_columns.py from the manifest of `shown`, which has them under the same names.
    FROM_MANIFEST: ClassVar = ("description", "license", "tags", "catalogue_tokens")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "name"], name="one_skill_per_name"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="visibility_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-updated_at", "-id"], name="skill_newest"),
            models.Index(fields=["name", "id"], name="skill_by_name"),
            GinIndex(fields=["tags"], name="skill_tags"),
        ]

    def __str__(self) -> str:
        return f"{self.team.handle}/{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("skill", args=[self.team.handle, self.name])


class SkillName(models.Model):
    """Every name a skill has or had: never given to another, and old ones redirect."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=64)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="names")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "name"], name="names_are_never_reused"),
            Guard(
                name="names_stay_with_their_skill",
                event="update or delete",
                message="names are never given to another skill",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """One immutable submission. `number` is without build metadata, which `build` keeps."""

    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="versions")
    number = models.CharField(max_length=64)
    build = models.CharField(max_length=64, blank=True)
    is_prerelease = models.BooleanField(default=False)
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.SCANNING)
    digest = models.CharField(max_length=71, validators=[RegexValidator(r"^sha256:[0-9a-f]{64}$")])
    size = models.PositiveIntegerField()
    manifest = models.JSONField()
    rendered = models.TextField(blank=True)
    changelog = models.CharField(max_length=CHANGELOG_LENGTH, blank=True)
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="versions")
    # The person behind the author: themselves, or who made the token of a service account.
    responsible = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    requested_visibility = models.CharField(max_length=10, choices=Visibility)
    created_at = models.DateTimeField(default=now)
    state_at = models.DateTimeField(default=now)
    approved_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    notes = models.JSONField(default=list)  # what of its upload was left out or renamed, for who reviews it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["skill", "number", "attempt"], name="one_row_per_attempt"),
            models.UniqueConstraint(
                fields=["skill", "number"],
                condition=HOLDS_NUMBER,
                name="one_live_row_per_number",
                violation_error_message="This number is taken by a version that is open or was approved.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in FETCHABLE]) | Q(approved_at__isnull=False),
                name="approval_has_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["yanked", "removed"]) | ~Q(reason=""),
                name="yank_and_removal_have_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^sha256:[0-9a-f]{64}$"), name="digest_is_sha256"
            ),
            Guard(name="versions_stay", event="delete", message="versions are never deleted"),
            Immutable(
                name="versions_are_immutable",
                message="versions are immutable",
                movable=[
                    *("state", "state_at", "approved_at", "reason"),  # what the state machine writes
                    *("manifest", "changelog", "rendered"),  # the content: the guards below
                ],
            ),
            Guard(
                name="content_is_immutable",
                event="update",
                message="the content of a version is immutable",
                condition="new.state <> 'removed' and ("
                "(new.manifest, new.changelog) is distinct from (old.manifest, old.changelog)"
                # The checks render SKILL.md once, before anybody approves it.
                " or (new.rendered <> old.rendered and old.approved_at is not null))",
            ),
            Guard(
                name="removed_versions_stay_removed",
                event="update",
                message="removed versions stay removed",
                condition="old.state = 'removed' and new.state <> 'removed'",
            ),
            Guard(
                name="approval_keeps_its_time",
                event="update",
                message="the time of approval is immutable",
                condition="old.approved_at is not null and new.approved_at is distinct from old.approved_at",
            ),
            Guard(
                name="approved_versions_stay_released",
                event="update",
                message="approved versions stay released",
                condition="old.approved_at is not null"
                " and new.state not in ('approved', 'yanked', 'removed')",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "created_at"], name="version_queue"),
            models.Index(fields=["digest"], name="version_digest"),
            models.Index(F("skill"), *HIGHEST_FIRST, name="version_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.skill}@{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("version", args=[self.skill.team.handle, self.skill.name, self.number])

    @property
    def review_url(self) -> str:
        return reverse("review", args=[self.pk])

    @property
    def blob(self) -> str:
        """The digest as the blob store knows it."""
        return self.digest.removeprefix("sha256:")

    @property
    def omissions(self) -> list[Problem]:
        """What of its upload was left out or renamed."""
        return list(map(Problem.from_dict, self.notes))

    @property
    def has_content(self) -> bool:
        return self.state != State.REMOVED

    @property
    def was_approved(self) -> bool:
        """Readers may know of it, whatever became of it since."""
        return self.approved_at is not None

    @property
    def holds_number(self) -> bool:
        """`HOLDS_NUMBER` of this row."""
        return self.was_approved or self.state in OPEN


class File(models.Model):
    """One file of a version; `start` and `packed` say where its deflated bytes lie in the zip."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    executable = models.BooleanField(default=False)
    start = models.PositiveIntegerField()
    packed = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "path"], name="one_file_per_path"),
            Immutable(name="files_are_immutable", message="files of a version are immutable"),
            Guard(
                name="files_stay",
                event="delete",
                message="files of a version are immutable",
                # Removing a version is the one way to lose its files, and the function is made by migration
                # 0002.
                condition="not skills_version_is_removed(old.version_id)",
            ),
        ]

    def __str__(self) -> str:
        return self.path


class Channel(models.Model):
    """A movable name for an approved version; `latest` is computed and never stored here."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(
        max_length=32,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]{0,31}$", "Use lower-case letters.")],
    )
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="channels")
    moved_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["skill", "name"], name="one_channel_per_name"),
            models.CheckConstraint(
                condition=~Q(name="latest"),
                name="latest_is_computed",
                violation_error_message="`latest` is computed; choose another name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """Staged bytes before they are a version: private to their uploader, gone after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    digest = models.CharField(max_length=71)
    size = models.PositiveIntegerField()
    manifest = models.JSONField()
    files = models.JSONField()
    notes = models.JSONField(default=list)
    data = models.BinaryField()
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="upload_expiry")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def blob(self) -> str:
        """The digest as the blob store knows it."""
        return self.digest.removeprefix("sha256:")

    @property
    def problems(self) -> list[Problem]:
        """Its notes and warnings."""
        return list(map(Problem.from_dict, self.notes))


class UploadTicket(models.Model):
    """One file of an upload in parts: promised, then filled, then taken by the bundle it belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=255)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.path


class Maintainer(models.Model):
    """Somebody who answers for a skill; told of its reviews and reports."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="maintainers")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="maintained")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["skill", "account"], name="maintainer_once")]

    def __str__(self) -> str:
        return f"{self.account_id} maintains {self.skill_id}"
