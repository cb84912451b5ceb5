"""Cases that a model proposes to one person."""

import django.db.models.deletion
import skills.lib.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("skills", "0017_standard_plan"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(choices=[("skill", "SKILL.md"), ("comments", "the comments of its review"), ("trial", "a failed trial")], max_length=10)),
                ("state", models.CharField(choices=[("queued", "Waiting"), ("done", "Finished"), ("failed", "Failed")], default="queued", max_length=10)),
                ("problem", models.CharField(blank=True, max_length=500)),
                ("rows", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(db_index=True, default=skills.lib.clock.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("model", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="skills.portfoliomodel")),
                ("requested_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("trial", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="skills.trial")),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="case_drafts", to="skills.version")),
            ],
        ),
    ]
