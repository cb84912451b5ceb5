"""A re-run of suspected regressions has as many repeats as it needs; one that a person asks for is another."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0019_providers"),
    ]

    operations = [
        migrations.AlterField(
            "run",
            "purpose",
            models.CharField(
                choices=[
                    ("evaluate", "Evaluation"),
                    ("regression", "Re-run of suspected regressions"),
                    ("recheck", "Fresh repeats of one case"),
                ],
                default="evaluate",
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint("run", "one_to_ten_repeats"),
        migrations.AddConstraint(
            "run",
            models.CheckConstraint(
                condition=Q(repeats__gte=1) & (Q(repeats__lte=10) | Q(purpose="regression")),
                name="one_to_ten_repeats",
            ),
        ),
    ]
