"""Who reads what, as values: a grid of readers and skills, and the order of the visibilities."""

import pytest

from skills.catalog.models import Skill, Version, Visibility
from skills.catalog.visibility import (
    can_read_skill,
    can_read_version,
    is_wider,
    may_read,
    open_to,
    readable,
    readable_versions,
)
from skills.lib.clock import now
from skills.people.actor import ALL_SCOPES, VISITOR, Actor
from skills.people.models import Account
from tests.factories import a_team, a_version, actor, an_approved

CREW, OTHER = 1, 2
STRANGER = Actor(Account(pk=10), {}, ALL_SCOPES)
MEMBER = Actor(Account(pk=11), {CREW: "member"}, ALL_SCOPES)
STAFF = Actor(Account(pk=12, is_staff=True), {}, ALL_SCOPES)
AUDITOR = Actor(Account(pk=13, is_auditor=True), {}, ALL_SCOPES)
WEAK_STAFF = Actor(Account(pk=12, is_staff=True), {}, frozenset({"read"}))


def a_skill(*, team: int = CREW, published: bool = True, visibility: str = "team") -> Skill:
    return Skill(team_id=team, published=published, visibility=visibility)


def test_a_visitor_reads_what_is_public_where_the_instance_is_open(settings):
    settings.ANONYMOUS_READ = True
    assert open_to(VISITOR) == ["public"]

    settings.ANONYMOUS_READ = False
    assert open_to(VISITOR) == []


def test_an_account_reads_what_is_internal_too_however_closed_the_instance(settings):
    settings.ANONYMOUS_READ = False

    assert open_to(STRANGER) == ["public", "internal"]


@pytest.mark.parametrize(
    ("reader", "published", "unpublished"),
    [
        (VISITOR, ["public"], []),
        (STRANGER, ["internal", "public"], []),
        (WEAK_STAFF, ["internal", "public"], []),
        (MEMBER, ["team", "internal", "public"], ["team", "internal", "public"]),
        (STAFF, ["team", "internal", "public"], ["team", "internal", "public"]),
        (AUDITOR, ["team", "internal", "public"], ["team", "internal", "public"]),
    ],
    ids=["visitor", "stranger", "staff without the scope", "member", "staff", "auditor"],
)
def test_what_each_reader_sees_of_a_team(reader, published, unpublished, settings):
    settings.ANONYMOUS_READ = True

    def seen(released: bool) -> list[str]:
        return [
            str(visibility)
            for visibility in (Visibility.TEAM, Visibility.INTERNAL, Visibility.PUBLIC)
            if may_read(reader, team_id=CREW, published=released, visibility=visibility)
            and can_read_skill(reader, a_skill(published=released, visibility=visibility))
        ]

    assert seen(True) == published
    assert seen(False) == unpublished


def test_a_member_is_a_stranger_to_other_teams():
    assert not can_read_skill(MEMBER, a_skill(team=OTHER))
    assert not can_read_skill(MEMBER, a_skill(team=OTHER, published=False, visibility="internal"))
    assert can_read_skill(MEMBER, a_skill(team=OTHER, visibility="internal"))


@pytest.mark.parametrize(
    ("reader", "pending", "approved"),
    [
        (VISITOR, False, True),
        (STRANGER, False, True),
        (WEAK_STAFF, False, True),
        (MEMBER, True, True),
        (STAFF, True, True),
        (AUDITOR, True, True),
    ],
)
def test_a_version_that_waits_is_for_its_team_and_for_those_who_read_all(reader, pending, approved, settings):
    settings.ANONYMOUS_READ = True
    skill = a_skill(visibility="public")

    assert can_read_version(reader, Version(skill=skill)) is pending
    assert can_read_version(reader, Version(skill=skill, approved_at=now())) is approved


def test_an_approved_version_of_a_skill_that_is_not_published_is_for_its_team():
    version = Version(skill=a_skill(published=False, visibility="public"), approved_at=now())

    assert not can_read_version(STRANGER, version)
    assert can_read_version(MEMBER, version)


WIDTHS = ["team", "internal", "public"]


@pytest.mark.parametrize("old", WIDTHS)
@pytest.mark.parametrize("new", WIDTHS)
def test_public_is_wider_than_internal_and_internal_than_team(new, old):
    assert is_wider(new, old) is (WIDTHS.index(new) > WIDTHS.index(old))


def test_a_condition_on_skills_says_the_same_as_the_rule(owner, mate, stranger, team):
    theirs = a_team("theirs", admin=stranger)
    an_approved(owner, mate, team, "of-the-crew", wanted="team")
    a_version(owner, team, "in-review", wanted="public")
    internal = an_approved(owner, mate, team, "for-all-here", wanted="internal")
    a_version(stranger, theirs, "not-yet")

    def names(reader: Actor) -> list[str]:
        return sorted(Skill.objects.filter(readable(reader)).values_list("name", flat=True))

    assert names(VISITOR) == []
    assert names(actor(stranger)) == ["for-all-here", "not-yet"]
    assert names(actor(owner)) == ["for-all-here", "in-review", "of-the-crew"]
    assert names(STAFF) == ["for-all-here", "in-review", "not-yet", "of-the-crew"]
    through = Version.objects.filter(readable(actor(stranger), "skill__"), skill__team=team)
    assert [version.pk for version in through] == [internal.pk]


def test_a_condition_on_versions_adds_those_that_wait_in_ones_own_teams(owner, mate, stranger, team):
    first = an_approved(owner, mate, team, wanted="public")
    second = a_version(owner, team, number="2.0.0", wanted="public")

    def numbers(reader: Actor) -> list[str]:
        rows = Version.objects.filter(readable_versions(reader), skill=first.skill)
        return sorted(rows.values_list("number", flat=True))

    assert numbers(VISITOR) == numbers(actor(stranger)) == numbers(WEAK_STAFF) == ["1.0.0"]
    assert numbers(actor(mate)) == numbers(STAFF) == ["1.0.0", "2.0.0"]
    assert second.approved_at is None
