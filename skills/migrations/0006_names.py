"""Names that are near to another ask for staff."""

import django.db.models.deletion
import skills.lib.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0005_responsible"),
    ]

    operations = [
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
                    ("name", "For staff: somebody asks for a name that is near to another"),
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
                    ("name", "For staff: somebody asks for a name that is near to another"),
                    ("storage", "For staff: stored bytes are missing, damaged or right again"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="NameRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=105)),
                ("near", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField(default=skills.lib.clock.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("allowed", models.BooleanField(default=False)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "asked_by"), name="a_name_is_asked_for_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("allowed", False), ("decided_at", None), ("decided_by", None)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_name_is_allowed_by_somebody",
                    ),
                ],
            },
        ),
    ]
