"""What ended calls come to, for reports: kept by rollup.py, never written by anybody else.

A trigger on holds (migration 0023) writes down each change of what a call was charged, whoever makes it: a
settlement, a late correction, a better attribution, code of the release before.
"""

from typing import ClassVar

from django.db import models


class Grain(models.TextChoices):
    """How long the time is that one row of spending stands for; in UTC."""

    DAY = "day", "Day"
    MONTH = "month", "Month"


class _Facts(models.Model):
    """Who called what for which skill, and what the calls came to."""

    account_id = models.BigIntegerField(null=True, blank=True)
    team_id = models.BigIntegerField(null=True, blank=True)
    token_id = models.BigIntegerField(null=True, blank=True)
    skill_id = models.BigIntegerField(null=True, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)
    agent = models.CharField(max_length=60, blank=True, default="")
    role = models.CharField(max_length=10)
    calls = models.BigIntegerField()
    lost = models.BigIntegerField()
    # Calls without a price: their tokens count, and what they cost nobody knows.
    unpriced = models.BigIntegerField()
    tokens = models.BigIntegerField()
    micros = models.BigIntegerField()
    input_tokens = models.BigIntegerField()
    cached_tokens = models.BigIntegerField()
    written_tokens = models.BigIntegerField()
    output_tokens = models.BigIntegerField()

    class Meta:
        abstract = True


class SpendingChange(_Facts):
    """What one ended call adds (1 call) or takes back (-1), waiting to be rolled up."""

    model = models.CharField(max_length=120)
    run_id = models.BigIntegerField(null=True, blank=True)
    session = models.CharField(max_length=120, blank=True, default="")
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tokens} tokens of {self.model}"


class Spending(_Facts):
    """The sum of a day or a month for one account, team, token, model, purpose, skill version and agent."""

    grain = models.CharField(max_length=5, choices=Grain)
    day = models.DateField()  # of a month its first
    model = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    *("grain", "day", "account_id", "team_id", "token_id", "skill_id", "version_id"),
                    *("agent", "model", "role"),
                ],
                nulls_distinct=False,
                name="one_row_of_spending",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account_id", "grain", "day"], name="spending_of_account"),
            models.Index(fields=["team_id", "grain", "day"], name="spending_of_team"),
            models.Index(fields=["skill_id", "grain", "day"], name="spending_of_skill"),
        ]

    def __str__(self) -> str:
        return f"{self.tokens} tokens of {self.model} in the {self.grain} {self.day}"


class CallGroup(_Facts):
    """The sum of one run or session, for one account, team, token, purpose, skill version and agent."""

    run_id = models.BigIntegerField(null=True, blank=True)
    session = models.CharField(max_length=120, blank=True, default="")
    # Of calls that name neither: they are summed up by the day.
    day = models.DateField(null=True, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    *("run_id", "session", "account_id", "team_id", "token_id", "skill_id", "version_id"),
                    *("agent", "role", "day"),
                ],
                nulls_distinct=False,
                name="one_row_of_a_call_group",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["last_at"], name="call_group_by_end"),
            models.Index(fields=["account_id", "last_at"], name="call_group_of_account"),
            models.Index(fields=["team_id", "last_at"], name="call_group_of_team"),
            models.Index(
                fields=["skill_id", "last_at"],
                condition=models.Q(skill_id__isnull=False),
                name="call_group_of_skill",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls of {self.session or self.run_id}"
