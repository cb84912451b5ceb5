"""Skills in use that nobody reviewed: counted by name and digest for each team."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet

from skills.audit.record import record
from skills.catalog.models import Skill
from skills.catalog.visibility import readable
from skills.lib.clock import now
from skills.lib.errors import missing
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team
from skills.usage.attribute import UnreviewedText
from skills.usage.models import UnreviewedSkill

KEPT = timedelta(days=90)  # after it was seen last
MOST_OF_A_TEAM = 1_000  # texts; more are not taken up until others are forgotten
_COUNT = """
insert into skills_unreviewedskill
    (team_id, name, digest, near_id, calls, first_seen_at, last_seen_at)
select %(team)s, %(name)s::varchar, %(digest)s::varchar, %(near)s::bigint, 1, %(now)s, %(now)s
where exists (select 1 from skills_unreviewedskill
        where team_id = %(team)s and name = %(name)s and digest = %(digest)s)
    or (select count(*) from skills_unreviewedskill where team_id = %(team)s) < %(most)s
on conflict (team_id, name, digest) do update set calls = skills_unreviewedskill.calls + 1,
    last_seen_at = excluded.last_seen_at,
    near_id = coalesce(excluded.near_id, skills_unreviewedskill.near_id)
"""


def count_unreviewed(team_id: int, texts: tuple[UnreviewedText, ...]) -> None:
    """Note that a call worked with TEXTS."""
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute(
                _COUNT,
                {
                    "team": team_id,
                    "name": text.name,
                    "digest": text.digest,
                    "near": text.near_id,
                    "now": now(),
                    "most": MOST_OF_A_TEAM,
                },
            )


def unreviewed_of(actor: Actor, team: Team) -> QuerySet[UnreviewedSkill]:
    """What agents of TEAM use and nobody reviewed, the newest first; for its admins.

    `near` is empty where the admin may not read that skill: the agent's owner might, and only the owner.
    """
    rules.team_admin(actor, team)
    near = Prefetch("near", Skill.objects.filter(readable(actor)).select_related("team"))
    rows = UnreviewedSkill.objects.filter(team=team).prefetch_related(near)
    return rows.order_by("-last_seen_at", "-pk")


@transaction.atomic
def forget(*, actor: Actor, team: Team, pk: int) -> None:
    """Take one off the list until it is used again."""
    by = rules.team_admin(actor, team)
    row = UnreviewedSkill.objects.filter(team=team, pk=pk).first()
    if row is None:
        raise missing()
    row.delete()
    record("unreviewed.forget", by=by, target=row.name, team_id=team.pk, digest=row.digest)


def purge() -> None:
    UnreviewedSkill.objects.filter(last_seen_at__lt=now() - KEPT).delete()
