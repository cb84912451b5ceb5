"""Reads of the catalogue: who finds which skill, version, team and file; others are told nothing."""

import pytest

from skills.catalog import selectors
from skills.catalog.models import Channel, Maintainer, Skill
from skills.flows import access, release
from skills.lib.errors import Missing
from skills.people.actor import VISITOR
from tests.factories import a_person, a_team, a_version, actor, an_approved, files, reload

pytestmark = pytest.mark.django_db


def reject(version, by):
    release.decide(
        actor=actor(by), version_id=version.pk, verdict="reject", digest=version.digest, reason="No."
    )


def test_everybody_sees_the_skills_they_may_read(owner, mate, stranger, team):
    for visibility in ("team", "internal", "public"):
        an_approved(owner, mate, team, f"for-{visibility}", wanted=visibility)
    a_version(owner, team, "unpublished", wanted="public")

    def seen(who):
        return sorted(skill.name for skill in selectors.skills_for(who))

    assert seen(VISITOR) == ["for-public"]
    assert seen(actor(stranger)) == ["for-internal", "for-public"]
    assert seen(actor(mate)) == ["for-internal", "for-public", "for-team", "unpublished"]
    assert seen(actor(a_person("boss", staff=True))) == seen(actor(mate))


def test_a_card_costs_one_query_and_leaves_the_wide_columns(owner, mate, team, django_assert_num_queries):
    an_approved(owner, mate, team)
    reader = actor(owner)

    with django_assert_num_queries(1):
        (skill,) = selectors.skills_for(reader)
        assert (skill.team.handle, skill.shown.number) == ("crew", "1.0.0")

    assert {"manifest", "rendered", "changelog"} <= skill.shown.get_deferred_fields()


def test_a_skill_is_found_by_its_present_and_its_former_name(owner, mate, team):
    skill = an_approved(owner, mate, team, "first").skill
    access.rename(actor=actor(owner), skill=skill, name="second")

    for name in ("first", "second"):
        assert selectors.find_skill(actor(owner), "crew", name) == skill


def test_a_skill_that_one_may_not_read_is_not_there(owner, mate, stranger, team):
    an_approved(owner, mate, team, wanted="team")

    for who in (VISITOR, actor(stranger)):
        with pytest.raises(Missing) as hidden:
            selectors.find_skill(who, "crew", "greet-people")
        with pytest.raises(Missing) as absent:
            selectors.find_skill(who, "crew", "no-such-skill")
        assert hidden.value.problems == absent.value.problems


def test_versions_come_highest_first_and_later_attempts_first(owner, mate, team):
    reject(a_version(owner, team, number="1.2.0"), mate)
    for number in ("1.2.0", "1.10.0", "2.0.0-rc.1", "2.0.0"):
        version = an_approved(owner, mate, team, number=number, body=f"Number {number}.")

    rows = selectors.versions_of(actor(owner), version.skill)

    assert [(row.number, row.attempt) for row in rows] == [
        ("2.0.0", 1),
        ("2.0.0-rc.1", 1),
        ("1.10.0", 1),
        ("1.2.0", 2),
        ("1.2.0", 1),
    ]


def test_strangers_see_the_versions_that_were_approved(owner, mate, team):
    skill = an_approved(owner, mate, team, wanted="public").skill
    yanked = an_approved(owner, mate, team, number="1.1.0", wanted="public", body="Two.")
    access.yank(actor=actor(owner), version_id=yanked.pk, reason="Wrong.")
    reject(a_version(owner, team, number="1.2.0", body="Three."), mate)
    a_version(owner, team, number="1.3.0", body="Four.")

    assert [row.number for row in selectors.versions_of(VISITOR, skill)] == ["1.1.0", "1.0.0"]
    assert len(selectors.versions_of(actor(owner), skill)) == 4


def test_a_page_of_versions_costs_one_query(owner, mate, team, django_assert_num_queries):
    an_approved(owner, mate, team)
    an_approved(owner, mate, team, number="1.1.0", body="Two.")
    skill, reader = reload(Skill.objects.get()), actor(owner)

    with django_assert_num_queries(1):
        rows = selectors.page_of_versions(reader, skill, "", 10).rows
        assert [(row.author.username, str(row)) for row in rows] == [
            ("owner", "crew/greet-people@1.1.0"),
            ("owner", "crew/greet-people@1.0.0"),
        ]

    assert {"manifest", "rendered"} <= rows[0].get_deferred_fields()


def test_a_version_is_its_last_attempt_or_the_one_asked_for(owner, mate, team):
    first = a_version(owner, team)
    reject(first, mate)
    second = a_version(owner, team, body="Better.")
    reader = actor(owner)

    assert selectors.find_version(reader, second.skill, "1.0.0") == second
    assert selectors.find_version(reader, second.skill, "1.0.0", 1) == first
    for number, attempt in (("1.0.0", 3), ("1.0.1", None)):
        with pytest.raises(Missing):
            selectors.find_version(reader, second.skill, number, attempt)


def test_a_stranger_gets_the_attempt_that_was_approved(owner, mate, stranger, team):
    reject(a_version(owner, team, wanted="public"), mate)
    approved = an_approved(owner, mate, team, wanted="public", body="Better.")

    assert selectors.find_version(actor(stranger), approved.skill, "1.0.0") == approved
    with pytest.raises(Missing):
        selectors.find_version(actor(stranger), approved.skill, "1.0.0", 1)


def test_a_version_for_review_brings_its_files_in_order(owner, team, django_assert_num_queries):
    version = a_version(owner, team, content={**files(), "b.txt": b"", "a.txt": b""})
    reader = actor(owner)

    with django_assert_num_queries(2):
        found = selectors.version_by_id(reader, version.pk)
        assert [file.path for file in found.files.all()] == ["SKILL.md", "a.txt", "b.txt"]
        assert (found.skill.team.policy.approvals_needed, found.author) == (1, owner)


def test_a_version_in_review_is_not_there_for_others(owner, mate, stranger, team):
    an_approved(owner, mate, team, wanted="public")
    waiting = a_version(owner, team, number="1.1.0", wanted="public", body="Two.")

    for who in (VISITOR, actor(stranger)):
        with pytest.raises(Missing):
            selectors.version_by_id(who, waiting.pk)
    assert selectors.version_by_id(actor(mate), waiting.pk) == waiting
    assert selectors.version_by_id(actor(a_person("boss", staff=True)), waiting.pk) == waiting


def test_a_version_that_never_was_is_missing(owner):
    with pytest.raises(Missing):
        selectors.version_by_id(actor(owner), 0)


def test_channels_come_by_name(owner, mate, team):
    version = an_approved(owner, mate, team)
    for name in ("stable", "beta"):
        Channel.objects.create(skill=version.skill, name=name, version=version)

    assert [str(channel) for channel in selectors.channels_of(version.skill)] == ["beta", "stable"]


def test_maintainers_come_by_name(owner, mate, team):
    skill = an_approved(owner, mate, team).skill
    Maintainer.objects.create(skill=skill, account=mate)

    assert list(selectors.maintainers_of(skill)) == ["mate", "owner"]


def test_a_team_is_no_secret_among_those_who_sign_in(owner, stranger, team):
    assert selectors.find_team(actor(stranger), "crew") == team
    assert selectors.find_team(actor(stranger), "owner").personal_of == owner
    with pytest.raises(Missing):
        selectors.find_team(actor(stranger), "no-such-team")


def test_visitors_see_a_team_with_a_public_skill(owner, mate, team):
    an_approved(owner, mate, team, wanted="internal")
    with pytest.raises(Missing):
        selectors.find_team(VISITOR, "crew")

    an_approved(owner, mate, team, "open-skill", wanted="public")

    assert selectors.find_team(VISITOR, "crew") == team


def test_visitors_see_nobody_where_reading_needs_an_account(owner, mate, team, settings):
    an_approved(owner, mate, team, wanted="public")
    settings.ANONYMOUS_READ = False

    with pytest.raises(Missing):
        selectors.find_team(VISITOR, "crew")
    assert not selectors.skills_for(VISITOR).exists()


def test_a_file_is_found_by_its_exact_path(owner, team):
    version = a_version(owner, team)
    other = a_version(owner, a_team("others", admin=owner), content={**files(), "a.txt": b""})

    assert selectors.file_of(version, "SKILL.md").version == version
    for path in ("skill.md", "a.txt", ""):
        with pytest.raises(Missing):
            selectors.file_of(version, path)
    assert selectors.file_of(other, "a.txt").size == 0


def test_rows_call_themselves_by_what_people_call_them(owner, team):
    version = a_version(owner, team)
    skill = Skill.objects.get()

    assert (str(skill), str(version)) == ("crew/greet-people", "crew/greet-people@1.0.0")
    assert (skill.get_absolute_url(), version.get_absolute_url()) == (
        "/@crew/greet-people/",
        "/@crew/greet-people/v/1.0.0/",
    )
    assert version.review_url == f"/reviews/{version.pk}/"
