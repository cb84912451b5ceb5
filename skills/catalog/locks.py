"""Locks that last until the transaction ends.

Always in this order, for any other would deadlock: staging (of the team, then of the account), the bytes,
the skill, the version, the audit log (audit/record.py, by its first record).
"""

from enum import IntEnum

from django.db import connection

from skills.catalog.models import Skill, Version


class _LockSpace(IntEnum):
    """The first of the two numbers of an advisory lock. The audit log's has one, which is a space apart."""

    BYTES = 1
    STAGING = 2


def lock_bytes(*digests: str) -> None:
    """Keep everybody else from making, removing or collecting what has one of DIGESTS (64 hex digits).

    Two digests may share a lock, for PostgreSQL takes 32 bits: then one waits for nothing, briefly.
    """
    _lock(_LockSpace.BYTES, *(int.from_bytes(bytes.fromhex(digest)[:4], signed=True) for digest in digests))


def lock_staging(owner: int) -> None:
    """Keep everybody else from staging for OWNER: the id of an account, or of a team below zero."""
    _lock(_LockSpace.STAGING, owner)


def _lock(space: _LockSpace, *numbers: int) -> None:
    """In the order of the numbers: two who lock several would wait for each other else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, number) from unnest(%s::int[]) as number",
            (space, sorted(set(numbers))),
        )


def lock_skill(skill: Skill) -> Skill:
    """SKILL as it is now, locked until the transaction ends, with its team and shown version."""
    rows = Skill.objects.select_for_update(of=("self",)).select_related("team", "shown")
    return rows.get(pk=skill.pk)


def lock_version(version_id: int) -> Version:
    """A version and its skill, both locked until the transaction ends.

    They come with author, the person responsible, team and policy.
    """
    # The id of the skill first, without a lock, so that the skill can be locked before its version.
    skill_id = Version.objects.values_list("skill_id", flat=True).get(pk=version_id)
    skill = Skill.objects.select_for_update(of=("self",)).select_related("team__policy").get(pk=skill_id)
    rows = Version.objects.select_for_update(of=("self",)).select_related("author", "responsible")
    version = rows.get(pk=version_id)
    version.skill = skill
    return version
