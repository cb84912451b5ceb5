"""Which version a request means, and what it is told where there is none."""

import pytest

from skills.catalog.models import Channel
from skills.delivery.resolve import resolve
from skills.flows import access, release
from skills.lib.errors import Gone, Missing, Refused
from skills.people.actor import VISITOR
from tests.factories import a_person, a_version, actor, an_approved, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def skill(owner, mate, team):
    for number in ("1.0.0", "1.2.0", "2.0.0", "3.0.0-rc.1"):
        version = an_approved(owner, mate, team, number=number, wanted="public", body=f"Number {number}.")
    return reload(version.skill)


def number_of(skill, wanted, who=VISITOR):
    return resolve(who, reload(skill), wanted).number


def version_of(skill, number):
    return skill.versions.get(number=number)


def test_a_version_is_named_by_number_range_or_channel(skill):
    meant = {
        "": "2.0.0",
        "latest": "2.0.0",
        " latest ": "2.0.0",
        "1.0.0": "1.0.0",
        "v1.0.0": "1.0.0",
        "1.0.0+build.7": "1.0.0",
        "3.0.0-rc.1": "3.0.0-rc.1",
        "^1": "1.2.0",
        "~1.0": "1.0.0",
        ">=1,<2": "1.2.0",
        "1.x": "1.2.0",
        "*": "2.0.0",
        ">=3.0.0-rc.0": "3.0.0-rc.1",
    }

    assert {wanted: number_of(skill, wanted) for wanted in meant} == meant


def test_what_is_not_there_is_missing_with_what_was_asked(skill):
    for wanted in ("9.9.9", "^9", "stable", "1.0.0-beta"):
        with pytest.raises(Missing) as refusal:
            number_of(skill, wanted)

        (problem,) = refusal.value.problems
        assert problem.code == "no_version"
        assert problem.text == f"crew/greet-people has no approved version for {wanted!r}."


def test_what_is_neither_number_nor_range_is_refused_with_examples(skill):
    for wanted in ("^^1", "1.0.0.0", "no-such-channel", "../etc", ">=y"):
        with pytest.raises(Refused) as refusal:
            number_of(skill, wanted)

        (problem,) = refusal.value.problems
        assert problem.code == "bad_range"
        assert "^1.2" in problem.remedy


def test_a_channel_points_where_the_team_set_it(skill):
    Channel.objects.create(skill=skill, name="stable", version=version_of(skill, "1.0.0"))

    assert number_of(skill, "stable") == "1.0.0"


def test_a_channel_whose_name_has_a_hyphen_is_found(skill):
    Channel.objects.create(skill=skill, name="long-term", version=version_of(skill, "1.0.0"))

    assert number_of(skill, "long-term") == "1.0.0"


def test_a_channel_of_another_skill_is_not_meant(skill, owner, mate, team):
    other = an_approved(owner, mate, team, "other-skill", wanted="public")
    Channel.objects.create(skill=other.skill, name="stable", version=other)

    with pytest.raises(Missing):
        number_of(skill, "stable")


def test_a_yanked_version_is_given_by_its_exact_number_only(skill, owner):
    access.yank(actor=actor(owner), version_id=version_of(skill, "1.2.0").pk, reason="Wrong.")

    assert number_of(skill, "1.2.0") == "1.2.0"
    assert number_of(skill, "^1") == "1.0.0"


def test_the_latest_falls_back_when_the_highest_is_yanked(skill, owner):
    access.yank(actor=actor(owner), version_id=version_of(skill, "2.0.0").pk, reason="Wrong.")

    assert number_of(skill, "latest") == "1.2.0"


def test_a_removed_version_is_gone_with_its_reason(skill):
    boss = actor(a_person("boss", staff=True))
    access.remove(actor=boss, version_id=version_of(skill, "1.0.0").pk, reason="It leaks.")

    with pytest.raises(Gone) as refusal:
        number_of(skill, "1.0.0")

    assert refusal.value.problems[0].text == "crew/greet-people 1.0.0 was removed: It leaks."
    assert number_of(skill, "^1") == "1.2.0"


def test_an_attempt_removed_before_its_approval_does_not_hide_the_next(owner, mate, team):
    boss = actor(a_person("boss", staff=True))
    access.remove(actor=boss, version_id=a_version(owner, team, wanted="public").pk, reason="It leaks.")

    approved = an_approved(owner, mate, team, wanted="public", body="Nothing leaks.")

    for who in (VISITOR, actor(owner), boss):
        assert resolve(who, reload(approved.skill), "1.0.0") == approved


def test_an_open_version_is_nobodys_answer(skill, owner, team):
    a_version(owner, team, number="4.0.0", body="Four.")

    for who in (VISITOR, actor(owner)):
        with pytest.raises(Missing):
            number_of(skill, "4.0.0", who)
    assert number_of(skill, "latest", actor(owner)) == "2.0.0"


def test_a_rejected_version_is_nobodys_answer(skill, owner, mate, team):
    version = a_version(owner, team, number="4.0.0", body="Four.")
    release.decide(
        actor=actor(mate), version_id=version.pk, verdict="reject", digest=version.digest, reason="No."
    )

    with pytest.raises(Missing):
        number_of(skill, "4.0.0", actor(owner))


def test_a_skill_with_prereleases_only_has_no_latest(owner, mate, team):
    skill = an_approved(owner, mate, team, number="1.0.0-rc.1", wanted="public").skill

    with pytest.raises(Missing):
        number_of(skill, "latest")
    assert number_of(skill, "1.0.0-rc.1") == "1.0.0-rc.1"


def test_a_version_that_one_may_not_read_is_as_missing_as_any(owner, mate, stranger, team):
    skill = an_approved(owner, mate, team, wanted="team").skill

    for who in (VISITOR, actor(stranger)):
        with pytest.raises(Missing):
            number_of(skill, "1.0.0", who)
    assert number_of(skill, "1.0.0", actor(mate)) == "1.0.0"


def test_a_found_version_knows_its_skill_without_another_query(skill, django_assert_num_queries):
    version = resolve(VISITOR, skill, "1.0.0")

    with django_assert_num_queries(0):
        assert version.skill is skill
