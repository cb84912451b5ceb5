"""What stands around a skill on its page. Each noun says what it means; here it is asked in one go."""

import json
from dataclasses import dataclass, field
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import JSONArray
from django.urls import reverse

from skills.catalog.models import OPEN, Skill, State, Version
from skills.catalog.provenance import provenance_of
from skills.catalog.selectors import channels_of, maintainers_of, versions_on
from skills.catalog.visibility import reads_drafts
from skills.curation.selectors import follows, has_starred, labels_of
from skills.evals.selectors import verdict_of
from skills.people.actor import Actor
from skills.reviews.selectors import approvers_of
from skills.scans.selectors import clean_scan_of
from skills.signing.statements import signed_statements_on

_OPEN_SHOWN = 5  # versions; a skill may have hundreds that wait
_OPEN_FACTS = JSONArray("pk", "number", "state")
_ANY_VERSION = 0  # no version has this id: its place in the statement is that of the one asked for


@dataclass(frozen=True, kw_only=True)
class OpenVersion:
    """A version that waits for checks or reviewers."""

    number: str
    state: State
    review_url: str


@dataclass(frozen=True, kw_only=True)
class Sidebar:
    """Channels as (name, number); people by username.

    `verdict` is the state of the report of the evaluation that counts, "" without one. `versions` counts
    those that the reader may see; of the open ones there are the newest, for who reads drafts.
    """

    latest: str = ""
    versions: int = 0
    open_versions: list[OpenVersion] = field(default_factory=list)
    has_more_open: bool = False
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


def sidebar_of(skill: Skill, version: Version | None, actor: Actor) -> Sidebar:
    """What stands around SKILL at VERSION, as ACTOR sees it; without VERSION there is none to see."""
    starred, following = has_starred(actor.account, skill), follows(actor.account, skill)
    if version is None:
        return Sidebar(
            maintainers=list(maintainers_of(skill)),
            labels=list(labels_of(skill)),
            starred=starred,
            following=following,
        )
    statement, parameters = _statement(drafts=reads_drafts(actor, skill.team_id))
    with connection.cursor() as cursor:
        cursor.execute(statement, (*parameters, version.pk))
        latest, versions, waiting, *facts = cursor.fetchone()
    waiting = waiting or ()  # visitors' statement has none
    channels, numbers, maintainers, labels, approvers, clean, verdict, signed, brought = facts
    return Sidebar(
        latest=latest or "",
        versions=versions,
        open_versions=[_open_version(one) for one in waiting[:_OPEN_SHOWN]],
        has_more_open=len(waiting) > _OPEN_SHOWN,
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


def _open_version(fact: str) -> OpenVersion:
    pk, number, state = json.loads(fact)
    return OpenVersion(number=number, state=State(state), review_url=reverse("review", args=[pk]))


@cache
def _statement(*, drafts: bool) -> tuple[str, tuple[int | str, ...]]:
    """The SQL for a version's facts, and its parameters but for the last, which is the version's id.

    The skill page is opened most. Django would compile seven queries for each view of it, which takes
    twenty times as long as running them, so they are compiled together and once (decision 0019).
    """
    version, skill = OuterRef("pk"), OuterRef("skill")
    versions = versions_on(skill, drafts=drafts)
    waiting = versions.filter(state__in=OPEN) if drafts else versions.none()
    facts = [
        Subquery(Version.objects.filter(pk=OuterRef("skill__latest")).values("number")),
        Subquery(versions.values("skill").annotate(count=Count("pk")).values("count")),
        ArraySubquery(waiting.order_by("-pk").values_list(_OPEN_FACTS)[: _OPEN_SHOWN + 1]),
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
