"""Prices have tiers; holds know at which price, and teach how many tokens a byte makes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("skills", "0020_rerun_rounds"),
    ]

    operations = [
        migrations.AddField("price", "tariffs", models.JSONField(blank=True, null=True)),
        migrations.AddField("hold", "price_id", models.BigIntegerField(blank=True, null=True)),
        migrations.AddField(
            "hold", "tokenizer", models.CharField(blank=True, db_default="", default="", max_length=150)
        ),
        migrations.AddField("hold", "sent_bytes", models.PositiveBigIntegerField(blank=True, null=True)),
        migrations.AddField("hold", "sent_tokens", models.PositiveBigIntegerField(blank=True, null=True)),
        migrations.AddField("ledgerentry", "price_id", models.BigIntegerField(blank=True, null=True)),
        migrations.AddField(
            "ledgerentry", "written_tokens", models.PositiveBigIntegerField(db_default=0, default=0)
        ),
        migrations.AddIndex(
            "hold",
            models.Index(
                fields=["tokenizer", "-created_at"],
                condition=models.Q(("sent_tokens__gt", 0), ("state", "settled")),
                name="hold_measured",
            ),
        ),
    ]
