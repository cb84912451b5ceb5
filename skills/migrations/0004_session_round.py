from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("skills", "0003_bytes")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="session_round",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
