"""Which runs of CI may publish for a team, and which of their tokens were used."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from skills.lib.clock import now
from skills.people.models import Account, Team

ID_LENGTH = 64  # characters of what a provider calls an owner or a repository


class IssuerKind(models.TextChoices):
    """Whose claims are read, and how (`runs.py`)."""

    GITHUB = "github", "GitHub Actions"
    GITLAB = "gitlab", "GitLab CI"
    OTHER = "other", "Another OpenID Connect issuer"


class TrustedPublisher(models.Model):
    """What an admin wrote down about a run that may publish; a blank `environment` or `ref` is not asked for.

    `repository` is owner/name of GitHub, the path of a GitLab project, or another issuer's subject. The ids
    are pinned at first use: whoever registers an abandoned name again has others. `added_by` answers for
    what is published, and `account` is its author. `answerable` are the ids of everybody who ever wrote it
    down or confirmed it: what its runs bring is theirs as well.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="publishers")
    kind = models.CharField(max_length=10, choices=IssuerKind)
    issuer = models.CharField(max_length=300)
    repository = models.CharField(max_length=300)
    workflow = models.CharField(max_length=200, blank=True)
    environment = models.CharField(max_length=200, blank=True)
    ref = models.CharField(max_length=200, blank=True)
    claims = models.JSONField(default=dict, blank=True)
    skills = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    checks_pull_requests = models.BooleanField(default=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    answerable = ArrayField(models.BigIntegerField(), default=list)
    owner_id = models.CharField(max_length=ID_LENGTH, blank=True)
    repository_id = models.CharField(max_length=ID_LENGTH, blank=True)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "issuer", "repository", "workflow", "environment", "ref", "claims"],
                name="one_publisher_per_run",
                violation_error_message="The team has this trusted publisher already.",
            ),
            models.CheckConstraint(condition=Q(kind__in=IssuerKind.values), name="publisher_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.repository} {self.workflow}".strip()

    @property
    def label(self) -> str:
        """Who it is, in the words of its versions and of the audit log."""
        of = IssuerKind(self.kind).label if self.kind != IssuerKind.OTHER else self.issuer
        return f"{of}: {self}"


class UsedToken(models.Model):
    """An issuer's token that was exchanged, until it would be expired anyway: each is taken once."""

    mark = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.mark
