"""Approved texts have fingerprints; unreviewed skills in use and what telemetry tells have tables."""

import django.contrib.postgres.fields
import django.db.models.deletion
import skills.lib.clock
from django.conf import settings
from django.db import migrations, models


# Sums are made of what agents reported, too.
_SUM_REPORTED = """
do $do$ begin
    execute replace(pg_get_functiondef('skills_note_spending'::regproc),
        $$('settled', 'lost')$$, $$('settled', 'lost', 'reported')$$);
end $do$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("skills", "0024_budget_terms"),
    ]

    operations = [
        migrations.AlterField(
            model_name='hold',
            name='state',
            field=models.CharField(choices=[('held', 'Held'), ('settled', 'Settled'), ('released', 'Released: refused before billing'), ('lost', 'Lost: charged in full'), ('reported', 'Reported by the agent')], default='held', max_length=10),
        ),
        migrations.AlterField(
            model_name='token',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'Read and fetch what the account can read'), ('check', 'Check bundles, which keeps nothing'), ('publish', 'Upload and submit versions'), ('report', 'Report what an agent used'), ('review', 'Approve, reject and request changes'), ('admin', 'Manage teams, tokens, yanks and the audit log')], max_length=10), size=None),
        ),
        migrations.CreateModel(
            name='TelemetryWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counts', models.BooleanField(default=False)),
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='telemetry_wish', to='skills.team')),
            ],
        ),
        migrations.CreateModel(
            name='VersionFingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letters', models.PositiveIntegerField()),
                ('whole', models.BigIntegerField()),
                ('offset', models.PositiveIntegerField()),
                ('marks', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fingerprint', to='skills.version')),
            ],
        ),
        migrations.CreateModel(
            name='CumulativeSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('value', models.FloatField()),
                ('seen_at', models.DateTimeField(default=skills.lib.clock.now)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['seen_at'], name='cumulative_series_age')],
                'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='one_row_per_cumulative_series')],
            },
        ),
        migrations.CreateModel(
            name='ReportedSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.CharField(max_length=120)),
                ('tells_calls', models.BooleanField(db_default=False, default=False)),
                ('skill_name', models.CharField(blank=True, db_default='', default='', max_length=64)),
                ('skill_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(default=skills.lib.clock.now)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['seen_at'], name='reported_session_age')],
                'constraints': [models.UniqueConstraint(fields=('account', 'session'), name='one_row_per_reported_session')],
            },
        ),
        migrations.CreateModel(
            name='UnreviewedSkill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=71)),
                ('calls', models.PositiveBigIntegerField(db_default=0, default=0)),
                ('first_seen_at', models.DateTimeField(default=skills.lib.clock.now)),
                ('last_seen_at', models.DateTimeField(default=skills.lib.clock.now)),
                ('near', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='skills.skill')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='skills.team')),
            ],
            options={
                'indexes': [models.Index(fields=['team', '-last_seen_at'], name='unreviewed_newest')],
                'constraints': [models.UniqueConstraint(fields=('team', 'name', 'digest'), name='one_unreviewed_skill_per_text')],
            },
        ),
        migrations.CreateModel(
            name='WaitingUsage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.CharField(max_length=120)),
                ('key', models.CharField(max_length=64)),
                ('call', models.JSONField()),
                ('due_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['due_at'], name='waiting_usage_due')],
                'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='one_row_per_waiting_usage')],
            },
        ),
        migrations.RunSQL(_SUM_REPORTED, migrations.RunSQL.noop),
    ]
