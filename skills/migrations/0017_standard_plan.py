"""What an evaluation must have run before a gate reads it, and how much worse is still as good."""

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0016_trial_causes"),
    ]

    operations = [
        migrations.AddField("policy", "discerning_cases", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "policy", "standard_cases", models.PositiveSmallIntegerField(db_default=5, default=5)
        ),
        migrations.AddField(
            "policy", "standard_repeats", models.PositiveSmallIntegerField(db_default=3, default=3)
        ),
        migrations.AddField(
            "policy",
            "standard_models",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            "policy", "inferiority_margin", models.PositiveSmallIntegerField(db_default=10, default=10)
        ),
        migrations.AddConstraint(
            "policy",
            models.CheckConstraint(
                condition=Q(
                    standard_cases__gte=1,
                    standard_cases__lte=500,
                    standard_repeats__gte=1,
                    standard_repeats__lte=10,
                ),
                name="standard_plan_can_be_run",
                violation_error_message="A standard plan asks for 1 to 500 cases and 1 to 10 repeats.",
            ),
        ),
        migrations.AddConstraint(
            "policy",
            models.CheckConstraint(
                condition=Q(inferiority_margin__gte=1, inferiority_margin__lte=50),
                name="margin_is_in_points",
                violation_error_message="The margin lies between 1 and 50 points.",
            ),
        ),
    ]
