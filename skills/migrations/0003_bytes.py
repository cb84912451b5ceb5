"""The deny list of removed bytes, and what is known of damaged blobs."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import skills.lib.clock
import skills.lib.guards
from django.conf import settings
from django.db import migrations, models


# What was removed before there was a list; its files are gone, so only the zip is known.
DENY_WHAT_WAS_REMOVED = """
insert into skills_denial (version_id, digests, denied_at, lift_reason)
select id, array['archive:' || substr(digest, 8)], state_at, '' from skills_version where state = 'removed';
"""
# Bytes are collected by age now: nobody is left to do these.
DROP_OLD_JOBS = "delete from skills_job where task = 'delete_blob' and state in ('queued', 'running');"


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="DamagedBlob",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "missing"),
                            ("damaged", "damaged"),
                            ("unreadable", "unreadable"),
                        ],
                        max_length=10,
                    ),
                ),
                ("found_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("looked_at", models.DateTimeField(default=skills.lib.clock.now)),
            ],
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review_asked", "A version waits for your review"),
                    ("decided", "Your version was approved, rejected or needs changes"),
                    ("commented", "Somebody commented on a version you follow"),
                    ("scanned", "The checks of your version found a problem"),
                    ("new_version", "A skill or team you follow has a new version"),
                    ("withdrawn_from_use", "A version you fetched or follow was yanked or removed"),
                    ("team", "Your role in a team changed"),
                    ("reported", "A skill was reported"),
                    ("evaluated", "An evaluation you asked for has ended"),
                    ("budget", "A budget of yours is nearly used up"),
                    ("storage", "For staff: stored bytes are missing, damaged or right again"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="noticepreference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review_asked", "A version waits for your review"),
                    ("decided", "Your version was approved, rejected or needs changes"),
                    ("commented", "Somebody commented on a version you follow"),
                    ("scanned", "The checks of your version found a problem"),
                    ("new_version", "A skill or team you follow has a new version"),
                    ("withdrawn_from_use", "A version you fetched or follow was yanked or removed"),
                    ("team", "Your role in a team changed"),
                    ("reported", "A skill was reported"),
                    ("evaluated", "An evaluation you asked for has ended"),
                    ("budget", "A budget of yours is nearly used up"),
                    ("storage", "For staff: stored bytes are missing, damaged or right again"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Denial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digests",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), size=None
                    ),
                ),
                ("denied_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lift_reason", models.CharField(blank=True, max_length=1000)),
                (
                    "denied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="denial",
                        to="skills.version",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["digests"], name="denial_digests")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lift_reason", ""), ("lifted_at", None), ("lifted_by", None)),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lift_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="lifting_has_a_name_and_a_reason",
                    ),
                    skills.lib.guards.Guard(
                        event="delete", message="denials are lifted, never deleted", name="denials_stay"
                    ),
                    skills.lib.guards.Immutable(
                        message="denials are immutable",
                        movable=("lifted_by_id", "lifted_at", "lift_reason"),
                        name="denials_are_immutable",
                    ),
                    skills.lib.guards.Guard(
                        condition="old.lifted_at is not null",
                        event="update",
                        message="denials are lifted once",
                        name="denials_are_lifted_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(DENY_WHAT_WAS_REMOVED, migrations.RunSQL.noop),
        migrations.RunSQL(DROP_OLD_JOBS, migrations.RunSQL.noop),
    ]
