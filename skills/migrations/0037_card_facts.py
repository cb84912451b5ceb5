"""What a card says of a skill without asking other tables: installs, models, uses at work and their cost."""

import django.contrib.postgres.fields
from django.db import migrations, models

_NO_MODELS = models.Value(
    [], output_field=django.contrib.postgres.fields.ArrayField(models.CharField(max_length=200))
)
# Uses at work are counted by a task within the hour.
_FILL = """
update skills_skill s set installs = counted.installs
from (
    select v.skill_id, sum(d.installs) as installs from skills_fetchday d
    join skills_version v on v.id = d.version_id group by v.skill_id
) counted
where counted.skill_id = s.id and counted.installs > 0;
update skills_skill s set tested_on = evaluated.labels
from (
    select d.skill_id, array_agg(substr(facet, 7) order by facet) as labels
    from skills_document d, unnest(d.facets) facet where facet like 'model:%' group by d.skill_id
) evaluated
where evaluated.skill_id = s.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0036_notice_kinds"),
    ]

    operations = [
        migrations.AddField("skill", "installs", models.PositiveBigIntegerField(db_default=0, default=0)),
        migrations.AddField("skill", "field_uses", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("skill", "field_micros", models.BigIntegerField(blank=True, null=True)),
        migrations.AddField(
            "skill",
            "tested_on",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200),
                blank=True,
                db_default=_NO_MODELS,
                default=list,
                size=None,
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
