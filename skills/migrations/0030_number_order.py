"""Versions in the order of their numbers, kept by an index: pages of a skill read what they show of them."""

from django.db import migrations, models

import skills.catalog.number_order

# Every number goes with its length before it. What has no prerelease sorts behind all that have one, numeric
# parts of one before others, and its end before any further part. The body is parsed once, here: a dump is
# restored with an empty search path.
_FUNCTION = """
create function skills_number_key(version text) returns text
language sql immutable strict parallel safe cost 1000
return (
    select string_agg(lpad(length(part)::text, 2, '0') || part, '' order by place)
    from unnest(string_to_array(split_part(version, '-', 1), '.')) with ordinality as core(part, place)
) || case when strpos(version, '-') = 0 then '~' else (
    select string_agg(
        case when part ~ '^[0-9]+$' then '0' || lpad(length(part)::text, 2, '0') || part else '1' || part end,
        ' ' order by place
    )
    from unnest(string_to_array(substr(version, strpos(version, '-') + 1), '.'))
        with ordinality as prerelease(part, place)
) end
"""
_FUNCTION_BACK = "drop function skills_number_key(text)"


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0029_model_aliases"),
    ]

    operations = [
        migrations.RunSQL(_FUNCTION, _FUNCTION_BACK),
        migrations.AddIndex(
            "version",
            models.Index(
                models.F("skill"),
                skills.catalog.number_order.NumberKey("number").desc(),
                models.F("attempt").desc(),
                name="version_by_number",
            ),
        ),
    ]
