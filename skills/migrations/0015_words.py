"""A search document knows with which words it was written, so that an upgrade writes it anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0014_version_notes"),
    ]

    operations = [
        migrations.AddField("document", "words", models.PositiveSmallIntegerField(default=1)),
    ]
