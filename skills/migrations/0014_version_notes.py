from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0013_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="notes",
            field=models.JSONField(default=list),
        ),
    ]
