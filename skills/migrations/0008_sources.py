"""Sources that a team's skills come from, and where the bytes of a version were fetched from."""

import django.contrib.postgres.fields
import django.db.models.deletion
import skills.lib.clock
import skills.lib.guards
from django.conf import settings
from django.db import migrations, models

# As 0005 made it, and who said where a version is fetched from counts as well.
STAKE = """
create or replace function skills_stake(of_version bigint, of_account bigint) returns text
language plpgsql stable as $$
begin
    return (
        select case
            when version.author_id = of_account then 'author'
            when version.responsible_id = of_account then 'responsible'
            when author.service_of_id is not null and (
                author.created_by_id = of_account
                or exists (
                    select from skills_membership admin
                    where admin.team_id = author.service_of_id and admin.account_id = of_account
                        and admin.role = 'admin'))
                then 'administers'
            {source}
            when exists (
                select from {versions}
                where other.skill_id = version.skill_id and other.number = version.number
                    and {answers})
                then 'attempt'
            when exists (
                select from {versions}
                where other.digest = version.digest and {answers})
                then 'bytes'
        end
        from skills_version version join skills_account author on author.id = version.author_id
        where version.id = of_version);
end $$;
"""
SOURCE = """
            when exists (
                select from skills_provenance provenance
                where provenance.version_id = version.id and of_account = any(provenance.answerable))
                then 'source'
"""
WITH_SOURCE = {
    "source": SOURCE,
    "versions": "skills_version other left join skills_provenance brought on brought.version_id = other.id",
    "answers": "(of_account in (other.author_id, other.responsible_id) or of_account = any(brought.answerable))",
}
WITHOUT_SOURCE = {
    "source": "",
    "versions": "skills_version other",
    "answers": "of_account in (other.author_id, other.responsible_id)",
}


class Migration(migrations.Migration):

    dependencies = [
        ("skills", "0007_signed_releases"),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='approve_synced',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('git', 'Git repository'), ('skillhub', 'Another SkillHub'), ('index', 'Index at .well-known/agent-skills'), ('clawhub', 'ClawHub registry')], max_length=10)),
                ('url', models.CharField(max_length=500)),
                ('ref', models.CharField(blank=True, max_length=200)),
                ('folder', models.CharField(blank=True, max_length=300)),
                ('names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=128), blank=True, default=list, size=None)),
                ('token', models.BinaryField(blank=True, null=True)),
                ('webhook_secret', models.BinaryField(blank=True, null=True)),
                ('minutes', models.PositiveIntegerField(default=1440)),
                ('visibility', models.CharField(choices=[('team', 'Team: its members'), ('internal', 'Internal: everyone who signs in'), ('public', 'Public: everyone')], default='team', max_length=10)),
                ('approves', models.BooleanField(default=False)),
                ('answerable', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('created_at', models.DateTimeField(default=skills.lib.clock.now)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('synced_at', models.DateTimeField(blank=True, null=True)),
                ('revision', models.CharField(blank=True, max_length=100)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=1000)),
                ('responsible', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='skills.team')),
            ],
        ),
        migrations.CreateModel(
            name='Sync',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_plan', models.BooleanField(default=False)),
                ('cause', models.CharField(choices=[('schedule', 'schedule'), ('webhook', 'webhook'), ('person', 'person')], max_length=10)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=10)),
                ('revision', models.CharField(blank=True, max_length=100)),
                ('problem', models.CharField(blank=True, max_length=1000)),
                ('lines', models.JSONField(default=list)),
                ('left_out', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(default=skills.lib.clock.now)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='syncs', to='skills.source')),
            ],
        ),
        migrations.CreateModel(
            name='Provenance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500)),
                ('ref', models.CharField(blank=True, max_length=200)),
                ('revision', models.CharField(blank=True, max_length=100)),
                ('path', models.CharField(max_length=500)),
                ('answerable', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='provenance', to='skills.version')),
            ],
            options={
                'constraints': [skills.lib.guards.Immutable(message='provenance is immutable', movable=(), name='provenance_is_immutable'), skills.lib.guards.Guard(event='delete', message='provenance is never deleted', name='provenance_stays')],
            },
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(fields=['next_at'], name='source_due'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(fields=('team', 'kind', 'url', 'ref', 'folder', 'names'), name='one_source_per_place', violation_error_message='The team has this source already.'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['git', 'skillhub', 'index', 'clawhub'])), name='source_kind_is_known'),
        ),
        migrations.AddIndex(
            model_name='sync',
            index=models.Index(fields=['source', '-id'], name='sync_of_source'),
        ),
        migrations.AddConstraint(
            model_name='sync',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('source', 'is_plan'), name='one_open_sync_per_source'),
        ),
        migrations.AddConstraint(
            model_name='sync',
            constraint=skills.lib.guards.Immutable(message='a sync keeps its cause', movable=('state', 'revision', 'problem', 'lines', 'left_out', 'started_at', 'finished_at'), name='syncs_keep_their_cause'),
        ),
        migrations.RunSQL(STAKE.format(**WITH_SOURCE), STAKE.format(**WITHOUT_SOURCE)),
    ]
