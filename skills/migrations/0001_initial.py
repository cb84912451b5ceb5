"""Every table, index and constraint but the guards, as `manage.py makemigrations` writes them.

It stands for the nine migrations before the first release: a data folder that has all nine has this one too.
"""

import uuid

import django.contrib.auth.models
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgvector.django
import pgvector.django.halfvec
import pgvector.django.sparsevec
from django.conf import settings
from django.db import migrations, models

import skills.lib.clock

# Ranking reads the words' weights of a thousand documents: they stay beside their row, unpacked.
SEARCH_STORAGE = """
alter table skills_document set (toast_tuple_target = 4080);
alter table skills_document alter column impacts set storage main;
alter table skills_document alter column pieces set storage extended;
alter table skills_term set (fillfactor = 80);
"""
SEARCH_STORAGE_BACK = """
alter table skills_document reset (toast_tuple_target);
alter table skills_document alter column impacts set storage external;
alter table skills_term reset (fillfactor);
"""


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("skills", "0001_tables"),
        ("skills", "0002_immutability"),
        ("skills", "0003_search_storage"),
        ("skills", "0004_evaluations"),
        ("skills", "0005_ledger_guard"),
        ("skills", "0006_usage_and_prefixes"),
        ("skills", "0007_upload_tickets"),
        ("skills", "0008_lift"),
        ("skills", "0009_what_was_approved"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        pgvector.django.VectorExtension(),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("base_url", models.URLField(blank=True, max_length=300)),
                ("secret", models.BinaryField(blank=True, null=True)),
                ("enabled", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("tested_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                (
                    "username",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$",
                                "Use 1 to 40 lower-case letters, digits and hyphens, starting with a letter or digit.",
                            )
                        ],
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("display_name", models.CharField(blank=True, max_length=80)),
                ("is_auditor", models.BooleanField(default=False)),
                ("is_demo", models.BooleanField(default=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="one_account_per_email",
                        violation_error_message="Another account uses this e-mail address.",
                    )
                ],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Generation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=200)),
                ("dimensions", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("building", "Building"),
                            ("live", "Live"),
                            ("old", "Old: searches that had begun may still use it"),
                        ],
                        default="building",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("live_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("state",), name="one_generation_per_state")],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "periods",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("run_id", models.BigIntegerField(blank=True, null=True)),
                ("skill_id", models.BigIntegerField(blank=True, null=True)),
                ("model", models.CharField(max_length=120)),
                ("role", models.CharField(max_length=10)),
                ("tokens", models.PositiveBigIntegerField()),
                ("micros", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("settled", "Settled"),
                            ("released", "Released: refused before billing"),
                            ("lost", "Lost: charged in full"),
                        ],
                        default="held",
                        max_length=10,
                    ),
                ),
                ("used_tokens", models.PositiveBigIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "held")), fields=["expires_at"], name="hold_open"
                    ),
                    models.Index(fields=["run_id"], name="hold_of_run"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("task", models.CharField(max_length=60)),
                ("arguments", models.JSONField(default=dict)),
                ("key", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_holder", models.CharField(blank=True, max_length=40)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("due_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["due_at"],
                        name="job_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=("key",),
                        name="one_open_job_per_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("member", "Member"), ("reviewer", "Reviewer"), ("admin", "Admin")],
                        default="member",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["member", "reviewer", "admin"])),
                        name="role_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
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
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("url", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-id"], name="notice_of_account"),
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["account"], name="notice_unread"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticePreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
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
                        ],
                        max_length=20,
                    ),
                ),
                ("in_app", models.BooleanField(default=True)),
                ("by_email", models.BooleanField(default=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "kind"), name="one_preference_per_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("model", models.CharField(max_length=120)),
                ("input_micros", models.PositiveBigIntegerField()),
                ("cached_micros", models.PositiveBigIntegerField()),
                ("output_micros", models.PositiveBigIntegerField()),
                ("source", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "model", "-id"], name="price_of_model")],
            },
        ),
        migrations.CreateModel(
            name="PortfolioModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("label", models.CharField(max_length=60, unique=True)),
                ("max_output_tokens", models.PositiveIntegerField(default=2048)),
                ("temperature", models.FloatField(blank=True, null=True)),
                ("parameters", models.JSONField(blank=True, default=dict)),
                ("connections", models.PositiveSmallIntegerField(default=8)),
                ("can_judge", models.BooleanField(default=False)),
                ("enabled", models.BooleanField(default=True)),
                ("blocked", models.CharField(blank=True, max_length=300)),
                (
                    "price",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="skills.price",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="models",
                        to="skills.provider",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "name"), name="one_model_per_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "handle",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$",
                                "Use 1 to 40 lower-case letters, digits and hyphens, starting with a letter or digit.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "members",
                    models.ManyToManyField(
                        related_name="teams", through="skills.Membership", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "personal_of",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="personal_team",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("description", models.CharField(blank=True, max_length=1100)),
                ("license", models.CharField(blank=True, max_length=1100)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("catalogue_tokens", models.PositiveIntegerField(default=0)),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("team", "Team: its members"),
                            ("internal", "Internal: everyone who signs in"),
                            ("public", "Public: everyone"),
                        ],
                        default="team",
                        max_length=10,
                    ),
                ),
                ("published", models.BooleanField(default=False)),
                ("deprecated_at", models.DateTimeField(blank=True, null=True)),
                ("deprecation_note", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("updated_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("fetches", models.PositiveBigIntegerField(default=0)),
                ("stars", models.PositiveIntegerField(default=0)),
                ("lift", models.FloatField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="skills.skill",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="skills", to="skills.team"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-updated_at", "-id"], name="skill_newest"),
                    models.Index(fields=["name", "id"], name="skill_by_name"),
                    django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="skill_tags"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("team", "name"), name="one_skill_per_name"),
                    models.CheckConstraint(
                        condition=models.Q(("visibility__in", ["team", "internal", "public"])),
                        name="visibility_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9-]*$", "Use lower-case letters, digits and hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="labels", to="skills.team"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("team", "name"), name="one_label_per_name")],
            },
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "window",
                    models.CharField(
                        choices=[
                            ("day", "A day"),
                            ("week", "A week"),
                            ("month", "A month"),
                            ("none", "For ever"),
                        ],
                        default="month",
                        max_length=10,
                    ),
                ),
                ("limit_tokens", models.PositiveBigIntegerField(blank=True, null=True)),
                ("limit_micros", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "soft_percent",
                    models.PositiveSmallIntegerField(
                        default=80,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("hard", models.BooleanField(default=True)),
                (
                    "account",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget",
                        to="skills.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("team__isnull", True), ("account__isnull", True), _connector="OR"
                        ),
                        name="budget_has_one_owner",
                    ),
                    models.UniqueConstraint(
                        models.ExpressionWrapper(
                            models.Q(("account__isnull", True), ("team__isnull", True)),
                            output_field=models.BooleanField(),
                        ),
                        condition=models.Q(("account__isnull", True), ("team__isnull", True)),
                        name="one_budget_of_the_instance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("soft_percent__gte", 1), ("soft_percent__lte", 100)),
                        name="soft_mark_is_a_percentage",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "skill",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="document",
                        serialize=False,
                        to="skills.skill",
                    ),
                ),
                ("scope", models.BigIntegerField()),
                ("name", models.CharField(max_length=64)),
                (
                    "facets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), size=None
                    ),
                ),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                (
                    "strong",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("impacts", pgvector.django.sparsevec.SparseVectorField(dimensions=1000000000)),
                (
                    "pieces",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("written_at", models.DateTimeField(default=skills.lib.clock.now)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["terms"], name="document_terms"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["strong"], name="document_strong"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["facets"], name="document_facets"
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("name", name="varchar_pattern_ops"),
                        name="document_name",
                    ),
                    models.Index(fields=["scope"], name="document_scope"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HiddenCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("prompt", models.TextField(max_length=20000)),
                ("assertions", models.JSONField()),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hidden_cases",
                        to="skills.skill",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("skill", "name"), name="one_hidden_case_per_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="Maintainer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="maintained",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="maintainers",
                        to="skills.skill",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("skill", "account"), name="maintainer_once")],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("limit_tokens", models.PositiveBigIntegerField(blank=True, null=True)),
                ("limit_micros", models.PositiveBigIntegerField(blank=True, null=True)),
                ("spent_tokens", models.PositiveBigIntegerField(default=0)),
                ("held_tokens", models.PositiveBigIntegerField(default=0)),
                ("spent_micros", models.PositiveBigIntegerField(default=0)),
                ("held_micros", models.PositiveBigIntegerField(default=0)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "budget",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="skills.budget",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("budget", "starts_at"), name="one_period_per_start")
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("settle", "Used"),
                            ("lost", "Charged in full: the call's end is unknown"),
                            ("adjust", "Corrected"),
                            ("grant", "Granted for this period"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tokens", models.BigIntegerField()),
                ("micros", models.BigIntegerField(blank=True, null=True)),
                ("input_tokens", models.PositiveBigIntegerField(default=0)),
                ("cached_tokens", models.PositiveBigIntegerField(default=0)),
                ("output_tokens", models.PositiveBigIntegerField(default=0)),
                ("model", models.CharField(blank=True, max_length=120)),
                ("role", models.CharField(blank=True, max_length=10)),
                ("run_id", models.BigIntegerField(blank=True, null=True)),
                ("skill_id", models.BigIntegerField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="skills.hold",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="skills.period",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["period", "-id"], name="entry_of_period"),
                    models.Index(fields=["run_id"], name="entry_of_run"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(blank=True, max_length=32)),
                ("query", models.CharField(max_length=500)),
                (
                    "shown",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("total", models.IntegerField()),
                ("at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "chosen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="skills.skill",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["at"], name="entry_age"),
                    models.Index(fields=["account", "-at"], name="entry_of"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SkillLabel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skill_labels",
                        to="skills.label",
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skill_labels",
                        to="skills.skill",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("skill", "label"), name="one_label_once")],
            },
        ),
        migrations.CreateModel(
            name="Star",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stars",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="starred_by",
                        to="skills.skill",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "skill"), name="one_star_each")],
            },
        ),
        migrations.CreateModel(
            name="SkillName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="names", to="skills.skill"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="skills.team"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("team", "name"), name="names_are_never_reused")
                ],
            },
        ),
        migrations.CreateModel(
            name="Portfolio",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chosen", models.ManyToManyField(blank=True, related_name="+", to="skills.portfoliomodel")),
                (
                    "judge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="skills.portfoliomodel",
                    ),
                ),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portfolio",
                        to="skills.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "approvals_needed",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MaxValueValidator(
                                5, "At most five approvals can be asked for."
                            )
                        ],
                    ),
                ),
                ("self_approval", models.BooleanField(default=False)),
                ("scan_gate", models.BooleanField(default=True)),
                ("evals_required", models.BooleanField(default=False)),
                ("no_regression", models.BooleanField(default=False)),
                (
                    "minimum_lift",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MaxValueValidator(100, "A lift is at most 100 points.")
                        ],
                    ),
                ),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="policy", to="skills.team"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("approvals_needed__gte", 1), ("approvals_needed__lte", 5)),
                        name="approvals_between_one_and_five",
                        violation_error_message="Ask for one to five approvals.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[("member", "Member"), ("reviewer", "Reviewer"), ("admin", "Admin")],
                        default="member",
                        max_length=10,
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="skills.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="skills.skill",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="skills.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "skill"), name="follow_skill_once"),
                    models.UniqueConstraint(fields=("account", "team"), name="follow_team_once"),
                    models.CheckConstraint(
                        condition=models.Q(("skill__isnull", True), ("team__isnull", True), _connector="XOR"),
                        name="follow_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=skills.lib.clock.now)),
                ("actor_name", models.CharField(max_length=40)),
                ("act", models.CharField(max_length=40)),
                ("target", models.CharField(max_length=200)),
                ("detail", models.JSONField(default=dict)),
                ("seq", models.BigIntegerField(null=True, unique=True)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("seal", models.CharField(blank=True, max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="skills.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["team", "-id"], name="event_of_team"),
                    models.Index(fields=["act", "-id"], name="event_by_act"),
                    models.Index(condition=models.Q(("seq", None)), fields=["id"], name="event_unsealed"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.BigIntegerField()),
                ("term", models.CharField(max_length=40)),
                ("word", models.CharField(max_length=40)),
                ("documents", models.IntegerField()),
                ("strong", models.IntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("term", name="varchar_pattern_ops"),
                        models.F("scope"),
                        name="term_prefix",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "scope"), name="one_count_per_scope")
                ],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("hint", models.CharField(max_length=12)),
                ("in_address", models.BooleanField(default=False)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "Read and fetch what the account can read"),
                                ("publish", "Upload and submit versions"),
                                ("review", "Approve, reject and request changes"),
                                ("admin", "Manage teams, tokens, yanks and the audit log"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("teams", models.ManyToManyField(blank=True, related_name="+", to="skills.team")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="token_expires_after_creation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("digest", models.CharField(max_length=71)),
                ("size", models.PositiveIntegerField()),
                ("manifest", models.JSONField()),
                ("files", models.JSONField()),
                ("notes", models.JSONField(default=list)),
                ("data", models.BinaryField()),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("expires_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="upload_expiry")],
            },
        ),
        migrations.CreateModel(
            name="UploadTicket",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("path", models.CharField(max_length=255)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("data", models.BinaryField(null=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=64)),
                ("build", models.CharField(blank=True, max_length=64)),
                ("is_prerelease", models.BooleanField(default=False)),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scanning", "Scanning"),
                            ("in_review", "In review"),
                            ("changes_requested", "Changes requested"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("approved", "Approved"),
                            ("yanked", "Yanked"),
                            ("removed", "Removed"),
                        ],
                        default="scanning",
                        max_length=20,
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        max_length=71,
                        validators=[django.core.validators.RegexValidator("^sha256:[0-9a-f]{64}$")],
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("manifest", models.JSONField()),
                ("rendered", models.TextField(blank=True)),
                ("changelog", models.CharField(blank=True, max_length=2000)),
                (
                    "requested_visibility",
                    models.CharField(
                        choices=[
                            ("team", "Team: its members"),
                            ("internal", "Internal: everyone who signs in"),
                            ("public", "Public: everyone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("state_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="skills.skill",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "created_at"], name="version_queue"),
                    models.Index(fields=["digest"], name="version_digest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("skill", "number", "attempt"), name="one_row_per_attempt"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["scanning", "in_review"]),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        fields=("skill", "number"),
                        name="one_live_row_per_number",
                        violation_error_message="This number is taken by a version that is open or was approved.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "yanked"]), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="approval_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "scanning",
                                    "in_review",
                                    "changes_requested",
                                    "rejected",
                                    "withdrawn",
                                    "approved",
                                    "yanked",
                                    "removed",
                                ],
                            )
                        ),
                        name="state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["yanked", "removed"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="yank_and_removal_have_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^sha256:[0-9a-f]{64}$")),
                        name="digest_is_sha256",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Done"), ("held", "Held: did not finish")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("rules", models.CharField(blank=True, max_length=20)),
                ("inventory", models.JSONField(default=dict)),
                ("problem", models.CharField(blank=True, max_length=500)),
                ("started_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scan", to="skills.version"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=60)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("blocking", "Blocking"),
                            ("high", "High"),
                            ("medium", "Medium"),
                            ("low", "Low"),
                        ],
                        max_length=10,
                    ),
                ),
                ("path", models.CharField(blank=True, max_length=255)),
                ("line", models.PositiveIntegerField(default=0)),
                ("text", models.CharField(max_length=500)),
                ("snippet", models.CharField(blank=True, max_length=300)),
                ("remedy", models.CharField(blank=True, max_length=500)),
                ("waived_at", models.DateTimeField(blank=True, null=True)),
                ("waiver", models.CharField(blank=True, max_length=500)),
                (
                    "waived_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="skills.scan"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["scan", "path", "line"], name="finding_place")],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=71)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("evaluate", "Evaluation"),
                            ("regression", "Re-run of suspected regressions"),
                        ],
                        default="evaluate",
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Finished"),
                            ("cancelled", "Cancelled"),
                            ("out_of_budget", "Out of budget"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=15,
                    ),
                ),
                (
                    "arms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None
                    ),
                ),
                ("repeats", models.PositiveSmallIntegerField()),
                ("cases", models.JSONField()),
                ("portfolio", models.JSONField()),
                ("judge", models.JSONField(blank=True, null=True)),
                ("only", models.JSONField(blank=True, null=True)),
                ("total", models.PositiveIntegerField()),
                ("worst_tokens", models.PositiveBigIntegerField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("worker", models.CharField(blank=True, max_length=40)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sandbox", models.CharField(blank=True, max_length=10)),
                ("left_out", models.JSONField(default=list)),
                ("problem", models.CharField(blank=True, max_length=500)),
                ("report", models.JSONField(blank=True, null=True)),
                ("webhook", models.URLField(blank=True, max_length=300)),
                ("cancel_asked_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reruns",
                        to="skills.run",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="skills.skill",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="skills.team"
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="skills.upload",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="skills.version",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="skills.version",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["skill", "-id"], name="run_of_skill"),
                    models.Index(fields=["version", "-id"], name="run_of_version"),
                    models.Index(fields=["team", "state"], name="run_of_team"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["queued", "running", "done", "cancelled", "out_of_budget", "failed"],
                            )
                        ),
                        name="run_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("repeats__gte", 1), ("repeats__lte", 10)),
                        name="one_to_ten_repeats",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case", models.CharField(max_length=64)),
                ("arm", models.CharField(max_length=10)),
                ("repeat", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("scored", "Scored"), ("error", "Error"), ("limit", "Limit reached")],
                        max_length=10,
                    ),
                ),
                ("passed", models.BooleanField(default=False)),
                ("grades", models.JSONField(default=list)),
                ("invoked", models.BooleanField(default=False)),
                ("output", models.TextField(blank=True)),
                ("problem", models.CharField(blank=True, max_length=500)),
                ("input_tokens", models.PositiveBigIntegerField(default=0)),
                ("output_tokens", models.PositiveBigIntegerField(default=0)),
                ("judge_tokens", models.PositiveBigIntegerField(default=0)),
                ("micros", models.PositiveBigIntegerField(blank=True, null=True)),
                ("seconds", models.FloatField(default=0)),
                ("tool_calls", models.PositiveIntegerField(default=0)),
                ("served_model", models.CharField(blank=True, max_length=120)),
                ("fingerprint", models.CharField(max_length=64)),
                ("reused", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="skills.portfoliomodel",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="trials", to="skills.run"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "scored")),
                        fields=["fingerprint", "-created_at"],
                        name="trial_reuse",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "case", "arm", "model", "repeat"), name="one_row_per_trial"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Transcript",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("messages", models.JSONField()),
                ("created_at", models.DateTimeField(db_index=True, default=skills.lib.clock.now)),
                (
                    "trial",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transcript",
                        to="skills.trial",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Overrule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("assertion", models.PositiveSmallIntegerField()),
                ("judged", models.BooleanField()),
                ("passed", models.BooleanField()),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrules",
                        to="skills.trial",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("trial", "assertion"), name="one_overrule_per_assertion")
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("malware", "It does harm"),
                            ("secret", "It contains a secret"),
                            ("legal", "It breaks a licence or a law"),
                            ("broken", "It does not work"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=2000)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="skills.skill"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="skills.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("skill", "reporter"),
                        name="one_open_report_each",
                        violation_error_message="You have already reported this skill.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("executable", models.BooleanField(default=False)),
                ("start", models.PositiveIntegerField()),
                ("packed", models.PositiveIntegerField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="skills.version"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "path"), name="one_file_per_path")
                ],
            },
        ),
        migrations.CreateModel(
            name="FetchDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("client", models.CharField(default="api", max_length=20)),
                ("fetches", models.PositiveIntegerField(default=0)),
                ("installs", models.PositiveIntegerField(default=0)),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="skills.team",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fetch_days",
                        to="skills.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "day", "team", "client"),
                        name="one_count_per_day",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("approve", "Approve"),
                            ("request_changes", "Request changes"),
                            ("reject", "Reject"),
                        ],
                        max_length=20,
                    ),
                ),
                ("digest", models.CharField(max_length=71)),
                ("reason", models.CharField(blank=True, max_length=2000)),
                ("self_approval_allowed", models.BooleanField(default=False)),
                ("approvals_needed", models.PositiveSmallIntegerField(default=1)),
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
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="skills.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "approve"), _negated=True),
                            models.Q(("reviewer", models.F("author")), _negated=True),
                            ("self_approval_allowed", True),
                            _connector="OR",
                        ),
                        name="four_eyes",
                        violation_error_message="Authors do not approve their own versions.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("verdict", "approve")),
                        fields=("version", "reviewer"),
                        name="one_approval_per_reviewer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "approve"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="refusals_have_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(blank=True, max_length=255)),
                ("line", models.PositiveIntegerField(default=0)),
                ("body", models.CharField(max_length=5000)),
                ("created_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="skills.version",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["version", "path", "line"], name="comment_place")],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9-]{0,31}$", "Use lower-case letters."
                            )
                        ],
                    ),
                ),
                ("moved_at", models.DateTimeField(default=skills.lib.clock.now)),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to="skills.skill",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channels",
                        to="skills.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("skill", "name"), name="one_channel_per_name"),
                    models.CheckConstraint(
                        condition=models.Q(("name", "latest"), _negated=True),
                        name="latest_is_computed",
                        violation_error_message="`latest` is computed; choose another name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("piece", models.PositiveSmallIntegerField()),
                ("scope", models.BigIntegerField()),
                ("vector", pgvector.django.halfvec.HalfVectorField()),
                (
                    "generation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="skills.generation",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="skills.document",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["scope"], name="passage_scope")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "generation", "piece"), name="one_vector_per_piece"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="skills.team"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="service_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="services",
                to="skills.team",
            ),
        ),
        migrations.AddField(
            model_name="skill",
            name="latest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="skills.version",
            ),
        ),
        migrations.AddField(
            model_name="skill",
            name="shown",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="skills.version",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("team", "account"), name="one_role_per_team"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("service_of__isnull", True),
                    models.Q(("is_auditor", False), ("is_staff", False)),
                    _connector="OR",
                ),
                name="service_accounts_hold_no_office",
            ),
        ),
        migrations.RunSQL(SEARCH_STORAGE, SEARCH_STORAGE_BACK),
    ]
