"""Triggers: what must never change cannot be changed, whatever the code above says."""

from django.db import migrations

VERSIONS = """
create function skills_version_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'versions are never deleted' using errcode = 'restrict_violation';
    end if;
    if (new.skill_id, new.number, new.build, new.attempt, new.digest, new.size, new.author_id,
        new.created_at, new.is_prerelease, new.requested_visibility)
       is distinct from
       (old.skill_id, old.number, old.build, old.attempt, old.digest, old.size, old.author_id,
        old.created_at, old.is_prerelease, old.requested_visibility)
    then
        raise exception 'versions are immutable' using errcode = 'restrict_violation';
    end if;
    if ((new.manifest, new.changelog) is distinct from (old.manifest, old.changelog)
        -- the checks render SKILL.md once
        or (new.rendered <> old.rendered and old.approved_at is not null))
       and new.state <> 'removed'
    then
        raise exception 'the content of a version is immutable' using errcode = 'restrict_violation';
    end if;
    if old.state = 'removed' and new.state <> 'removed' then
        raise exception 'removed versions stay removed' using errcode = 'restrict_violation';
    end if;
    if old.approved_at is not null and new.approved_at is distinct from old.approved_at then
        raise exception 'the time of approval is immutable' using errcode = 'restrict_violation';
    end if;
    if old.approved_at is not null and new.state not in ('approved', 'yanked', 'removed') then
        raise exception 'approved versions stay released' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger skills_version_guard before update or delete on skills_version
    for each row execute function skills_version_guard();
"""

FILES = """
create function skills_file_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and
       (select state from skills_version where id = old.version_id) = 'removed' then
        return old;
    end if;
    raise exception 'files of a version are immutable' using errcode = 'restrict_violation';
end $$;
create trigger skills_file_guard before update or delete on skills_file
    for each row execute function skills_file_guard();
"""

NAMES = """
create function skills_name_guard() returns trigger language plpgsql as $$
begin
    raise exception 'names are never given to another skill' using errcode = 'restrict_violation';
end $$;
create trigger skills_name_guard before update or delete on skills_skillname
    for each row execute function skills_name_guard();
"""

EVENTS = """
create function skills_event_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.seq is null and new.seq is not null
       and (new.id, new.at, new.actor_id, new.actor_name, new.act, new.target, new.team_id,
            new.detail)
           is not distinct from
           (old.id, old.at, old.actor_id, old.actor_name, old.act, old.target, old.team_id,
            old.detail)
    then
        return new;
    end if;
    raise exception 'the audit log is append-only' using errcode = 'restrict_violation';
end $$;
create trigger skills_event_guard before update or delete on skills_event
    for each row execute function skills_event_guard();


"""

DECISIONS = """
create function skills_decision_guard() returns trigger language plpgsql as $$
begin
    raise exception 'decisions are immutable' using errcode = 'restrict_violation';
end $$;
create trigger skills_decision_guard before update or delete on skills_decision
    for each row execute function skills_decision_guard();
"""

PARTS = {
    "version": VERSIONS,
    "file": FILES,
    "name": NAMES,
    "event": EVENTS,
    "decision": DECISIONS,
}


class Migration(migrations.Migration):
    dependencies = [("skills", "0001_tables")]
    operations = [
        migrations.RunSQL(sql, f"drop function skills_{part}_guard() cascade")
        for part, sql in PARTS.items()
    ]
