"""The state machine: every edge of the table and nothing else; races end in constraints."""

import itertools

import pytest
from django.db import IntegrityError, connection, transaction

from skills.audit.models import Event
from skills.catalog.models import State, Version
from skills.catalog.states import TRANSITIONS, can_move, move
from skills.lib.errors import Conflict
from tests.factories import a_version, an_approved

EVENTS = sorted({event for _, event in TRANSITIONS})
EDGES = {
    ("scanning", "scanned", "in_review"),
    ("scanning", "blocked", "changes_requested"),
    ("scanning", "held", "scanning"),
    ("in_review", "approve", "approved"),
    ("in_review", "request_changes", "changes_requested"),
    ("in_review", "reject", "rejected"),
    ("scanning", "withdraw", "withdrawn"),
    ("in_review", "withdraw", "withdrawn"),
    ("changes_requested", "withdraw", "withdrawn"),
    ("approved", "yank", "yanked"),
    ("yanked", "unyank", "approved"),
}


def test_the_table_is_the_design():
    removals = {(state, "remove", "removed") for state in State.values if state != "removed"}

    assert {(str(a), e, str(b)) for (a, e), b in TRANSITIONS.items()} == EDGES | removals


RELEASED = (State.APPROVED, State.YANKED, State.REMOVED)


def force(version: Version, state: str, *, was_approved: bool | None = None) -> None:
    """Put a version into a state past the triggers, to try every event in it."""
    was_approved = state in RELEASED if was_approved is None else was_approved
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "update skills_version set state = %s, reason = 'x',"
            " approved_at = case when %s then now() end where id = %s",
            [state, was_approved, version.pk],
        )
        cursor.execute("set local session_replication_role = origin")
    version.refresh_from_db()


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State.values, EVENTS)))
def test_each_event_in_each_state(state, event, owner, team):
    version = a_version(owner, team, scanned=False)
    force(version, state)
    before = Event.objects.count()

    if (state, event) in TRANSITIONS:
        with transaction.atomic():
            move(version, event, by=owner, reason="because")
        version.refresh_from_db()
        assert version.state == TRANSITIONS[state, event]
        assert Event.objects.count() == before + 1
    else:
        with pytest.raises(Conflict), transaction.atomic():
            move(version, event, by=owner, reason="because")
        version.refresh_from_db()
        assert (version.state, Event.objects.count()) == (state, before)
        assert not can_move(version, event)


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "sha256:" + "0" * 64},
        {"number": "9.9.9"},
        {"size": 1},
        {"manifest": {}},
        {"attempt": 7},
        {"changelog": "other"},
        {"author_id": 0},
    ],
)
def test_a_version_cannot_be_changed_in_the_database(change, owner, mate, team):
    version = an_approved(owner, mate, team)

    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(**change)


def test_versions_files_names_and_decisions_cannot_be_deleted(owner, mate, team):
    version = an_approved(owner, mate, team)

    for rows in (version.files, version.skill.names, version.decisions, Version.objects, Event.objects):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.all()._raw_delete("default")


def test_an_approved_version_never_goes_back_to_review(owner, mate, team):
    version = an_approved(owner, mate, team)

    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(state=State.IN_REVIEW)


def test_one_live_row_per_number(owner, mate, team):
    version = an_approved(owner, mate, team)
    facts = {f.attname: getattr(version, f.attname) for f in Version._meta.fields if f.name != "id"}

    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(**{**facts, "attempt": 2, "state": State.SCANNING, "approved_at": None})


def moved(version, event, **how):
    with transaction.atomic():
        move(version, event, by=how.pop("by", None), **how)
    return Event.objects.latest("pk")


def test_a_move_is_audited_with_what_it_was_and_became(owner, team):
    version = a_version(owner, team)

    event = moved(version, "reject", by=owner, reason="No.", extra=1)

    assert (event.act, event.actor, event.target) == ("version.reject", owner, str(version))
    assert event.team_id == team.pk
    assert event.detail == {
        "version": version.pk,
        "attempt": 1,
        "digest": version.digest,
        "before": "in_review",
        "after": "rejected",
        "reason": "No.",
        "extra": 1,
    }


def test_an_approval_has_the_time_of_its_move(owner, team):
    version = a_version(owner, team)

    moved(version, "approve", by=owner)

    version.refresh_from_db()
    assert version.approved_at == version.state_at


def test_a_reason_is_kept_up_to_a_thousand_characters(owner, team):
    version = a_version(owner, team)

    moved(version, "reject", by=owner, reason="x" * 1_001)

    version.refresh_from_db()
    assert version.reason == "x" * 1_000


def test_a_refused_move_says_what_the_version_is(owner, team):
    version = a_version(owner, team)

    with pytest.raises(Conflict) as refusal:
        move(version, "yank", by=owner)

    (problem,) = refusal.value.problems
    assert problem.code == "wrong_state"
    assert problem.text == "A version that is in review cannot be changed by yank."
    assert version.state == "in_review"
