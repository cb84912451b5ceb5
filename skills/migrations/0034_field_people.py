"""How many people use a skill at work, for the order of searches."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0033_kept_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="skill",
            name="field_people",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
