"""Budgets of members, models, tokens and sessions; defaults, ceilings, marks, time zones, grants that end."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q

import skills.budgets.terms

# Code of the release before still writes these two columns; they leave the tables with the next release.
_KEEP_COLUMNS = "alter table skills_budget alter column soft_percent set default 80"
_FILL = """
update skills_budget set marks = array[soft_percent] where soft_percent not in (50, 80, 100);
update skills_budget set follows_default = true
where limit_tokens is null and limit_micros is null and hard and "window" = 'month'
    and (team_id is null) <> (account_id is null);
update skills_period p set told_marks = b.marks from skills_budget b
where b.id = p.budget_id and p.warned_at is not null;
"""
_WINDOWS = [("day", "A day"), ("week", "A week"), ("month", "A month"), ("none", "For ever")]
_KINDS = [
    ("review_asked", "A version waits for your review"),
    ("decided", "Your version was approved, rejected or needs changes"),
    ("commented", "Somebody commented on a version you follow"),
    ("scanned", "The checks of your version found a problem"),
    ("new_version", "A skill or team you follow has a new version"),
    ("withdrawn_from_use", "A version you fetched or follow was yanked or removed"),
    ("team", "Your role in a team changed"),
    ("reported", "A skill was reported"),
    ("evaluated", "An evaluation you asked for has ended"),
    ("budget", "A budget of yours passes a mark, or stops calls"),
    ("budget_of_others", "A budget that you manage for somebody else does"),
    ("name", "For staff: somebody asks for a name that is near to another"),
    ("source", "A source of a team you administer fails, or brought new versions"),
    ("storage", "For staff: stored bytes are missing, damaged or right again"),
]


def owner(to: str, name: str, deletion=django.db.models.deletion.PROTECT) -> models.ForeignKey:
    return models.ForeignKey(to, deletion, blank=True, null=True, related_name=name)


def amount() -> models.PositiveBigIntegerField:
    return models.PositiveBigIntegerField(blank=True, null=True)


def marks() -> ArrayField:
    return ArrayField(
        models.PositiveSmallIntegerField(),
        db_default=[50, 80, 100],
        default=skills.budgets.terms.default_marks,
        size=None,
    )


def text(length: int, default: str = "", **more) -> models.CharField:
    return models.CharField(db_default=default, default=default, max_length=length, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0023_spending"),
    ]

    operations = [
        migrations.CreateModel(
            name="DefaultBudget",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("window", models.CharField(choices=_WINDOWS, default="month", max_length=10)),
                ("time_zone", text(60, "UTC")),
                ("starts_on", models.PositiveSmallIntegerField(db_default=1, default=1)),
                ("limit_tokens", amount()),
                ("limit_micros", amount()),
                ("marks", marks()),
                ("hard", models.BooleanField(default=True)),
                (
                    "whom",
                    models.CharField(
                        choices=[
                            ("service", "Service accounts"),
                            ("staff", "Staff and auditors"),
                            ("admin", "Admins of a team"),
                            ("reviewer", "Reviewers of a team"),
                            ("everyone", "Everybody else"),
                            ("team", "Teams"),
                        ],
                        max_length=10,
                        unique=True,
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "period",
                    models.ForeignKey(
                        "skills.period", django.db.models.deletion.PROTECT, related_name="grants"
                    ),
                ),
                ("tokens", models.PositiveBigIntegerField()),
                ("micros", models.PositiveBigIntegerField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["expires_at"], condition=Q(("ended_at", None)), name="grant_that_may_expire"
                    )
                ]
            },
        ),
        migrations.AddField("budget", "time_zone", text(60, "UTC")),
        migrations.AddField("budget", "starts_on", models.PositiveSmallIntegerField(db_default=1, default=1)),
        migrations.AddField("budget", "marks", marks()),
        migrations.AddField("budget", "token", owner("skills.token", "budgets")),
        migrations.AddField("budget", "model", text(60, blank=True)),
        migrations.AddField(
            "budget",
            "each",
            text(10, blank=True, choices=[("session", "Each session"), ("run", "Each run")]),
        ),
        migrations.AddField("budget", "ceiling_tokens", amount()),
        migrations.AddField("budget", "ceiling_micros", amount()),
        migrations.AddField(
            "budget", "follows_default", models.BooleanField(db_default=False, default=True)
        ),
        migrations.AddField("period", "subject", text(150, blank=True)),
        migrations.AddField(
            "period",
            "told_marks",
            ArrayField(models.PositiveSmallIntegerField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField("period", "refused_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(_KEEP_COLUMNS, migrations.RunSQL.noop),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RemoveConstraint("budget", "budget_has_one_owner"),
        migrations.RemoveConstraint("budget", "one_budget_of_the_instance"),
        migrations.RemoveConstraint("period", "one_period_per_start"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("budget", "soft_mark_is_a_percentage"),
                migrations.RemoveField("budget", "soft_percent"),
                migrations.RemoveField("period", "warned_at"),
            ]
        ),
        migrations.AlterField("budget", "team", owner("skills.team", "budgets")),
        migrations.AlterField("budget", "account", owner(settings.AUTH_USER_MODEL, "budgets")),
        migrations.AlterField(
            "ledgerentry",
            "kind",
            models.CharField(
                choices=[
                    ("settle", "Used"),
                    ("lost", "Charged in full: the call's end is unknown"),
                    ("adjust", "Corrected"),
                    ("grant", "Granted for this period"),
                    ("carry", "Carried over: spent before the period was changed"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "notice",
            "kind",
            models.CharField(choices=_KINDS, max_length=20),
        ),
        migrations.AlterField(
            "noticepreference", "kind", models.CharField(choices=_KINDS, max_length=20)
        ),
        migrations.AddConstraint(
            "budget",
            models.UniqueConstraint(
                fields=("team", "account", "token", "model", "each"),
                name="one_budget_of_each_kind",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "budget",
            models.CheckConstraint(
                condition=Q(token=None) | Q(team=None, account=None),
                name="budget_of_a_token_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            "budget",
            models.CheckConstraint(
                condition=Q(model="") | Q(team__isnull=False, account=None, each=""),
                name="budget_of_a_model_is_a_team_s",
            ),
        ),
        migrations.AddConstraint(
            "budget",
            models.CheckConstraint(
                condition=Q(each="") | (Q(account=None) & ~Q(team=None, account=None, token=None)),
                name="budget_of_each_is_somebody_s",
            ),
        ),
        migrations.AddConstraint(
            "period",
            models.UniqueConstraint(
                fields=("budget", "starts_at", "subject"), name="one_period_per_start_and_subject"
            ),
        ),
    ]
