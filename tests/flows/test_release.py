"""The release story, step by step, and what it refuses."""

import pytest
from django.core import mail

from skills.audit.models import Event
from skills.catalog.models import Skill, Upload, Version
from skills.curation.follow import follow
from skills.delivery.content import all_files, zip_of
from skills.flows import release, remarks
from skills.lib import blobs
from skills.lib.errors import Conflict, Forbidden, Refused, Stale
from skills.notices.models import Notice, NoticePreference
from skills.people.actor import VISITOR
from skills.people.teams import change_policy
from skills.reviews.places import LinePlace
from skills.search.query import search
from tests.factories import a_person, a_version, actor, an_approved, an_upload, files, join, reload


def decide(who, version, verdict="approve", reason="", digest=""):
    return release.decide(
        actor=actor(who),
        version_id=version.pk,
        verdict=verdict,
        digest=digest or version.digest,
        reason=reason,
    )


def test_the_whole_story(owner, mate, team):
    version = a_version(owner, team, wanted="public")
    assert version.state == "in_review"
    remarks.remark(actor=actor(mate), version=version, body="Why?", place=LinePlace(path="SKILL.md", line=7))
    decide(mate, version, "request_changes", "Say more.")

    second = a_version(owner, team, wanted="public", body="Say hello twice, warmly.")
    assert (second.number, second.attempt) == ("1.0.0", 2)
    decide(mate, second)

    skill = reload(second.skill)
    assert (skill.shown, skill.latest, skill.visibility) == (second, second, "public")
    assert [hit.skill.name for hit in search(VISITOR, "warmly").hits] == ["greet-people"]
    assert blobs.sha256(zip_of(second)) == second.blob
    assert all_files(second)["SKILL.md"].endswith(b"Say hello twice, warmly.\n")


def test_every_step_is_audited(owner, mate, team):
    version = an_approved(owner, mate, team)

    acts = Event.objects.filter(detail__version=version.pk).order_by("id").values_list("act", flat=True)
    assert list(acts) == ["version.submit", "version.scanned", "version.approve"]


def test_the_same_bytes_again_change_nothing(owner, team):
    first = a_version(owner, team)

    again, is_new = release.submit(
        actor=actor(owner), team=team, upload=an_upload(owner), number="1.0.0+build.5"
    )

    assert (again.pk, is_new) == (first.pk, False)


def test_other_bytes_for_a_live_number_are_refused(owner, team):
    a_version(owner, team)

    with pytest.raises(Conflict, match="other bytes"):
        a_version(owner, team, body="Other words.")
    assert Version.objects.count() == 1


@pytest.mark.parametrize("verdict", ["reject", "request_changes"])
def test_a_refused_number_may_be_tried_again(verdict, owner, mate, team):
    first = a_version(owner, team)
    decide(mate, first, verdict, "No.")

    assert a_version(owner, team).attempt == 2


def test_a_removed_number_is_never_reused(owner, mate, team):
    from skills.flows import access

    version = an_approved(owner, mate, team)
    access.remove(actor=actor(a_person("boss", staff=True)), version_id=version.pk, reason="legal")

    with pytest.raises(Conflict):
        a_version(owner, team, body="Other words.")


def test_authors_do_not_approve_their_own(owner, team):
    version = a_version(owner, team)

    with pytest.raises(Forbidden):
        decide(owner, version)


def test_self_approval_reaches_the_team_only(owner, team):
    change_policy(actor=actor(owner), team=team, approvals_needed=1, self_approval=True, scan_gate=True)
    version = a_version(owner, team, wanted="public")

    decide(owner, version)

    assert reload(version.skill).visibility == "team"


def test_two_approvals_are_counted_once_each(owner, mate, team):
    change_policy(actor=actor(owner), team=team, approvals_needed=2, self_approval=False, scan_gate=True)
    third = a_person("third")
    join(team, third, "reviewer")
    version = a_version(owner, team)

    assert decide(mate, version).state == "in_review"
    with pytest.raises(Conflict, match="already"):
        decide(mate, version)
    assert decide(third, version).state == "approved"


def test_a_decision_on_other_bytes_is_refused(owner, mate, team):
    version = a_version(owner, team)

    with pytest.raises(Stale):
        decide(mate, version, digest="sha256:" + "0" * 64)


@pytest.mark.parametrize("verdict", ["reject", "request_changes"])
def test_a_refusal_needs_a_reason(verdict, owner, mate, team):
    with pytest.raises(Refused, match="what should change"):
        decide(mate, a_version(owner, team), verdict)


def test_members_and_strangers_do_not_decide(owner, stranger, team):
    version = a_version(owner, team)
    member = a_person("member")
    join(team, member, "member")

    for who in (member, stranger):
        with pytest.raises(Forbidden):
            decide(who, version)


def test_nothing_is_approved_before_its_scan(owner, mate, team):
    version = a_version(owner, team, scanned=False)

    with pytest.raises(Conflict):
        decide(mate, version)


def test_prereleases_are_never_latest(owner, mate, team):
    an_approved(owner, mate, team, number="2.0.0-beta.1")
    assert reload(Skill.objects.get()).latest is None
    assert reload(Skill.objects.get()).shown.number == "2.0.0-beta.1"

    an_approved(owner, mate, team, number="1.0.0")

    assert reload(Skill.objects.get()).shown.number == "1.0.0"


def test_the_author_withdraws_and_others_do_not(owner, mate, stranger, team):
    version = a_version(mate, team)

    with pytest.raises(Forbidden):
        release.withdraw(actor=actor(stranger), version_id=version.pk)
    assert release.withdraw(actor=actor(mate), version_id=version.pk).state == "withdrawn"


def test_a_refused_bundle_leaves_nothing(owner, team):
    report, upload = release.stage(actor=actor(owner), content={"SKILL.md": b"nothing"})

    assert upload is None
    assert report.errors
    assert (Upload.objects.count(), list(blobs.store().digests())) == (0, [])


def test_reviewers_authors_and_followers_are_told(
    owner, mate, stranger, team, django_capture_on_commit_callbacks
):

    with django_capture_on_commit_callbacks(execute=True):
        version = a_version(owner, team, wanted="internal")
    assert [notice.kind for notice in Notice.objects.filter(account=mate)] == ["review_asked"]
    assert mail.outbox[0].to == [mate.email]

    follow(actor=actor(stranger), on=True, team=team)
    NoticePreference.objects.create(account=stranger, kind="new_version", in_app=True, by_email=False)
    with django_capture_on_commit_callbacks(execute=True):
        decide(mate, version)

    assert Notice.objects.filter(account=owner, kind="decided").count() == 1
    assert Notice.objects.filter(account=stranger, kind="new_version").count() == 1
    assert stranger.email not in {to for message in mail.outbox for to in message.to}


def test_followers_who_may_not_read_are_not_told(owner, mate, stranger, team):
    from skills.curation.models import Follow

    Follow.objects.create(account=stranger, team=team)

    an_approved(owner, mate, team, "hidden-skill")

    assert not Notice.objects.filter(account=stranger).exists()


def test_the_task_carries_a_version_through_its_checks(owner, team, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        version = a_version(owner, team, scanned=False)

    version.refresh_from_db()
    assert version.state == "in_review"


def test_publishing_to_anothers_team_is_forbidden(stranger, team):
    with pytest.raises(Forbidden):
        release.submit(actor=actor(stranger), team=team, upload=an_upload(stranger), number="1.0.0")


def test_a_bundle_with_every_face_is_kept_whole(owner, mate, team):
    content = {
        **files(),
        "scripts/go.py": b"#!/usr/bin/env python3\n",
        "assets/a.bin": bytes(range(256)),
        "references/x.md": b"# X\n",
    }

    version = an_approved(owner, mate, team, content=content)

    assert all_files(version) == content
