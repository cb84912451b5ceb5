"""Decisions: taken on exactly the bytes on screen, with a reason, by somebody else, once."""

import pytest
from django.db import IntegrityError, transaction

from skills.catalog.models import State, Version
from skills.lib.clock import now
from skills.lib.errors import Conflict, Refused, Stale
from skills.people.models import Policy
from skills.reviews.decide import approvals, approved_alone, write_decision
from skills.reviews.models import Decision
from tests.factories import a_person, a_version

pytestmark = pytest.mark.django_db
OTHER_BYTES = "sha256:" + "0" * 64


@pytest.fixture
def version(owner, team):
    return a_version(owner, team)


def write(version, by, verdict="approve", **changes):
    values = {"digest": version.digest, "reason": ""} | changes
    return write_decision(version=version, by=by, verdict=verdict, **values)


def let_authors_approve(version, **more):
    policy = version.skill.team.policy
    Policy.objects.filter(pk=policy.pk).update(self_approval=True, **more)
    policy.refresh_from_db()


def codes(refusal):
    return [problem.code for problem in refusal.value.problems]


def test_a_decision_keeps_who_what_and_the_policy_of_that_moment(version, owner, mate):
    let_authors_approve(version, approvals_needed=3)

    decision = write(version, mate)

    decision.refresh_from_db()
    assert (decision.version, decision.reviewer, decision.author) == (version, mate, owner)
    assert (decision.verdict, decision.digest, decision.reason) == ("approve", version.digest, "")
    assert (decision.self_approval_allowed, decision.approvals_needed) == (True, 3)
    assert str(decision) == f"approve by {mate.pk}"


@pytest.mark.parametrize("verdict", ["approve", "request_changes", "reject"])
def test_no_verdict_is_taken_on_other_bytes_than_were_on_screen(version, mate, verdict):
    with pytest.raises(Stale) as refusal:
        write(version, mate, verdict, digest=OTHER_BYTES, reason="So.")

    assert codes(refusal) == ["digest_changed"]
    assert not Decision.objects.exists()


@pytest.mark.parametrize("verdict", ["", "Approve", "yes", "approved"])
def test_a_word_that_is_no_verdict_is_refused(version, mate, verdict):
    with pytest.raises(Refused) as refusal:
        write(version, mate, verdict, reason="So.")

    assert codes(refusal) == ["bad_verdict"]
    assert not Decision.objects.exists()


@pytest.mark.parametrize("verdict", ["request_changes", "reject"])
@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_whoever_does_not_approve_says_why(version, mate, verdict, reason):
    with pytest.raises(Refused) as refusal:
        write(version, mate, verdict, reason=reason)

    assert codes(refusal) == ["reason_missing"]
    assert not Decision.objects.exists()


def test_a_reason_is_kept_without_blanks_around_it_and_up_to_two_thousand_characters(version, mate):
    assert write(version, mate, "reject", reason="  No.  ").reason == "No."
    assert write(version, mate, "reject", reason="x" * 2_001).reason == "x" * 2_000


def test_an_approval_may_have_a_reason(version, mate):
    assert write(version, mate, reason="Well done.").reason == "Well done."


def test_nobody_approves_twice_and_the_first_approval_stays(version, mate):
    write(version, mate)

    with pytest.raises(Conflict) as refusal:
        write(version, mate)

    assert codes(refusal) == ["already_approved"]
    assert approvals(version) == 1


def test_a_refusal_may_follow_an_approval(version, mate):
    write(version, mate)

    write(version, mate, "reject", reason="On second thoughts.")

    assert [decision.verdict for decision in Decision.objects.order_by("pk")] == ["approve", "reject"]


def test_the_database_itself_refuses_authors_who_approve_their_own(version, owner):
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        write(version, owner)


def test_authors_may_reject_their_own(version, owner):
    assert write(version, owner, "reject", reason="Mine, and wrong.").verdict == "reject"


def test_authors_approve_their_own_where_the_policy_lets_them(version, owner):
    let_authors_approve(version)

    assert write(version, owner).self_approval_allowed


@pytest.mark.parametrize("verdict", ["reject", "request_changes"])
def test_the_database_itself_refuses_a_refusal_without_a_reason(version, owner, mate, verdict):
    with pytest.raises(IntegrityError, match="refusals_have_a_reason"), transaction.atomic():
        Decision.objects.create(
            version=version,
            reviewer=mate,
            author=owner,
            responsible=owner,
            verdict=verdict,
            digest=version.digest,
        )


def test_only_approvals_of_this_version_are_counted(version, owner, mate, team):
    other = a_version(owner, team, "other-skill")
    third = a_person("third")
    write(other, mate)
    write(version, third, "reject", reason="No.")
    assert approvals(version) == 0

    write(version, mate)

    assert approvals(version) == 1


def test_an_approval_by_another_is_told_from_ones_own(version, owner, mate):
    let_authors_approve(version)
    write(version, owner)
    write(version, mate, "reject", reason="No.")
    Version.objects.filter(pk=version.pk).update(state=State.APPROVED, approved_at=now())
    assert list(approved_alone(version.skill)) == [version]

    write(version, mate)

    assert list(approved_alone(version.skill)) == []


def test_a_version_that_was_imported_was_not_approved_alone(version):
    Version.objects.filter(pk=version.pk).update(state=State.APPROVED, approved_at=now())

    assert list(approved_alone(version.skill)) == []
