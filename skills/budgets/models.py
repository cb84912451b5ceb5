"""Budgets, their periods, holds on them, and the ledger of what was really used.

Tokens and money are whole numbers; money is in millionths of a US dollar (micros).
"""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from skills.budgets.call_roles import CallRole
from skills.budgets.terms import WHOLE, Terms, default_marks
from skills.lib.clock import now
from skills.lib.guards import Guard
from skills.people.models import Team, Token


class Window(models.TextChoices):
    """How long one period lasts; a new one is a new row, so nothing is ever set back to zero."""

    DAY = "day", "A day"
    WEEK = "week", "A week"
    MONTH = "month", "A month"
    NONE = "none", "For ever"


class Each(models.TextChoices):
    """What has a period of its own, where a budget is no stretch of time: what a runaway may use at most."""

    SESSION = "session", "Each session"
    RUN = "run", "Each run"


class DefaultFor(models.TextChoices):
    """Whom a default budget is for; of several the first that fits, in this order."""

    SERVICE = "service", "Service accounts"
    STAFF = "staff", "Staff and auditors"
    ADMIN = "admin", "Admins of a team"
    REVIEWER = "reviewer", "Reviewers of a team"
    EVERYONE = "everyone", "Everybody else"
    TEAM = "team", "Teams"


class TermColumns(models.Model):
    """How much, for how long, and who hears of it when."""

    window = models.CharField(max_length=10, choices=Window, default=Window.MONTH)
    # Periods begin at midnight there; a week on this day (1 is Monday), a month on this one (1 to 28).
    time_zone = models.CharField(max_length=60, default="UTC", db_default="UTC")
    starts_on = models.PositiveSmallIntegerField(default=1, db_default=1)
    limit_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    limit_micros = models.PositiveBigIntegerField(null=True, blank=True)
    marks = ArrayField(models.PositiveSmallIntegerField(), default=default_marks, db_default=[50, 80, 100])
    hard = models.BooleanField(default=True)

    class Meta:
        abstract = True

    @property
    def terms(self) -> Terms:
        return Terms(
            window=Window(self.window).value,
            time_zone=self.time_zone,
            starts_on=self.starts_on,
            limit_tokens=self.limit_tokens,
            limit_micros=self.limit_micros,
            marks=tuple(self.marks),
            hard=self.hard,
        )

    @property
    def warning_percent(self) -> int:
        """From where on a meter warns: the last mark before the limit itself."""
        return max((mark for mark in self.marks if mark < WHOLE), default=WHOLE)


class DefaultBudget(TermColumns):
    """What a person or team has whose budget nobody has set."""

    whom = models.CharField(max_length=10, choices=DefaultFor, unique=True)

    def __str__(self) -> str:
        return f"default budget: {self.get_whom_display().lower()}"


_LEAST_SHARE = 0.05  # of a period, before anything is forecast from it
OWNERS = ("team", "account", "token__account")  # of a budget, for `select_related`: its owner names them
_NOBODY = Q(team=None, account=None, token=None)


class Budget(TermColumns):
    """An allowance of the instance (no owner at all), a team, a person or a token.

    Within a team also of one member (`team` and `account`) or one model (`team` and `model`); of a team or
    token also what `each` of its sessions or runs may use.
    """

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="budgets")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="budgets"
    )
    token = models.ForeignKey(Token, null=True, blank=True, on_delete=models.PROTECT, related_name="budgets")
    model = models.CharField(max_length=60, blank=True, default="", db_default="")  # its label
    each = models.CharField(max_length=10, choices=Each, blank=True, default="", db_default="")
    # What staff set is the most that those who are responsible below them can set.
    ceiling_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    ceiling_micros = models.PositiveBigIntegerField(null=True, blank=True)
    # Nobody has set it: it is what the default for its owner says, and changes with that.
    follows_default = models.BooleanField(default=True, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "account", "token", "model", "each"],
                nulls_distinct=False,
                name="one_budget_of_each_kind",
            ),
            models.CheckConstraint(
                condition=Q(token=None) | Q(team=None, account=None), name="budget_of_a_token_has_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(model="") | Q(team__isnull=False, account=None, each=""),
                name="budget_of_a_model_is_a_team_s",
            ),
            models.CheckConstraint(
                condition=Q(each="") | (Q(account=None) & ~_NOBODY), name="budget_of_each_is_somebody_s"
            ),
        ]

    def __str__(self) -> str:
        return f"budget of {self.owner}"

    @property
    def owner(self) -> str:
        if self.token:
            whose = f"the token {self.token.name} of {self.token.account.username}"
        elif self.team:
            whose = f"the team {self.team.handle}"
        else:
            whose = self.account.username if self.account else "the instance"
        if self.each:
            return f"each {self.each} of {whose}"
        if self.team and self.account:
            return f"{self.account.username} in {whose}"
        return f"{self.model} in {whose}" if self.model else whose

    @property
    def part_name(self) -> str:
        """What a part is called beside the whole."""
        if self.each:
            return f"each {self.each}"
        if self.token and not self.each:
            return f"token {self.token.name}"
        return self.model or (self.account.username if self.account else "")

    @property
    def is_part(self) -> bool:
        """Whether it divides what a team or token has, rather than being all of it."""
        return bool(self.model or self.each or (self.team_id and self.account_id))

    @property
    def has_ceiling(self) -> bool:
        return self.ceiling_tokens is not None or self.ceiling_micros is not None


# Budgets that are all of what the instance, a team or a person has.
IS_WHOLE = Q(token=None, model="", each="") & (Q(team=None) | Q(account=None))


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
    # Of a budget of each session or run: which one; "" for a stretch of time.
    subject = models.CharField(max_length=150, blank=True, default="", db_default="")
    # The marks that people heard of, and when a call was first refused; both end with a higher limit.
    told_marks = ArrayField(models.PositiveSmallIntegerField(), default=list, db_default=[])
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["budget", "starts_at", "subject"], name="one_period_per_start_and_subject"
            )
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

    def forecast_tokens(self, at: datetime) -> int | None:
        """What will be spent at the end if it goes on as until AT; None where that is but a guess."""
        if self.ends_at is None:
            return None
        share = (at - self.starts_at) / (self.ends_at - self.starts_at)
        return round(self.spent_tokens / min(share, 1)) if share >= _LEAST_SHARE else None

    @property
    def mark_to_tell(self) -> int | None:
        """The highest mark that is reached, unless people were told of it; a refused call reaches all."""
        percent = WHOLE if self.refused_at else (self.percent or 0)
        mark = max((mark for mark in self.budget.marks if mark <= percent), default=None)
        return None if mark in self.told_marks else mark


class HoldState(models.TextChoices):
    HELD = "held", "Held"
    SETTLED = "settled", "Settled"
    RELEASED = "released", "Released: refused before billing"
    LOST = "lost", "Lost: charged in full"
    # Never held: told afterwards by the agent itself. Charged to `periods`, which may be none.
    REPORTED = "reported", "Reported by the agent"


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
    # The model that a team's name for models names first, where this one answered because that was away.
    instead_of = models.CharField(max_length=120, blank=True, default="", db_default="")
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
            # What earlier releases took for metered: rollup.py mends these too.
            models.Index(fields=["id"], condition=Q(state="reported", role="work"), name="hold_told_as_work"),
            models.Index(fields=["request_id"], condition=~Q(request_id=""), name="hold_of_request"),
            models.Index(fields=["-created_at"], condition=Q(state="lost"), name="hold_lost"),
            models.Index(
                fields=["tokenizer", "-created_at"],
                condition=Q(state="settled", sent_tokens__gt=0),
                name="hold_measured",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tokens} tokens for {self.model} ({self.state})"


class EntryKind(models.TextChoices):
    """What an entry is. Only the first three are spending; CARRY repeats what other periods have spent."""

    SETTLE = "settle", "Used"
    LOST = "lost", "Charged in full: the call's end is unknown"
    ADJUST = "adjust", "Corrected"
    GRANT = "grant", "Granted for this period"
    CARRY = "carry", "Carried over: spent before the period was changed"


SPENDING = (EntryKind.SETTLE, EntryKind.LOST, EntryKind.ADJUST)


class Grant(models.Model):
    """More for one period, until it ends or, where that is sooner, until `expires_at`."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="grants")
    tokens = models.PositiveBigIntegerField()
    micros = models.PositiveBigIntegerField()
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], condition=Q(ended_at=None), name="grant_that_may_expire")
        ]

    def __str__(self) -> str:
        return f"{self.tokens} tokens more in {self.period}"


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
