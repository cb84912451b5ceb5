"""A hold says who called, for which skill, and what the call was charged in the end."""

from django.db import migrations, models

# What earlier releases wrote is in the periods (who) and in any one entry of a call (how much).
_FILL_CALLERS = """
update skills_hold h set team_id = b.team_id
from skills_period p join skills_budget b on b.id = p.budget_id
where p.id = any(h.periods) and b.team_id is not null;
update skills_hold h set account_id = b.account_id
from skills_period p join skills_budget b on b.id = p.budget_id
where p.id = any(h.periods) and b.account_id is not null;
"""
_FILL_ENDS = """
update skills_hold h set used_micros = e.micros, ended_at = e.ended_at, input_tokens = e.input,
    cached_tokens = e.cached, written_tokens = e.written, output_tokens = e.output
from (
    select hold_id, sum(micros) as micros, min(at) as ended_at, sum(input_tokens) as input,
        sum(cached_tokens) as cached, sum(written_tokens) as written, sum(output_tokens) as output
    from skills_ledgerentry where hold_id is not null group by hold_id, period_id
) as e
where e.hold_id = h.id;
update skills_hold set ended_at = expires_at where ended_at is null and state <> 'held';
"""


def text(length: int) -> models.CharField:
    return models.CharField(blank=True, db_default="", default="", max_length=length)


def row() -> models.BigIntegerField:
    return models.BigIntegerField(blank=True, null=True)


def tokens() -> models.PositiveBigIntegerField:
    return models.PositiveBigIntegerField(db_default=0, default=0)


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0021_prices"),
    ]

    operations = [
        migrations.AddField("hold", "account_id", row()),
        migrations.AddField("hold", "team_id", row()),
        migrations.AddField("hold", "token_id", row()),
        migrations.AddField("hold", "version_id", row()),
        migrations.AddField("hold", "agent", text(60)),
        migrations.AddField("hold", "session", text(120)),
        migrations.AddField("hold", "request_id", text(120)),
        migrations.AddField("hold", "used_micros", models.PositiveBigIntegerField(blank=True, null=True)),
        migrations.AddField("hold", "input_tokens", tokens()),
        migrations.AddField("hold", "cached_tokens", tokens()),
        migrations.AddField("hold", "written_tokens", tokens()),
        migrations.AddField("hold", "output_tokens", tokens()),
        migrations.AddField("hold", "ended_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(_FILL_CALLERS, migrations.RunSQL.noop),
        migrations.RunSQL(_FILL_ENDS, migrations.RunSQL.noop),
        migrations.AddIndex("hold", models.Index(fields=["ended_at", "id"], name="hold_by_end")),
        migrations.AddIndex(
            "hold",
            models.Index(
                fields=["request_id"],
                condition=models.Q(("request_id", ""), _negated=True),
                name="hold_of_request",
            ),
        ),
    ]
