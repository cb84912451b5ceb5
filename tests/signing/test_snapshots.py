"""Snapshots: whose releases they name, that a change makes a new number, and that a day is their end."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from skills.flows import access, signed_releases
from skills.lib.clock import now
from skills.lib.errors import Missing
from skills.people.actor import VISITOR
from skills.signing import documents, keys, snapshots
from skills.signing.envelopes import payload_of, signed_by
from skills.signing.models import SignedDocument
from tests.factories import a_person, a_team, a_version, actor, an_approved, reload
from tests.signing.making import published_keys, snapshot_of, states_in


def team_snapshot(team) -> dict:
    return snapshot_of(snapshots.of_team(team.pk))


def test_each_snapshot_names_what_its_readers_may_see(owner, mate, team):
    for name, wanted in (("for-all", "public"), ("for-house", "internal"), ("for-crew", "team")):
        an_approved(owner, mate, team, name, wanted=wanted)

    assert set(states_in(snapshot_of("public"))) == {"crew/for-all@1.0.0"}
    assert set(states_in(snapshot_of("internal"))) == {"crew/for-all@1.0.0", "crew/for-house@1.0.0"}
    assert set(states_in(team_snapshot(team))) == {
        "crew/for-all@1.0.0",
        "crew/for-house@1.0.0",
        "crew/for-crew@1.0.0",
    }


def test_what_was_never_approved_is_in_none(owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    a_version(owner, team, number="2.0.0")

    assert set(states_in(team_snapshot(team))) == {"crew/greet-people@1.0.0"}


def test_yank_unyank_and_removal_are_in_the_next_snapshot(owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public")
    root = a_person("root", staff=True)
    name, seen = "crew/greet-people@1.0.0", []
    for act in (
        lambda: None,
        lambda: access.yank(actor=actor(owner), version_id=version.pk, reason="broken"),
        lambda: access.unyank(actor=actor(owner), version_id=version.pk),
        lambda: access.remove(actor=actor(root), version_id=version.pk, reason="malware"),
    ):
        act()
        snapshot = snapshot_of("public")
        seen.append((states_in(snapshot)[name], snapshot["predicate"]["number"]))

    assert [state for state, _ in seen] == ["approved", "yanked", "approved", "removed"]
    numbers = [number for _, number in seen]
    assert numbers == sorted(set(numbers))


def test_a_change_has_them_signed_after_the_commit(owner, mate, team, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        version = an_approved(owner, mate, team, wanted="public")
    with django_capture_on_commit_callbacks(execute=True):
        access.yank(actor=actor(owner), version_id=version.pk, reason="broken")

    document = SignedDocument.objects.get(name="public")
    assert '"state":"yanked"' in payload_of(document.envelope)


def test_a_narrowed_skill_leaves_the_public_snapshot_at_once(owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public")
    snapshot_of("public")
    access.change_visibility(actor=actor(owner), skill=version.skill, new="team")

    # Not even before the worker has signed the next one.
    with pytest.raises(Missing):
        snapshots.public_snapshot(VISITOR)
    assert states_in(snapshot_of("public")) == {}


def test_a_transferred_skill_leaves_the_old_team_at_once(owner, mate, team):
    version = an_approved(owner, mate, team)
    other = a_team("other", admin=owner)
    team_snapshot(team)
    access.transfer(actor=actor(owner), skill=version.skill, to=other)

    with pytest.raises(Missing):
        snapshots.readable_snapshot(actor(owner), team.pk)
    assert states_in(team_snapshot(team)) == {}
    assert set(states_in(team_snapshot(other))) == {"other/greet-people@1.0.0"}


def test_a_renamed_skill_names_what_its_statement_calls_it(owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public")
    access.rename(actor=actor(owner), skill=version.skill, name="greet-all")

    subject = snapshot_of("public")["subject"][1]
    assert subject["name"] == "crew/greet-all@1.0.0"
    assert subject["annotations"]["signedAs"] == "crew/greet-people@1.0.0"


def test_a_snapshot_is_signed_and_names_the_list_of_keys(owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    snapshot = snapshot_of("public")

    document, listed = (SignedDocument.objects.get(name=name) for name in ("public", "keys"))
    assert signed_by(document.envelope, published_keys())
    assert snapshot["subject"][0]["digest"]["sha256"] == documents.payload_digest(listed)


def test_nothing_new_is_signed_where_nothing_changed(owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    snapshots.sign_snapshots()

    assert snapshots.sign_snapshots() == 0


def test_a_snapshot_ends_after_a_day_and_is_renewed_before(owner, mate, team, monkeypatch):
    an_approved(owner, mate, team, wanted="public")
    snapshots.sign_snapshots()
    document = SignedDocument.objects.get(name="public")
    assert timedelta(hours=23) < document.expires_at - document.signed_at <= timedelta(hours=24)

    later = now() + timedelta(hours=13)
    monkeypatch.setattr(snapshots, "now", lambda: later)

    assert snapshots.sign_snapshots() == 3


def test_new_keys_make_new_snapshots(owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    snapshots.sign_snapshots()
    keys.rotate()

    assert snapshots.sign_snapshots() == 3


def test_a_number_never_falls_not_even_after_a_restore(db):
    snapshots.sign_snapshots()
    document = SignedDocument.objects.get(name="public")

    assert documents.next_number(None) >= document.number  # a backup without the row
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        SignedDocument.objects.filter(pk=document.pk).update(number=document.number - 1)


def test_a_teams_snapshot_is_for_its_members(owner, mate, team, stranger):
    an_approved(owner, mate, team)
    team_snapshot(team)

    assert snapshots.readable_snapshot(actor(mate), team.pk)
    for reader in (actor(stranger), VISITOR):
        with pytest.raises(Missing):
            snapshots.readable_snapshot(reader, team.pk)


def test_a_hub_without_visitors_shows_them_no_names(owner, mate, team, settings):
    an_approved(owner, mate, team, wanted="public")
    snapshots.sign_snapshots()
    settings.ANONYMOUS_READ = False

    with pytest.raises(Missing):
        snapshots.public_snapshot(VISITOR)
    assert snapshots.public_snapshot(actor(owner))


def test_two_skills_with_the_same_bytes_have_their_own_states(owner, mate, team):
    first = an_approved(owner, mate, team, wanted="public")
    an_approved(owner, mate, team, number="1.0.1", wanted="public")
    access.yank(actor=actor(owner), version_id=first.pk, reason="broken")
    assert reload(first.skill).latest.number == "1.0.1"

    signed_releases.sign_waiting()
    assert states_in(snapshot_of("public")) == {
        "crew/greet-people@1.0.0": "yanked",
        "crew/greet-people@1.0.1": "approved",
    }
