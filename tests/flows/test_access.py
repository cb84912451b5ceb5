"""Yank, removal, visibility, names, teams, channels, deprecation."""

from datetime import timedelta

import pytest

from skills.catalog.models import Channel, Skill
from skills.catalog.selectors import find_skill
from skills.delivery.collect import collect
from skills.delivery.resolve import resolve
from skills.flows import access, release
from skills.lib import blobs
from skills.lib.errors import Conflict, Forbidden, Gone, Missing, Refused
from skills.people.actor import VISITOR
from skills.search.query import search
from tests.factories import a_person, a_team, a_version, actor, an_approved, reload


@pytest.fixture
def skill(owner, mate, team) -> Skill:
    an_approved(owner, mate, team, number="1.0.0", wanted="public")
    an_approved(owner, mate, team, number="1.1.0", wanted="public", body="Say hello better.")
    return reload(Skill.objects.get())


def version(skill, number):
    found = skill.versions.get(number=number)
    found.skill = skill
    return found


def test_an_earlier_attempt_is_removed_while_the_next_is_open(owner, mate, team):
    first = a_version(owner, team)
    release.decide(
        actor=actor(mate), version_id=first.pk, verdict="request_changes", digest=first.digest, reason="No."
    )
    second = a_version(owner, team, body="Better.")

    access.remove(actor=actor(a_person("boss", staff=True)), version_id=first.pk, reason="Names customers.")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("removed", "in_review")


def test_a_yanked_version_is_fetched_by_exact_number_only(skill, owner):
    access.yank(actor=actor(owner), version_id=version(skill, "1.1.0").pk, reason="It is wrong.")

    skill = reload(skill)
    assert resolve(VISITOR, skill, "1.1.0").state == "yanked"
    assert resolve(VISITOR, skill, "latest").number == "1.0.0"
    assert resolve(VISITOR, skill, "^1").number == "1.0.0"

    access.unyank(actor=actor(owner), version_id=version(skill, "1.1.0").pk)
    assert resolve(VISITOR, reload(skill), "latest").number == "1.1.0"


def test_yanking_everything_takes_the_skill_out_of_search(skill, owner):
    for number in ("1.0.0", "1.1.0"):
        access.yank(actor=actor(owner), version_id=version(skill, number).pk, reason="x")

    assert search(VISITOR, "greet").total == 0
    assert find_skill(VISITOR, "crew", "greet-people").shown is None


def test_yanking_needs_a_reason_and_an_admin(skill, owner, mate):
    with pytest.raises(Refused, match="reason"):
        access.yank(actor=actor(owner), version_id=version(skill, "1.1.0").pk, reason=" ")
    with pytest.raises(Forbidden):
        access.yank(actor=actor(mate), version_id=version(skill, "1.1.0").pk, reason="x")


def test_removal_deletes_the_content_and_keeps_the_digest(skill, owner):
    gone = version(skill, "1.1.0")
    with pytest.raises(Forbidden):
        access.remove(actor=actor(owner), version_id=gone.pk, reason="malware")

    access.remove(actor=actor(a_person("boss", staff=True)), version_id=gone.pk, reason="malware")
    collect(timedelta(0))

    gone.refresh_from_db()
    assert (gone.state, gone.reason, gone.manifest, gone.files.count()) == ("removed", "malware", {}, 0)
    assert gone.blob not in set(blobs.store().digests())
    with pytest.raises(Gone, match="malware"):
        resolve(VISITOR, reload(skill), "1.1.0")
    assert resolve(VISITOR, reload(skill), "latest").number == "1.0.0"


def test_removal_keeps_bytes_another_version_needs(owner, mate, team):
    first = an_approved(owner, mate, team, number="1.0.0")
    an_approved(owner, mate, team, number="1.0.1")
    access.remove(actor=actor(a_person("boss", staff=True)), version_id=first.pk, reason="x")

    collect(timedelta(0))

    assert first.blob in set(blobs.store().digests())


def test_narrowing_is_at_once_and_widening_needs_another_reviewer(skill, owner, mate):
    access.change_visibility(actor=actor(owner), skill=skill, new="team")
    assert search(VISITOR, "greet").total == 0
    with pytest.raises(Missing):
        find_skill(VISITOR, "crew", "greet-people")

    with pytest.raises(Forbidden):
        access.change_visibility(actor=actor(owner), skill=skill, new="public")
    access.change_visibility(actor=actor(mate), skill=skill, new="public")

    assert search(VISITOR, "greet").total == 1


def test_an_old_name_redirects_and_is_never_reused(skill, owner, team):
    access.rename(actor=actor(owner), skill=skill, name="welcome-people")

    assert find_skill(VISITOR, "crew", "greet-people").name == "welcome-people"
    assert search(VISITOR, "welcome").total == 1
    with pytest.raises(Conflict, match="old name"):
        a_version(owner, team, "greet-people", number="9.0.0")


def test_a_skill_moves_to_a_team_one_administers(skill, owner, stranger):
    other = a_team("other", admin=stranger)
    with pytest.raises(Missing):
        access.transfer(actor=actor(owner), skill=skill, to=other)
    mine = a_team("mine", admin=owner)

    access.transfer(actor=actor(owner), skill=skill, to=mine)

    assert find_skill(VISITOR, "crew", "greet-people").team == mine
    assert find_skill(VISITOR, "mine", "greet-people").name == "greet-people"


def test_grants_do_not_survive_a_transfer(owner, mate, team):
    an_approved(owner, mate, team)
    skill = Skill.objects.get()
    access.set_maintainer(actor=actor(owner), skill=skill, account=mate, on=True)

    mine = a_team("mine", admin=owner)
    access.transfer(actor=actor(owner), skill=skill, to=mine)

    assert [row.account for row in skill.maintainers.all()] == [owner]
    with pytest.raises(Missing):
        find_skill(actor(mate), "mine", "greet-people")


def test_a_skill_with_an_open_review_does_not_move(skill, owner, team):
    a_version(owner, team, number="2.0.0", body="Other.")

    mine = a_team("mine", admin=owner)
    with pytest.raises(Conflict, match="open"):
        access.transfer(actor=actor(owner), skill=skill, to=mine)


def test_channels_point_to_approved_versions_only(skill, owner, team):
    access.move_channel(actor=actor(owner), skill=skill, name="stable", version=version(skill, "1.0.0"))
    assert resolve(VISITOR, skill, "stable").number == "1.0.0"

    draft = a_version(owner, team, number="3.0.0", body="Draft.")
    with pytest.raises(Conflict):
        access.move_channel(actor=actor(owner), skill=skill, name="stable", version=draft)
    for name in ("latest", "Bad Name", ""):
        with pytest.raises(Refused):
            access.move_channel(actor=actor(owner), skill=skill, name=name, version=version(skill, "1.0.0"))

    access.yank(actor=actor(owner), version_id=version(skill, "1.0.0").pk, reason="x")
    assert not Channel.objects.exists()


def test_deprecation_names_a_successor(skill, owner, mate, team):
    an_approved(owner, mate, team, "better-greeting", wanted="public")
    better = Skill.objects.get(name="better-greeting")

    access.deprecate(actor=actor(owner), skill=skill, note="Too stiff.", successor=better)
    assert reload(skill).successor == better
    with pytest.raises(Refused):
        access.deprecate(actor=actor(owner), skill=skill, note="x", successor=skill)

    access.undeprecate(actor=actor(owner), skill=skill)
    assert reload(skill).deprecated_at is None


@pytest.mark.parametrize("wanted", ["2.0.0", "^2", "nightly", "3.0.0-beta.1"])
def test_what_is_not_there_is_missing(skill, wanted):
    with pytest.raises(Missing):
        resolve(VISITOR, skill, wanted)


def test_drafts_are_never_resolved_even_for_their_team(owner, team):
    draft = a_version(owner, team)

    with pytest.raises(Missing):
        resolve(actor(owner), draft.skill, "1.0.0")
