"""Who signs in, what teams there are, who may do what in them."""

import hashlib
from collections.abc import Iterator
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from skills.lib.clock import now

HANDLE = r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$"
handle_is_valid = RegexValidator(
    HANDLE, "Use 1 to 40 lower-case letters, digits and hyphens, starting with a letter or digit."
)


MOST_STANDARD_CASES, MOST_REPEATS, MOST_MARGIN = 500, 10, 50
DEMO_PASSWORD = "skillhub-demo"  # noqa: S105 - of logins on 127.0.0.1 only; it is printed


class Role(models.TextChoices):
    """What a member may do, each including the one before."""

    MEMBER = "member", "Member"
    REVIEWER = "reviewer", "Reviewer"
    ADMIN = "admin", "Admin"


class Account(AbstractUser):
    """A person, or a service account owned by a team. `is_staff` runs the instance."""

    username = models.CharField(max_length=40, unique=True, validators=[handle_is_valid])
    email = models.EmailField(blank=True)
    display_name = models.CharField(max_length=80, blank=True)
    is_auditor = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    service_of = models.ForeignKey(
        "skills.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="services"
    )
    # Raised, it ends every session of the account at once; `end_sessions` does.
    session_round = models.PositiveIntegerField(default=0)
    # Of a service account: who made it. People open theirs by themselves.
    created_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # One name as people write it (`display_name`): not everybody has a first and a last one.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                # Service accounts have none.
                condition=~Q(email=""),
                name="one_account_per_email",
                violation_error_message="Another account uses this e-mail address.",
            ),
            models.CheckConstraint(
                condition=Q(service_of__isnull=True) | Q(is_staff=False, is_auditor=False),
                name="service_accounts_hold_no_office",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def label(self) -> str:
        return self.display_name or self.username

    @property
    def is_service(self) -> bool:
        return self.service_of_id is not None

    def get_full_name(self) -> str:
        return self.label

    def get_session_auth_hash(self) -> str:
        """What each session must have, or it is nobody's: it changes with the password and the round."""
        return self._of_this_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._of_this_round, super().get_session_auth_fallback_hash())

    def _of_this_round(self, by_password: str) -> str:
        if not self.session_round:
            return by_password
        # No key of its own: `by_password` is made with that of the session, which may be a former one.
        return hashlib.sha256(f"{by_password} {self.session_round}".encode()).hexdigest()

    def end_sessions(self) -> None:
        """For good: a session that is deleted row by row may be one too few."""
        self.session_round = F("session_round") + 1
        self.save(update_fields=["session_round"])
        self.refresh_from_db(fields=["session_round"])


class Team(models.Model):
    """Owner of skills and policy. A personal team has the handle of its account."""

    handle = models.CharField(max_length=40, unique=True, validators=[handle_is_valid])
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    personal_of = models.OneToOneField(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="personal_team"
    )
    created_at = models.DateTimeField(default=now)
    members = models.ManyToManyField(Account, through="Membership", related_name="teams")

    def __str__(self) -> str:
        return self.handle

    @property
    def is_personal(self) -> bool:
        return self.personal_of_id is not None


class Membership(models.Model):
    """One account's role in one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "account"], name="one_role_per_team"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.account} in {self.team}: {self.role}"


class Policy(models.Model):
    """A team's rules for approving versions."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="policy")
    approvals_needed = models.PositiveSmallIntegerField(
        default=1, validators=[MaxValueValidator(5, "At most five approvals can be asked for.")]
    )
    self_approval = models.BooleanField(default=False)
    scan_gate = models.BooleanField(default=True)
    evals_required = models.BooleanField(default=False)
    no_regression = models.BooleanField(default=False)
    approve_synced = models.BooleanField(default=False)
    minimum_lift = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(100, "A lift is at most 100 points.")]
    )
    # Every case must hold an assertion that the bare model fails.
    discerning_cases = models.BooleanField(default=False, db_default=False)
    # The standard plan: what an evaluation must have run before a gate reads it. No model means all that
    # the team evaluates on; they are labels, so that page, API and audit log name them alike.
    standard_cases = models.PositiveSmallIntegerField(default=5, db_default=5)
    standard_repeats = models.PositiveSmallIntegerField(default=3, db_default=3)
    standard_models = ArrayField(models.CharField(max_length=60), default=list, db_default=[], blank=True)
    # How many points worse a cheaper model may be and still be called as good.
    inferiority_margin = models.PositiveSmallIntegerField(default=10, db_default=10)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approvals_needed__gte=1, approvals_needed__lte=5),
                name="approvals_between_one_and_five",
                violation_error_message="Ask for one to five approvals.",
            ),
            models.CheckConstraint(
                condition=Q(
                    standard_cases__gte=1,
                    standard_cases__lte=MOST_STANDARD_CASES,
                    standard_repeats__gte=1,
                    standard_repeats__lte=MOST_REPEATS,
                ),
                name="standard_plan_can_be_run",
                violation_error_message=(
                    f"A standard plan asks for 1 to {MOST_STANDARD_CASES} cases "
                    f"and 1 to {MOST_REPEATS} repeats."
                ),
            ),
            models.CheckConstraint(
                condition=Q(inferiority_margin__gte=1, inferiority_margin__lte=MOST_MARGIN),
                name="margin_is_in_points",
                violation_error_message=f"The margin lies between 1 and {MOST_MARGIN} points.",
            ),
        ]

    def __str__(self) -> str:
        return f"policy of {self.team}"


class NameRequest(models.Model):
    """A handle, or team/name, that is near to another's: staff say whether somebody may have it."""

    name = models.CharField(max_length=105)  # a handle, a slash and the name of a skill
    near = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    allowed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "asked_by"], name="a_name_is_asked_for_once"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, allowed=False)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="a_name_is_allowed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """An offer to join a team, by e-mail link; only the hash of the link's secret is kept."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email} to {self.team}"

    @property
    def is_open(self) -> bool:
        return not self.accepted_at and not self.revoked_at and self.expires_at > now()


class Scope(models.TextChoices):
    """What a token may be used for."""

    READ = "read", "Read and fetch what the account can read"
    CHECK = "check", "Check bundles, which keeps nothing"
    PUBLISH = "publish", "Upload and submit versions"
    REPORT = "report", "Report what an agent used"
    REVIEW = "review", "Approve, reject and request changes"
    ADMIN = "admin", "Manage teams, tokens, yanks and the audit log"
    MODELS = "models", "Call models through the gateway"


class Token(models.Model):
    """An API token. The secret is shown once; only its sha256 is stored."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    # The first characters of the secret, by which people recognise it in a list.
    hint = models.CharField(max_length=12)
    in_address = models.BooleanField(default=False)
    # A plain sha256 is enough: the secret has 256 random bits, so nobody can guess it from its hash.
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    teams = models.ManyToManyField(Team, blank=True, related_name="+")
    # Of a token that a trusted publisher got: the skills it may publish (names in its one team, all of them
    # if empty), and where they come from (lib/provenance.py).
    publisher = models.ForeignKey(
        "skills.TrustedPublisher", null=True, blank=True, on_delete=models.SET_NULL, related_name="tokens"
    )
    skills = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    provenance = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="token_expires_after_creation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.account}"

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > now()
