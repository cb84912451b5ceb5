"""Who answers for a version stands beside its author, and the database keeps four eyes by it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import skills.lib.guards

# How an account answers for a version, null where it does not. The attempts and the bytes are asked of
# versions because somebody else may submit what an author was refused.
FUNCTIONS = """
create function skills_stake(of_version bigint, of_account bigint) returns text
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
            when exists (
                select from skills_version other
                where other.skill_id = version.skill_id and other.number = version.number
                    and of_account in (other.author_id, other.responsible_id))
                then 'attempt'
            when exists (
                select from skills_version other
                where other.digest = version.digest
                    and of_account in (other.author_id, other.responsible_id))
                then 'bytes'
        end
        from skills_version version join skills_account author on author.id = version.author_id
        where version.id = of_version);
end $$;

create function skills_lets_authors_judge(of_version bigint) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from skills_version version
        join skills_skill skill on skill.id = version.skill_id
        join skills_policy policy on policy.team_id = skill.team_id
        where version.id = of_version and policy.self_approval and skill.visibility = 'team');
end $$;
"""
FUNCTIONS_BACK = """
drop function skills_stake(bigint, bigint);
drop function skills_lets_authors_judge(bigint);
"""
# Of a service account's version: who made the token that it had then, as far as one can tell, else who made
# the account. A decision was taken under the rule of its time, so it names nobody whom today's would refuse.
FILL = """
update skills_account account set created_by_id = (
    select event.actor_id from skills_event event
    where event.act = 'service.create' and event.target = account.username
    order by event.id limit 1)
where account.service_of_id is not null;

alter table skills_version disable trigger versions_are_immutable;
update skills_version version set responsible_id = case
    when author.service_of_id is null then author.id
    else coalesce(
        (select token.created_by_id from skills_token token
            where token.account_id = author.id and 'publish' = any(token.scopes)
                and token.created_at <= version.created_at and token.expires_at > version.created_at
                and coalesce(token.revoked_at, 'infinity') > version.created_at
            order by token.created_at desc limit 1),
        author.created_by_id,
        author.id)
    end
from skills_account author where author.id = version.author_id;
alter table skills_version enable trigger versions_are_immutable;

alter table skills_decision disable trigger decisions_are_immutable;
update skills_decision decision set responsible_id = case
    when version.responsible_id = decision.reviewer_id then decision.author_id
    else version.responsible_id
    end
from skills_version version where version.id = decision.version_id;
alter table skills_decision enable trigger decisions_are_immutable;
"""


def person(**more: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0004_session_round"),
    ]

    operations = [
        migrations.AddField("account", "created_by", person(blank=True, null=True)),
        migrations.AddField("version", "responsible", person(null=True)),
        migrations.AddField("decision", "responsible", person(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("version", "responsible", person()),
        migrations.AlterField("decision", "responsible", person()),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BACK),
        migrations.RemoveConstraint("decision", "four_eyes"),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=~Q(verdict="approve")
                | ~Q(reviewer=F("author")) & ~Q(reviewer=F("responsible"))
                | Q(self_approval_allowed=True),
                name="four_eyes",
                violation_error_message="Authors do not approve their own versions.",
            ),
        ),
        migrations.AddConstraint(
            "decision",
            skills.lib.guards.Guard(
                name="approvers_have_no_stake",
                event="insert",
                message="approvers do not answer for the version",
                condition="new.verdict = 'approve' and not new.self_approval_allowed"
                " and new.reviewer_id not in (new.author_id, new.responsible_id)"
                " and skills_stake(new.version_id, new.reviewer_id) is not null",
            ),
        ),
        migrations.AddConstraint(
            "decision",
            skills.lib.guards.Guard(
                name="authors_approve_where_policy_lets_them",
                event="insert",
                message="the team does not let authors approve this",
                condition="new.self_approval_allowed and not skills_lets_authors_judge(new.version_id)",
            ),
        ),
    ]
