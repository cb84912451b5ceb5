"""The review queue and what a review page reads: who sees which version, in what order, with what counts."""

import pytest

from skills.catalog.models import State
from skills.flows import access, release
from skills.lib.clock import now
from skills.people.actor import Actor
from skills.people.teams import change_policy
from skills.reviews.comment import comment
from skills.reviews.places import LinePlace
from skills.reviews.selectors import FILTERS, approvers_of, conversation, history, queue
from skills.scans.models import Finding
from tests.factories import a_person, a_team, a_version, actor, an_approved, join

pytestmark = pytest.mark.django_db


def names(who, chosen="waiting"):
    return [version.skill.name for version in queue(actor(who), chosen).order_by("pk")]


def decide(who, version, verdict="approve"):
    release.decide(
        actor=actor(who), version_id=version.pk, verdict=verdict, digest=version.digest, reason="So."
    )


def allow(team, owner, **policy):
    values = {"approvals_needed": 1, "self_approval": False, "scan_gate": True} | policy
    change_policy(actor=actor(owner), team=team, **values)


def test_versions_of_others_wait_for_reviewers_and_admins(owner, mate, team):
    a_version(owner, team, "of-owner")
    a_version(mate, team, "of-mate")

    assert names(mate) == ["of-owner"]
    assert names(owner) == ["of-mate"]


def test_nothing_waits_for_a_member_who_may_not_decide(owner, team):
    member = a_person("member")
    join(team, member, "member")
    a_version(owner, team, "of-owner")

    assert names(member) == []
    assert names(member, "all") == ["of-owner"]


@pytest.mark.parametrize("chosen", FILTERS)
def test_a_stranger_sees_nothing_of_another_team(owner, team, stranger, chosen):
    a_version(owner, team, "of-owner")

    assert names(stranger, chosen) == []


@pytest.mark.parametrize("chosen", FILTERS)
def test_a_visitor_sees_nothing(owner, team, chosen):
    a_version(owner, team, "of-owner")

    assert list(queue(Actor(), chosen)) == []


def test_staff_and_auditors_see_all_and_decide_nothing(owner, team):
    a_version(owner, team, "of-owner")

    for reader in (a_person("boss", staff=True), a_person("auditor", auditor=True)):
        assert names(reader, "all") == ["of-owner"]
        assert names(reader, "waiting") == []
        assert names(reader, "mine") == []


def test_ones_own_version_waits_where_the_team_lets_authors_approve(owner, team):
    a_version(owner, team, "of-owner")
    assert names(owner) == []

    allow(team, owner, self_approval=True)

    assert names(owner) == ["of-owner"]


def test_a_version_one_has_approved_waits_for_others_only(owner, mate, team):
    third = a_person("third")
    join(team, third, "reviewer")
    allow(team, owner, approvals_needed=2)
    version = a_version(owner, team, "of-owner")

    decide(mate, version)

    assert names(mate) == []
    assert names(third) == ["of-owner"]
    assert queue(actor(third)).get().approvals == 1


def test_mine_are_those_one_submitted_and_may_still_change(owner, mate, team):
    for state in (State.SCANNING, State.IN_REVIEW):
        a_version(owner, team, f"is-{state.replace('_', '-')}", scanned=state == State.IN_REVIEW)
    decide(mate, a_version(owner, team, "sent-back"), "request_changes")
    decide(mate, a_version(owner, team, "rejected"), "reject")
    release.withdraw(actor=actor(owner), version_id=a_version(owner, team, "withdrawn").pk)
    an_approved(owner, mate, team, "approved")
    a_version(mate, team, "of-mate")

    assert names(owner, "mine") == ["is-scanning", "is-in-review", "sent-back"]
    assert names(mate, "mine") == ["of-mate"]


def test_all_are_the_open_ones_of_ones_teams(owner, mate, stranger, team):
    a_version(owner, team, "scanning", scanned=False)
    a_version(mate, team, "in-review")
    decide(mate, a_version(owner, team, "sent-back"), "request_changes")
    an_approved(owner, mate, team, "approved")
    a_version(stranger, a_team("others", admin=stranger), "elsewhere")

    assert names(owner, "all") == ["scanning", "in-review"]


def test_a_removed_version_is_in_no_queue(owner, mate, team):
    boss = actor(a_person("boss", staff=True))
    access.remove(actor=boss, version_id=a_version(owner, team).pk, reason="It leaks.")

    assert [names(who, chosen) for who in (owner, mate) for chosen in FILTERS] == [[]] * 6


def test_approvals_and_open_findings_do_not_multiply_each_other(owner, mate, team):
    third = a_person("third")
    join(team, third, "reviewer")
    allow(team, owner, approvals_needed=3)
    version = a_version(owner, team)
    for rule in ("one", "two", "three"):
        Finding.objects.create(scan=version.scan, rule=rule, severity="low", text="Look.")
    Finding.objects.filter(rule="three").update(waived_at=now(), waived_by=mate, waiver="Fine.")
    decide(mate, version)
    decide(third, version)

    row = queue(actor(owner), "all").get()

    assert (row.approvals, row.open_findings) == (2, 2)


def test_the_queue_brings_what_its_page_shows(owner, mate, team, django_assert_num_queries):
    a_version(owner, team, "one")
    a_version(owner, team, "two")
    reviewer = actor(mate)

    with django_assert_num_queries(1):
        shown = [
            (
                row.skill.team.handle,
                row.skill.team.policy.approvals_needed,
                row.author.username,
                row.scan.state,
            )
            for row in queue(reviewer)
        ]

    assert shown == [("crew", 1, "owner", "done")] * 2


def test_the_history_of_a_number_holds_its_earlier_attempts_newest_first(owner, mate, team):
    first = a_version(owner, team)
    decide(mate, first, "request_changes")
    second = a_version(owner, team, body="Say more.")
    decide(mate, second)
    decide(mate, a_version(owner, team, number="1.1.0", body="Other."), "reject")
    an_approved(owner, mate, team, "other-skill")

    decisions = history(second)

    assert [(decision.version.attempt, decision.verdict) for decision in decisions] == [
        (2, "approve"),
        (1, "request_changes"),
    ]
    assert list(history(first)) == list(decisions)


def test_the_conversation_follows_the_files_and_their_lines(owner, mate, team):
    version = a_version(owner, team, content={"SKILL.md": _skill(), "a.md": b"a\nb\n"})
    for path, line in [("a.md", 2), ("SKILL.md", 3), ("", 0), ("SKILL.md", 1), ("SKILL.md", 1)]:
        comment(
            actor=actor(mate), version=version, body=f"{path}:{line}", place=LinePlace(path=path, line=line)
        )

    remarks = conversation(version)

    assert [remark.body for remark in remarks] == [":0", "SKILL.md:1", "SKILL.md:1", "SKILL.md:3", "a.md:2"]
    assert remarks[1].pk < remarks[2].pk


def test_the_conversation_of_another_version_is_not_mixed_in(owner, mate, team):
    version, other = a_version(owner, team), a_version(owner, team, "other-skill")
    comment(actor=actor(mate), version=other, body="There.")

    assert list(conversation(version)) == []


def test_approvers_are_named_in_the_order_of_their_approvals(owner, mate, team):
    first = a_person("zoe")
    join(team, first, "reviewer")
    allow(team, owner, approvals_needed=3)
    version = a_version(owner, team)
    decide(first, version)
    decide(mate, version)

    assert list(approvers_of(version)) == ["zoe", "mate"]


def test_whoever_rejected_is_no_approver(owner, mate, team):
    version = a_version(owner, team)
    decide(mate, version, "reject")

    assert list(approvers_of(version)) == []


def _skill() -> bytes:
    return b"---\nname: greet-people\ndescription: Says hello.\n---\n\nHello.\n"
