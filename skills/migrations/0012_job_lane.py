"""Jobs that one person asked for share a lane."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("skills", "0011_publishers"),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='lane',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
    ]
