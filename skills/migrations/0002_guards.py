"""What must never change cannot be changed, whatever the code says: the guards that the models declare."""

from django.db import migrations

import skills.lib.guards

# Data folders from before the first release have guards of another make, each with its trigger.
OLD_GUARDS = """
drop function if exists skills_version_guard() cascade;
drop function if exists skills_file_guard() cascade;
drop function if exists skills_name_guard() cascade;
drop function if exists skills_event_guard() cascade;
drop function if exists skills_decision_guard() cascade;
drop function if exists skills_ledgerentry_guard() cascade;
"""
# The trigger says when; this refuses, with the trigger's words. The code makes it an IntegrityError.
FUNCTIONS = """
create function skills_refuse() returns trigger language plpgsql as $$
begin
    raise exception using message = tg_argv[0], errcode = 'restrict_violation';
end $$;

create function skills_version_is_removed(version_id bigint) returns boolean stable language plpgsql as $$
begin
    return coalesce((select state = 'removed' from skills_version where id = version_id), false);
end $$;
"""
FUNCTIONS_BACK = """
drop function skills_refuse();
drop function skills_version_is_removed(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(OLD_GUARDS, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BACK),
        migrations.AddConstraint(
            model_name="decision",
            constraint=skills.lib.guards.Guard(
                event="update or delete", message="decisions are immutable", name="decisions_are_immutable"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=skills.lib.guards.Guard(
                event="delete", message="the audit log is append-only", name="events_stay"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=skills.lib.guards.Immutable(
                message="the audit log is append-only",
                movable=("seq", "previous", "seal"),
                name="events_are_immutable",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=skills.lib.guards.Guard(
                condition="old.seq is not null or new.seq is null",
                event="update",
                message="the audit log is append-only",
                name="events_are_sealed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=skills.lib.guards.Immutable(
                message="files of a version are immutable", movable=(), name="files_are_immutable"
            ),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=skills.lib.guards.Guard(
                condition="not skills_version_is_removed(old.version_id)",
                event="delete",
                message="files of a version are immutable",
                name="files_stay",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=skills.lib.guards.Guard(
                event="update or delete", message="the ledger is append-only", name="ledger_is_append_only"
            ),
        ),
        migrations.AddConstraint(
            model_name="skillname",
            constraint=skills.lib.guards.Guard(
                event="update or delete",
                message="names are never given to another skill",
                name="names_stay_with_their_skill",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=skills.lib.guards.Guard(
                event="delete", message="versions are never deleted", name="versions_stay"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=skills.lib.guards.Immutable(
                message="versions are immutable",
                movable=("state", "state_at", "approved_at", "reason", "manifest", "changelog", "rendered"),
                name="versions_are_immutable",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=skills.lib.guards.Guard(
                condition="new.state <> 'removed' and ((new.manifest, new.changelog) is distinct from (old.manifest, old.changelog) or (new.rendered <> old.rendered and old.approved_at is not null))",
                event="update",
                message="the content of a version is immutable",
                name="content_is_immutable",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=skills.lib.guards.Guard(
                condition="old.state = 'removed' and new.state <> 'removed'",
                event="update",
                message="removed versions stay removed",
                name="removed_versions_stay_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=skills.lib.guards.Guard(
                condition="old.approved_at is not null and new.approved_at is distinct from old.approved_at",
                event="update",
                message="the time of approval is immutable",
                name="approval_keeps_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=skills.lib.guards.Guard(
                condition="old.approved_at is not null and new.state not in ('approved', 'yanked', 'removed')",
                event="update",
                message="approved versions stay released",
                name="approved_versions_stay_released",
            ),
        ),
    ]
