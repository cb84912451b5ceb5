"""Finds what agents told and a release before booked as metered work."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0031_case_waivers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("role", "work"), ("state", "reported")),
                fields=["id"],
                name="hold_told_as_work",
            ),
        ),
    ]
