"""What stands around a skill on its page. Each noun says what it means; here it is asked in one go."""

import json
from dataclasses import dataclass, field
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, Subquery

from skills.catalog.models import Skill, Version
from skills.catalog.provenance import provenance_of
from skills.catalog.selectors import channels_of, maintainers_of
from skills.curation.selectors import follows, has_starred, labels_of
from skills.evals.selectors import verdict_of
from skills.people.models import Account
from skills.reviews.selectors import approvers_of
from skills.scans.selectors import clean_scan_of
from skills.signing.statements import signed_statements_on

_ANY_VERSION = 0  # no version has this id: its place in the statement is that of the one asked for


@dataclass(frozen=True, kw_only=True)
class Sidebar:
    """Channels as (name, number); people by username.

    `verdict` is the state of the report of the evaluation that counts, "" without one.
    """

    channels: list[tuple[str, str]] = field(default_factory=list)
    maintainers: list[str]
    labels: list[str]
    approvers: list[str] = field(default_factory=list)
    clean: bool = False
    verdict: str = ""
    signed: bool = False
    provenance: dict[str, str] = field(default_factory=dict)
    starred: bool
    following: bool


def sidebar_of(skill: Skill, version: Version | None, account: Account | None) -> Sidebar:
    """What stands around SKILL at VERSION, as ACCOUNT sees it (None: a visitor)."""
    starred, following = has_starred(account, skill), follows(account, skill)
    if version is None:
        return Sidebar(
            maintainers=list(maintainers_of(skill)),
            labels=list(labels_of(skill)),
            starred=starred,
            following=following,
        )
    statement, parameters = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, (*parameters, version.pk))
        channels, numbers, maintainers, labels, approvers, clean, verdict, signed, brought = cursor.fetchone()
    return Sidebar(
        channels=list(zip(channels, numbers, strict=True)),
        maintainers=maintainers,
        labels=labels,
        approvers=approvers,
        clean=clean,
        verdict=verdict or "",
        signed=signed,
        provenance=json.loads(brought) if brought else {},
        starred=starred,
        following=following,
    )


@cache
def _statement() -> tuple[str, tuple[int | str, ...]]:
    """The SQL for a version's facts, and its parameters but for the last, which is the version's id.

    The skill page is opened most. Django would compile seven queries for each view of it, which takes
    twenty times as long as running them, so they are compiled together and once (decision 0019).
    """
    version, skill = OuterRef("pk"), OuterRef("skill")
    facts = [
        ArraySubquery(channels_of(skill).values("name")),
        ArraySubquery(channels_of(skill).values("version__number")),
        ArraySubquery(maintainers_of(skill)),
        ArraySubquery(labels_of(skill)),
        ArraySubquery(approvers_of(version)),
        Exists(clean_scan_of(version)),
        Subquery(verdict_of(version)),
        Exists(signed_statements_on(version)),
        Subquery(provenance_of(version)),
    ]
    rows = Version.objects.filter(pk=_ANY_VERSION).values_list(*facts)
    statement, parameters = rows.query.sql_with_params()
    # The version's id must be the last: a parameter that Django put elsewhere would ask about another
    # version.
    assert parameters[-1] == _ANY_VERSION
    return statement, parameters[:-1]
