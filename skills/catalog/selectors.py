"""Reads of the catalogue, all under the visibility predicate."""

from functools import cache

from django.db.models import OuterRef, Prefetch, Q, QuerySet

from skills.catalog.models import Channel, File, Maintainer, Skill, Version
from skills.catalog.number_order import HIGHEST_FIRST, NumberKey
from skills.catalog.visibility import (
    can_read_skill,
    readable,
    readable_versions,
    reads_drafts,
)
from skills.lib.compiled import CompiledQuery
from skills.lib.errors import missing
from skills.lib.pages import Page, bad_cursor, decode, encode
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team

WIDE = ("manifest", "rendered")  # columns of a version that most reads do without
# What the compiled queries are made with; whoever runs them gives others.
_SOME_TEAM, _SOME_NAME, _SOME_VERSION = "a-team", "a-name", 0


def skills_for(actor: Actor) -> QuerySet[Skill]:
    """Every skill ACTOR may read, with what a card shows."""
    return with_card(Skill.objects.filter(readable(actor)))


def with_card(skills: QuerySet[Skill]) -> QuerySet[Skill]:
    """What a card shows, and nothing of the wide columns of the version."""
    return skills.select_related("team", "shown").defer(
        "shown__manifest", "shown__rendered", "shown__changelog"
    )


def find_skill(actor: Actor, team: str, name: str) -> Skill:
    """The skill at `team/name`, by its present or a former name; raises Missing."""
    # The name may be a former one, in another team than today's: the reader needs the right to the skill as
    # it is now.
    for skill in _skills_by_name().run(name, team):
        if can_read_skill(actor, skill):
            return skill
    raise rules.unseen(actor)


@cache
def _skills_by_name() -> CompiledQuery[Skill]:
    return CompiledQuery(
        Skill.objects.filter(names__name=_SOME_NAME, names__team__handle=_SOME_TEAM),
        asked=[_SOME_NAME, _SOME_TEAM],
        columns=(field.attname for field in Skill._meta.concrete_fields),
        related={"team": [field.attname for field in Team._meta.concrete_fields]},
    )


def versions_of(actor: Actor, skill: Skill) -> QuerySet[Version]:
    """The versions ACTOR may read of a skill they may read: highest number first, later attempts first."""
    rows = versions_on(skill, drafts=reads_drafts(actor, skill.team_id))
    return rows.order_by(*HIGHEST_FIRST)


def versions_on(skill: Skill | OuterRef, *, drafts: bool) -> QuerySet[Version]:
    """The versions of SKILL; DRAFTS says whether those count that were never approved."""
    rows = skill.versions.all() if isinstance(skill, Skill) else Version.objects.filter(skill=skill)
    return rows if drafts else rows.filter(approved_at__isnull=False)


def page_of_versions(actor: Actor, skill: Skill, cursor: str, size: int) -> Page[Version]:
    """One page of `versions_of`, without the wide columns; the cursor is the id of the last one shown."""
    rows = versions_of(actor, skill)
    if cursor:
        (last,) = decode(cursor, 1)
        if type(last) is not int:
            raise bad_cursor()
        place = rows.filter(pk=last).values_list(NumberKey("number"), "attempt").first()
        if place is None:
            raise bad_cursor()
        key, attempt = place
        rows = rows.alias(key=NumberKey("number"))
        # The first condition says no more than the second; it is the one that an index is entered by.
        rows = rows.filter(Q(key__lte=key), Q(key__lt=key) | Q(attempt__lt=attempt))
    # One row more than the page tells whether another page follows.
    listed = list(rows.select_related("author").defer(*WIDE)[: size + 1])
    shown = listed[:size]
    return Page(shown, encode([shown[-1].pk]) if len(listed) > size else "")


def version_in_view(actor: Actor, skill: Skill) -> Version | None:
    """The approved version readers see; where none is, the highest that ACTOR may read, if any."""
    if skill.shown_id is None:
        return versions_of(actor, skill).select_related("author").first()
    [version] = _versions_by_id().run(skill.shown_id)
    version.skill = skill
    return version


@cache
def _versions_by_id() -> CompiledQuery[Version]:
    return CompiledQuery(
        Version.objects.filter(pk=_SOME_VERSION),
        asked=[_SOME_VERSION],
        columns=[field.attname for field in Version._meta.concrete_fields],
        related={"author": ["id", "username"]},
    )


def find_version(actor: Actor, skill: Skill, number: str, attempt: int | None = None) -> Version:
    """One version by exact number: its last attempt, or the one asked for; raises Missing."""
    rows = versions_of(actor, skill).filter(number=number).select_related("author")
    if attempt is not None:
        rows = rows.filter(attempt=attempt)
    version = rows.order_by("-attempt").first() if can_read_skill(actor, skill) else None
    if version is None:
        raise rules.unseen(actor)
    return version


def channels_of(skill: Skill | OuterRef) -> QuerySet[Channel]:
    """The channels the team has set on SKILL, by name; `latest` is computed and not among them."""
    return Channel.objects.filter(skill=skill).order_by("name")


def maintainers_of(skill: Skill | OuterRef) -> QuerySet[Maintainer, str]:
    """The usernames of those who answer for SKILL."""
    maintainers = Maintainer.objects.filter(skill=skill).order_by("account__username")
    return maintainers.values_list("account__username", flat=True)


def version_by_id(actor: Actor, version_id: int) -> Version:
    """A version by its id, for the review pages; raises Missing."""
    files = Prefetch("files", File.objects.order_by("path"))
    version = (
        Version.objects.filter(readable_versions(actor), pk=version_id)
        .select_related("skill__team__policy", "skill__shown", "author", "responsible")
        .prefetch_related(files)
        .first()
    )
    if version is None:
        raise rules.unseen(actor)
    return version


def find_team(actor: Actor, handle: str) -> Team:
    """A shared team, or the personal team of an account; raises Missing.

    Team names are no secret among people who sign in; visitors see teams with public skills, and so does
    a token that cannot read, or is limited to other teams.
    """
    team = Team.objects.select_related("personal_of").filter(handle=handle).first()
    if team is None:
        raise rules.unseen(actor)
    knows = actor.reads_internal or team.pk in actor.roles
    if not knows and not skills_for(actor).filter(team=team).exists():
        raise rules.unseen(actor)
    return team


def file_of(version: Version, path: str) -> File:
    """The file of VERSION at PATH; raises Missing."""
    file = File.objects.filter(version=version, path=path).first()
    if file is None:
        raise missing()
    return file
