"""Trials that failed by a limit count; trials say why they are not scored; staff choose the judge."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0015_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="trial",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("scored", "Scored"),
                    ("failed_limit", "Failed (limit)"),
                    ("error", "Error"),
                    ("limit", "Limit reached"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="trial",
            name="cause",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.RemoveIndex(model_name="trial", name="trial_reuse"),
        migrations.AddIndex(
            model_name="trial",
            index=models.Index(
                condition=models.Q(("outcome__in", ("scored", "failed_limit"))),
                fields=["fingerprint", "-created_at"],
                name="trial_to_reuse",
            ),
        ),
        migrations.AddField(
            model_name="portfoliomodel",
            name="is_default_judge",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="portfoliomodel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default_judge", True)),
                fields=("is_default_judge",),
                name="one_default_judge",
            ),
        ),
    ]
