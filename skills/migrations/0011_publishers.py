"""Trusted publishers, what their tokens are for, and what a version says of the run that brought it."""

import django.contrib.postgres.fields
import django.db.models.deletion
import skills.lib.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("skills", "0010_source_paths"),
    ]

    operations = [
        migrations.CreateModel(
            name='UsedToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name='provenance',
            name='brought_by',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='provenance',
            name='run_url',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='provenance',
            name='started_by',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='token',
            name='provenance',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='token',
            name='skills',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None),
        ),
        migrations.AlterField(
            model_name='provenance',
            name='path',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name='token',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'Read and fetch what the account can read'), ('check', 'Check bundles, which keeps nothing'), ('publish', 'Upload and submit versions'), ('review', 'Approve, reject and request changes'), ('admin', 'Manage teams, tokens, yanks and the audit log')], max_length=10), size=None),
        ),
        migrations.CreateModel(
            name='TrustedPublisher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('github', 'GitHub Actions'), ('gitlab', 'GitLab CI'), ('other', 'Another OpenID Connect issuer')], max_length=10)),
                ('issuer', models.CharField(max_length=300)),
                ('repository', models.CharField(max_length=300)),
                ('workflow', models.CharField(blank=True, max_length=200)),
                ('environment', models.CharField(blank=True, max_length=200)),
                ('ref', models.CharField(blank=True, max_length=200)),
                ('claims', models.JSONField(blank=True, default=dict)),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None)),
                ('checks_pull_requests', models.BooleanField(default=False)),
                ('answerable', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('owner_id', models.CharField(blank=True, max_length=64)),
                ('repository_id', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(default=skills.lib.clock.now)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publishers', to='skills.team')),
            ],
        ),
        migrations.AddField(
            model_name='token',
            name='publisher',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tokens', to='skills.trustedpublisher'),
        ),
        migrations.AddConstraint(
            model_name='trustedpublisher',
            constraint=models.UniqueConstraint(fields=('team', 'issuer', 'repository', 'workflow', 'environment', 'ref', 'claims'), name='one_publisher_per_run', violation_error_message='The team has this trusted publisher already.'),
        ),
        migrations.AddConstraint(
            model_name='trustedpublisher',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['github', 'gitlab', 'other'])), name='publisher_kind_is_known'),
        ),
    ]
