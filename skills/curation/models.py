"""What people add to skills without changing a byte of them."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from skills.catalog.models import Skill, Version
from skills.lib.clock import now
from skills.people.models import Team


class Label(models.Model):
    """A word a team's admins put on skills, unlike tags, which authors write."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(
        max_length=40,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", "Use lower-case letters, digits and hyphens.")],
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "name"], name="one_label_per_name")]

    def __str__(self) -> str:
        return self.name


class SkillLabel(models.Model):
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="skill_labels")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="skill_labels")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["skill", "label"], name="one_label_once")]

    def __str__(self) -> str:
        return f"{self.label_id} on {self.skill_id}"


class Star(models.Model):
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stars")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="starred_by")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "skill"], name="one_star_each")]

    def __str__(self) -> str:
        return f"{self.account_id} likes {self.skill_id}"


class Follow(models.Model):
    """An account that wants to hear of new versions, of one skill or of a whole team."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    skill = models.ForeignKey(
        Skill, null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "skill"], name="follow_skill_once"),
            models.UniqueConstraint(fields=["account", "team"], name="follow_team_once"),
            models.CheckConstraint(
                condition=Q(skill__isnull=True) ^ Q(team__isnull=True), name="follow_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} follows {self.skill_id or self.team_id}"


class ReportReason(models.TextChoices):
    MALWARE = "malware", "It does harm"
    SECRET = "secret", "It contains a secret"
    LEGAL = "legal", "It breaks a licence or a law"
    BROKEN = "broken", "It does not work"
    OTHER = "other", "Something else"


class Report(models.Model):
    """Somebody says something is wrong with a skill; staff and the team's admins answer."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="reports")
    version = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=10, choices=ReportReason)
    text = models.CharField(max_length=2000)
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["skill", "reporter"],
                condition=Q(closed_at=None),
                name="one_open_report_each",
                violation_error_message="You have already reported this skill.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} on {self.skill_id}"
