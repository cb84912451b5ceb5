"""Programs hear of the marks of budgets; lost calls are found without reading all others."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0027_pooled_reports"),
    ]

    operations = [
        migrations.CreateModel(
            "BudgetWebhook",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=300)),
                ("secret", models.BinaryField()),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                ("last_answer", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("last_arrived", models.BooleanField(db_default=False, default=False)),
                (
                    "budget",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhook",
                        to="skills.budget",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "hold",
            models.Index(fields=["-created_at"], condition=models.Q(state="lost"), name="hold_lost"),
        ),
    ]
