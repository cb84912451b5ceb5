"""Providers list their models and hold what clouds ask for; tests are kept by model; turns have indexes."""

from django.db import migrations, models
from django.db.models import Q

_OPEN = Q(state__in=["queued", "running"])


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0018_case_drafts"),
    ]

    operations = [
        migrations.AddField(
            "provider",
            "options",
            models.JSONField(
                blank=True, default=dict, db_default=models.Value({}, output_field=models.JSONField())
            ),
        ),
        migrations.AddField("provider", "listed", models.JSONField(blank=True, null=True)),
        migrations.AddField(
            "provider", "listing_problem", models.CharField(max_length=500, blank=True, default="", db_default="")
        ),
        migrations.AddField("provider", "listed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField("provider", "problem", models.CharField(max_length=500, blank=True)),
        migrations.AddField(
            "portfoliomodel", "problem", models.CharField(max_length=500, blank=True, default="", db_default="")
        ),
        migrations.AddField("portfoliomodel", "tested_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex("run", models.Index(fields=["id"], condition=_OPEN, name="run_open")),
        migrations.AddIndex("run", models.Index(fields=["team", "-started_at"], name="run_served")),
    ]
