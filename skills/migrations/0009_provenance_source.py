"""A version knows the source that brought it, as long as there is that source."""

import django.db.models.deletion
import skills.lib.guards
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("skills", "0008_sources"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='provenance',
            name='provenance_is_immutable',
        ),
        migrations.RemoveConstraint(
            model_name='sync',
            name='syncs_keep_their_cause',
        ),
        migrations.RenameField(
            model_name='sync',
            old_name='lines',
            new_name='changes',
        ),
        migrations.AddField(
            model_name='provenance',
            name='source',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='brought', to='skills.source'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('review_asked', 'A version waits for your review'), ('decided', 'Your version was approved, rejected or needs changes'), ('commented', 'Somebody commented on a version you follow'), ('scanned', 'The checks of your version found a problem'), ('new_version', 'A skill or team you follow has a new version'), ('withdrawn_from_use', 'A version you fetched or follow was yanked or removed'), ('team', 'Your role in a team changed'), ('reported', 'A skill was reported'), ('evaluated', 'An evaluation you asked for has ended'), ('budget', 'A budget of yours is nearly used up'), ('name', 'For staff: somebody asks for a name that is near to another'), ('source', 'A source of a team you administer fails, or brought new versions'), ('storage', 'For staff: stored bytes are missing, damaged or right again')], max_length=20),
        ),
        migrations.AlterField(
            model_name='noticepreference',
            name='kind',
            field=models.CharField(choices=[('review_asked', 'A version waits for your review'), ('decided', 'Your version was approved, rejected or needs changes'), ('commented', 'Somebody commented on a version you follow'), ('scanned', 'The checks of your version found a problem'), ('new_version', 'A skill or team you follow has a new version'), ('withdrawn_from_use', 'A version you fetched or follow was yanked or removed'), ('team', 'Your role in a team changed'), ('reported', 'A skill was reported'), ('evaluated', 'An evaluation you asked for has ended'), ('budget', 'A budget of yours is nearly used up'), ('name', 'For staff: somebody asks for a name that is near to another'), ('source', 'A source of a team you administer fails, or brought new versions'), ('storage', 'For staff: stored bytes are missing, damaged or right again')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='provenance',
            constraint=skills.lib.guards.Immutable(message='provenance is immutable', movable=('source_id',), name='provenance_is_immutable'),
        ),
        migrations.AddConstraint(
            model_name='sync',
            constraint=skills.lib.guards.Immutable(message='a sync keeps its cause', movable=('state', 'revision', 'problem', 'changes', 'left_out', 'started_at', 'finished_at'), name='syncs_keep_their_cause'),
        ),
    ]
