"""Budgets, their periods, holds on them, and the ledger of what was really used.

Tokens and money are whole numbers; money is in millionths of a US dollar (micros).
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from skills.budgets.call_roles import CallRole
from skills.lib.clock import now
from skills.lib.guards import Guard
from skills.people.models import Team


class Window(models.TextChoices):
    """How long one period lasts; a new one is a new row, so nothing is ever set back to zero."""

    DAY = "day", "A day"
    WEEK = "week", "A week"
    MONTH = "month", "A month"
    NONE = "none", "For ever"


class Budget(models.Model):
    """An allowance of the instance (neither team nor account), a team or a person."""

    team = models.OneToOneField(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="budget")
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="budget"
    )
    window = models.CharField(max_length=10, choices=Window, default=Window.MONTH)
    limit_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    limit_micros = models.PositiveBigIntegerField(null=True, blank=True)
    soft_percent = models.PositiveSmallIntegerField(
        default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    hard = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(account__isnull=True), name="budget_has_one_owner"
            ),
            models.UniqueConstraint(
                models.ExpressionWrapper(
                    Q(team__isnull=True, account__isnull=True), output_field=models.BooleanField()
                ),
                condition=Q(team__isnull=True, account__isnull=True),
                name="one_budget_of_the_instance",
            ),
            models.CheckConstraint(
                condition=Q(soft_percent__gte=1, soft_percent__lte=100), name="soft_mark_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"budget of {self.owner}"

    @property
    def owner(self) -> str:
        if self.team:
            return f"the team {self.team.handle}"
        return self.account.username if self.account else "the instance"


class Period(models.Model):
    """One window of a budget, with its limits as they stand now and what is spent and held."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="periods")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    limit_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    limit_micros = models.PositiveBigIntegerField(null=True, blank=True)
    spent_tokens = models.PositiveBigIntegerField(default=0)
    held_tokens = models.PositiveBigIntegerField(default=0)
    spent_micros = models.PositiveBigIntegerField(default=0)
    held_micros = models.PositiveBigIntegerField(default=0)
    warned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "starts_at"], name="one_period_per_start")
        ]

    def __str__(self) -> str:
        return f"{self.budget} from {self.starts_at:%Y-%m-%d}"

    @property
    def unspent_tokens(self) -> int | None:
        """What is left once every call under way has given back its hold unused, None without a limit."""
        return None if self.limit_tokens is None else max(0, self.limit_tokens - self.spent_tokens)

    @property
    def unspent_micros(self) -> int | None:
        return None if self.limit_micros is None else max(0, self.limit_micros - self.spent_micros)

    @property
    def left_tokens(self) -> int | None:
        """What may still be held, None without a limit."""
        if self.limit_tokens is None:
            return None
        return max(0, self.limit_tokens - self.spent_tokens - self.held_tokens)

    @property
    def left_micros(self) -> int | None:
        if self.limit_micros is None:
            return None
        return max(0, self.limit_micros - self.spent_micros - self.held_micros)

    @property
    def percent(self) -> int | None:
        """How much of the tighter limit is spent or held, None without a limit."""
        parts = [
            100 * (self.spent_tokens + self.held_tokens) // self.limit_tokens if self.limit_tokens else None,
            100 * (self.spent_micros + self.held_micros) // self.limit_micros if self.limit_micros else None,
        ]
        known = [part for part in parts if part is not None]
        return max(known) if known else None


class HoldState(models.TextChoices):
    HELD = "held", "Held"
    SETTLED = "settled", "Settled"
    RELEASED = "released", "Released: refused before billing"
    LOST = "lost", "Lost: charged in full"


class Hold(models.Model):
    """What one call may use, taken from every period it is charged to before it is made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    periods = ArrayField(models.BigIntegerField())
    run_id = models.BigIntegerField(null=True, blank=True)
    # Who called and what for, for reports: the periods say who pays.
    account_id = models.BigIntegerField(null=True, blank=True)
    team_id = models.BigIntegerField(null=True, blank=True)
    token_id = models.BigIntegerField(null=True, blank=True)
    skill_id = models.BigIntegerField(null=True, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)
    agent = models.CharField(max_length=60, blank=True, default="", db_default="")
    session = models.CharField(max_length=120, blank=True, default="", db_default="")
    # The provider's own name of the call, by which telemetry of the same call is known.
    request_id = models.CharField(max_length=120, blank=True, default="", db_default="")
    model = models.CharField(max_length=120)
    role = models.CharField(max_length=10)
    tokens = models.PositiveBigIntegerField()
    micros = models.PositiveBigIntegerField(null=True, blank=True)
    price_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.HELD)
    # What the call was charged in the end, None while it is open; without a price no micros.
    used_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    used_micros = models.PositiveBigIntegerField(null=True, blank=True)
    input_tokens = models.PositiveBigIntegerField(default=0, db_default=0)
    cached_tokens = models.PositiveBigIntegerField(default=0, db_default=0)
    written_tokens = models.PositiveBigIntegerField(default=0, db_default=0)
    output_tokens = models.PositiveBigIntegerField(default=0, db_default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    # What later holds learn from, see measure.py: how the text was cut, its bytes, and the tokens it made.
    tokenizer = models.CharField(max_length=150, blank=True, default="", db_default="")
    sent_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    sent_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], condition=Q(state="held"), name="hold_open"),
            models.Index(fields=["run_id"], name="hold_of_run"),
            models.Index(fields=["ended_at", "id"], name="hold_by_end"),
            models.Index(fields=["account_id", "ended_at", "id"], name="hold_of_account"),
            models.Index(fields=["team_id", "ended_at", "id"], name="hold_of_team"),
            models.Index(fields=["session"], condition=~Q(session=""), name="hold_of_session"),
            # Ended by code of the release before, which did not say when: rollup.py mends these.
            models.Index(
                fields=["id"],
                condition=Q(ended_at__isnull=True) & ~Q(state="held"),
                name="hold_without_end",
            ),
            models.Index(fields=["request_id"], condition=~Q(request_id=""), name="hold_of_request"),
            models.Index(
                fields=["tokenizer", "-created_at"],
                condition=Q(state="settled", sent_tokens__gt=0),
                name="hold_measured",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tokens} tokens for {self.model} ({self.state})"


class EntryKind(models.TextChoices):
    SETTLE = "settle", "Used"
    LOST = "lost", "Charged in full: the call's end is unknown"
    ADJUST = "adjust", "Corrected"
    GRANT = "grant", "Granted for this period"


class LedgerEntry(models.Model):
    """Append-only: one use, correction or grant in one period. Guarded by a trigger."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="entries")
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind)
    tokens = models.BigIntegerField()
    micros = models.BigIntegerField(null=True, blank=True)
    input_tokens = models.PositiveBigIntegerField(default=0)
    cached_tokens = models.PositiveBigIntegerField(default=0)
    written_tokens = models.PositiveBigIntegerField(default=0, db_default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    price_id = models.BigIntegerField(null=True, blank=True)
    model = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=10, blank=True)
    run_id = models.BigIntegerField(null=True, blank=True)
    skill_id = models.BigIntegerField(null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            Guard(name="ledger_is_append_only", event="update or delete", message="the ledger is append-only")
        ]
        indexes: ClassVar = [
            models.Index(fields=["period", "-id"], name="entry_of_period"),
            models.Index(fields=["run_id"], name="entry_of_run"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.tokens} tokens"

    @property
    def is_of_judge(self) -> bool:
        return self.role == CallRole.JUDGE
