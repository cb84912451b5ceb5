"""What an event writes into a version and into the audit log, and what it leaves alone."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from skills.audit.models import Event
from skills.catalog.models import State, Version
from skills.catalog.states import can_move, move
from skills.lib.clock import now
from skills.lib.errors import Conflict
from tests.factories import a_version, an_approved


def stored(version: Version) -> Version:
    return Version.objects.get(pk=version.pk)


def force_changelog(version: Version, text: str) -> None:
    """Write a changelog past the guard of the table."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update skills_version set changelog = %s where id = %s", [text, version.pk])
        cursor.execute("set local session_replication_role = origin")
    version.refresh_from_db()


def moved(version: Version, event: str, **facts) -> Version:
    with transaction.atomic():
        move(version, event, **{"by": None, **facts})
    return stored(version)


def test_approval_dates_the_version_and_records_who_approved(owner, mate, team):
    version = a_version(owner, team)
    before = now()

    after = moved(version, "approve", by=mate, reason="well done", stars=5)

    assert (after.state, after.reason) == (State.APPROVED, "well done")
    assert after.approved_at == after.state_at
    assert before <= after.state_at <= now()
    event = Event.objects.get(act="version.approve")
    assert (event.actor_id, event.actor_name, event.team_id) == (mate.pk, "mate", team.pk)
    assert event.target == str(version)
    assert event.detail == {
        "version": version.pk,
        "attempt": version.attempt,
        "digest": version.digest,
        "before": "in_review",
        "after": "approved",
        "reason": "well done",
        "stars": 5,
    }


def test_an_act_of_the_product_itself_is_recorded_as_of_the_system(owner, team):
    moved(a_version(owner, team, scanned=False), "held")

    event = Event.objects.get(act="version.held")
    assert (event.actor_id, event.actor_name) == (None, "system")
    assert (event.detail["before"], event.detail["after"], event.detail["reason"]) == (
        "scanning",
        "scanning",
        "",
    )


@pytest.mark.parametrize("event", ["request_changes", "reject", "withdraw"])
def test_what_was_not_approved_gets_no_date_of_approval(event, owner, team):
    after = moved(a_version(owner, team), event, by=owner, reason="not yet")

    assert after.approved_at is None
    assert after.reason == "not yet"


def test_yanking_and_back_keep_the_date_of_the_approval(owner, mate, team):
    version = an_approved(owner, mate, team)

    yanked = moved(version, "yank", by=owner, reason="it leaks")
    back = moved(stored(yanked), "unyank", by=owner)

    assert (yanked.approved_at, back.approved_at) == (version.approved_at, version.approved_at)
    assert version.approved_at < yanked.state_at < back.state_at
    assert (yanked.reason, back.reason) == ("it leaks", "")


def test_removal_takes_what_the_version_said_and_leaves_its_number(owner, mate, team):
    version = an_approved(owner, mate, team)
    assert version.manifest and version.rendered
    force_changelog(version, "What is new.")

    after = moved(version, "remove", by=owner, reason="a secret was in it")

    assert (after.manifest, after.rendered, after.changelog) == ({}, "", "")
    assert (after.number, after.digest, after.author_id) == ("1.0.0", version.digest, owner.pk)
    assert after.approved_at == version.approved_at


@pytest.mark.parametrize("event", ["yank", "withdraw"])
def test_every_other_event_keeps_what_the_version_says(event, owner, mate, team):
    version = an_approved(owner, mate, team) if event == "yank" else a_version(owner, team)
    said = version.manifest, version.rendered

    after = moved(version, event, by=owner, reason="because")

    assert said[0] and said[1]
    assert (after.manifest, after.rendered) == said


@pytest.mark.parametrize(("length", "kept"), [(999, 999), (1000, 1000), (1001, 1000)])
def test_a_long_reason_is_cut_for_the_page_and_whole_in_the_log(length, kept, owner, team):
    after = moved(a_version(owner, team), "reject", by=owner, reason="x" * length)

    assert after.reason == "x" * kept
    assert Event.objects.get(act="version.reject").detail["reason"] == "x" * length


def test_an_impossible_event_says_why_and_what_to_do(owner, mate, team):
    version = an_approved(owner, mate, team)
    before = stored(version).state_at

    with pytest.raises(Conflict) as refusal, transaction.atomic():
        move(version, "approve", by=mate)

    (problem,) = refusal.value.problems
    assert (problem.code, problem.text, problem.remedy) == (
        "wrong_state",
        "A version that is approved cannot be changed by approve.",
        "Reload: somebody may have been faster.",
    )
    assert (version.state, stored(version).state_at) == (State.APPROVED, before)


def test_an_event_is_possible_exactly_where_the_table_has_it(owner, team):
    version = a_version(owner, team)

    assert can_move(version, "approve")
    assert not can_move(version, "scanned")
    assert not can_move(version, "dance")


def test_a_moved_version_writes_only_the_columns_of_the_event(owner, team):
    version = a_version(owner, team)
    number = version.number
    version.number = "9.9.9"
    version.created_at = now() - timedelta(days=1)

    after = moved(version, "reject", by=owner)

    assert after.number == number
