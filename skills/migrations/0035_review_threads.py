"""Threads of reviews, their drafts, and what a reviewer has seen."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import skills.lib.clock


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0034_field_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="base",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="skills.version",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="comment",
            name="first_line",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="comment",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="skills.comment",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="rendered",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="decision",
            name="base",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="skills.version",
            ),
        ),
        migrations.AlterField(
            model_name="comment",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="skills.version"
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review_asked", "A version waits for your review"),
                    ("decided", "Your version was approved, rejected or needs changes"),
                    ("commented", "Somebody commented on a version you follow"),
                    ("mentioned", "Somebody named you in a review"),
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
                    ("mentioned", "Somebody named you in a review"),
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
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="CommentDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(blank=True, max_length=255)),
                ("first_line", models.PositiveIntegerField(db_default=0, default=0)),
                ("line", models.PositiveIntegerField(default=0)),
                ("body", models.CharField(max_length=5000)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="skills.version",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="skills.comment",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="skills.version",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["version", "author"], name="draft_of_author")],
            },
        ),
        migrations.CreateModel(
            name="ReviewVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visited_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="skills.version"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "account"), name="one_visit_of_a_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="ViewedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=255)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="skills.skill"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "skill", "path", "sha256"), name="one_tick_of_a_file"
                    )
                ],
            },
        ),
    ]
