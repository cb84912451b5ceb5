"""A run keeps what all evaluations of the same bytes show together; those of before are pooled by the schedule."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0026_models_scope"),
    ]

    operations = [
        migrations.AddField("run", "pooled_report", models.JSONField(blank=True, null=True)),
        migrations.AddIndex("run", models.Index(fields=["skill", "digest", "-id"], name="run_of_bytes")),
    ]
