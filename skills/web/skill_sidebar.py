"""What stands around a skill on its page, read at once: the page is the one people open most."""

import json
from dataclasses import dataclass

from django.db import connection

from skills.catalog.models import Skill, Version

_SQL = """
    select json_build_object(
        'channels', (select coalesce(json_agg(json_build_array(c.name, v.number) order by c.name), '[]')
            from skills_channel c join skills_version v on v.id = c.version_id where c.skill_id = %(skill)s),
        'maintainers', (select coalesce(json_agg(a.username order by a.username), '[]')
            from skills_maintainer m join skills_account a on a.id = m.account_id where m.skill_id = %(skill)s),
        'labels', (select coalesce(json_agg(l.name order by l.name), '[]')
            from skills_skilllabel s join skills_label l on l.id = s.label_id where s.skill_id = %(skill)s),
        'approvers', (select coalesce(json_agg(a.username order by d.id), '[]')
            from skills_decision d join skills_account a on a.id = d.reviewer_id
            where d.version_id = %(version)s and d.verdict = 'approve'),
        'clean', exists (select from skills_scan s where s.version_id = %(version)s and s.state = 'done'
            and not exists (select from skills_finding f where f.scan_id = s.id and f.severity <> 'low')),
        'verdict', coalesce((select r.report ->> 'state' from skills_run r
            where r.version_id = %(version)s and r.purpose = 'evaluate' and r.state = 'done'
                and not r.portfolio @> '[{"kind": "scripted"}]'
            order by r.id desc limit 1), ''),
        'starred', exists (select from skills_star where account_id = %(account)s and skill_id = %(skill)s),
        'following', exists (select from skills_follow where account_id = %(account)s and skill_id = %(skill)s)
    )::text
"""


@dataclass(frozen=True)
class Facts:
    """Channels as (name, number); people by username; `clean` when the checks found nothing serious;
    `verdict` is the state of the newest report of these bytes, "" without one."""

    channels: list[tuple[str, str]]
    maintainers: list[str]
    labels: list[str]
    approvers: list[str]
    clean: bool
    verdict: str
    starred: bool
    following: bool


def facts_of(skill: Skill, version: Version | None, account_id: int | None) -> Facts:
    """The facts of SKILL at VERSION, as the account sees them."""
    given = {"skill": skill.pk, "version": version.pk if version else None, "account": account_id}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        return Facts(**json.loads(cursor.fetchone()[0]))
