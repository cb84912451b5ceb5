"""Who answers for a version, and so is no second pair of eyes on it.

The database decides it (`skills_stake`, migrations 0005 and 0008): the same function that rules and lists
ask here stands in the guard of the table of decisions.
"""

from enum import StrEnum

from django.db import connection
from django.db.models import CharField, Func

from skills.catalog.models import Skill, Version, Visibility
from skills.lib.errors import Forbidden, Problem
from skills.people.models import Account


class Stake(StrEnum):
    """How somebody answers for a version."""

    AUTHOR = "author"
    RESPONSIBLE = "responsible"
    ADMINISTERS = "administers"
    SOURCE = "source"
    ATTEMPT = "attempt"
    BYTES = "bytes"


_WORDS = {
    Stake.AUTHOR: "Authors do not judge their own versions in this team.",
    Stake.RESPONSIBLE: "You made the token that submitted this version, so you answer for it.",
    Stake.ADMINISTERS: "You administer the service account that submitted this version.",
    Stake.SOURCE: "You said where this version comes from, or started the run that published it.",
    Stake.ATTEMPT: "You submitted an earlier attempt at this number.",
    Stake.BYTES: "You have submitted the same bytes before.",
}


class StakeOf(Func):
    """In a query: how an account (the second expression) answers for a version (the first); null for none."""

    function = "skills_stake"
    output_field = CharField()


def stake_of(version: Version, account: Account) -> Stake | None:
    with connection.cursor() as cursor:
        cursor.execute("select skills_stake(%s, %s)", [version.pk, account.pk])
        row = cursor.fetchone()
    return Stake(row[0]) if row and row[0] else None


def lets_authors_judge(skill: Skill) -> bool:
    """Whether the team lets authors approve: only what nobody beyond the team reads."""
    return skill.team.policy.self_approval and skill.visibility == Visibility.TEAM


def why_not_judge(version: Version, account: Account) -> Problem | None:
    """Why ACCOUNT may neither approve VERSION nor change what its approval rests on, or None."""
    stake = stake_of(version, account)
    if stake is None or lets_authors_judge(version.skill):
        return None
    text = _WORDS[stake]
    if version.skill.team.policy.self_approval:
        text += f" They may where the team alone reads a skill; this one is {version.skill.visibility}."
    return Problem("four_eyes", text, "Ask another reviewer.")


def check_second_eyes(version: Version, account: Account) -> None:
    """Raises Forbidden where ACCOUNT answers for VERSION."""
    if problem := why_not_judge(version, account):
        raise Forbidden(problem)
