"""Calls and ledgers as CSV with all columns, by names and by ids; as long as they are."""

from collections.abc import Iterator

from django.db.models import QuerySet

from skills.budgets.models import Budget, Hold, LedgerEntry
from skills.catalog.selectors import skills_for
from skills.lib.copying import copied, inert
from skills.people.actor import Actor

_MOMENT = """to_char({} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
# Who called what for which skill, of a hold `h`; names of skills that the reader may not see are left out.
_CALLER = f"""
    {inert("team.handle")} as team, {inert("who.username")} as person, {inert("token.name")} as token,
    {inert("h.agent")} as agent, {inert("h.session")} as session, {inert("h.request_id")} as request_id,
    h.run_id as run, {inert("owner.handle || '/' || skill.name")} as skill,
    case when skill.id is not null then {inert("version.number")} end as version
"""
_IDS = """
    h.team_id, h.account_id as person_id, h.token_id, h.skill_id, h.version_id, h.price_id
"""
# Each by itself: PostgreSQL remembers the rows of one table by their id, those of a join it looks up again.
_NAMES = """
    left join skills_team team on team.id = h.team_id
    left join skills_account who on who.id = h.account_id
    left join skills_token token on token.id = h.token_id
    left join ({skills}) skill (id, team_id, name) on skill.id = h.skill_id
    left join skills_team owner on owner.id = skill.team_id
    left join skills_version version on version.id = h.version_id
"""


def export_calls(actor: Actor, calls: QuerySet[Hold]) -> Iterator[bytes]:
    """CALLS, the first that ended first."""
    skills, skill_values = _skills(actor)
    rows, values = calls.order_by().query.sql_with_params()
    query = f"""
        select h.id, {_MOMENT.format("h.created_at")} as began_at, {_MOMENT.format("h.ended_at")} as ended_at,
            h.state, {_CALLER}, {inert("h.model")} as model, {inert("h.instead_of")} as instead_of,
            h.role as purpose, h.tokens as held_tokens,
            h.used_tokens as tokens, h.input_tokens as input, h.cached_tokens as cached,
            h.written_tokens as written, h.output_tokens as output,
            coalesce(h.used_micros::text, 'unknown') as micros, {_IDS}
        from ({rows}) h {_NAMES.format(skills=skills)}
        order by h.ended_at, h.id
    """  # noqa: S608 - made of our own words and of what Django wrote
    return copied(query, [*values, *skill_values])


def export_ledger(actor: Actor, budget: Budget) -> Iterator[bytes]:
    """Every entry of a budget, the first first."""
    skills, skill_values = _skills(actor)
    rows, values = LedgerEntry.objects.filter(period__budget=budget).query.sql_with_params()
    query = f"""
        select entry.id, {_MOMENT.format("entry.at")} as at, entry.kind, entry.tokens,
            coalesce(entry.micros::text, 'unknown') as micros, entry.input_tokens as input,
            entry.cached_tokens as cached, entry.written_tokens as written, entry.output_tokens as output,
            {inert("entry.model")} as model, entry.role as purpose, {_CALLER}, h.state,
            {inert("actor.username")} as actor, {inert("entry.note")} as note,
            entry.period_id, entry.hold_id as call_id, {_IDS}
        from ({rows}) entry left join skills_hold h on h.id = entry.hold_id
        left join skills_account actor on actor.id = entry.actor_id {_NAMES.format(skills=skills)}
        order by entry.period_id, entry.id
    """  # noqa: S608 - made of our own words and of what Django wrote
    return copied(query, [*values, *skill_values])


def _skills(actor: Actor) -> tuple[str, tuple[object, ...]]:
    """SQL for id, team and name of every skill ACTOR may read."""
    return skills_for(actor).order_by().values("pk", "team_id", "name").query.sql_with_params()
