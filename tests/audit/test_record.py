"""One row for one act: who, what, on what, for which team, with which details, and never changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from skills.audit.models import Event
from skills.audit.record import record
from skills.lib.clock import now


def test_a_row_says_who_did_what_to_what_and_when(owner, team):
    record("team.change", by=owner, target="crew", team_id=team.pk, name="Crew", count=2)

    row = Event.objects.latest("pk")
    assert (row.actor, row.actor_name, row.act) == (owner, "owner", "team.change")
    assert (row.target, row.team) == ("crew", team)
    assert row.detail == {"name": "Crew", "count": 2}
    assert now() - row.at < timedelta(minutes=1)


def test_a_new_row_is_not_sealed(db):
    record("test.act", by=None, target="x")

    row = Event.objects.get()
    assert (row.seq, row.previous, row.seal) == (None, "", "")


def test_what_the_product_does_by_itself_is_done_by_the_system(db):
    record("test.act", by=None, target="x")

    row = Event.objects.get()
    assert (row.actor, row.actor_name, row.team) == (None, "system", None)


def test_a_name_stays_as_it_was_when_the_account_is_renamed(owner):
    record("test.act", by=owner, target="x")
    owner.username = "renamed"
    owner.save()

    assert Event.objects.get(act="test.act").actor_name == "owner"


@pytest.mark.parametrize(("length", "kept"), [(199, 199), (200, 200), (201, 200)])
def test_a_target_is_cut_where_its_column_ends(length, kept, db):
    record("test.act", by=None, target="x" * length)

    assert len(Event.objects.get().target) == kept


def test_a_target_is_called_as_it_calls_itself(team):
    record("test.act", by=None, target=team)

    assert Event.objects.get(act="test.act").target == "crew"


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"text": "'; drop table skills_event; --"},
        {"text": "50 % of “all” – ünïcode 🦀"},
        {"before": {"a": [1, None, True]}, "after": {}},
    ],
)
def test_details_come_back_as_they_went_in(detail, db):
    record("test.act", by=None, target="x", **detail)

    assert Event.objects.get().detail == detail


def test_details_that_are_no_json_are_a_fault_and_leave_no_row(db):
    with pytest.raises(TypeError), transaction.atomic():
        record("test.act", by=None, target="x", at=now())

    assert not Event.objects.exists()


def test_a_row_costs_one_query(owner, django_assert_num_queries):
    with django_assert_num_queries(1):
        record("test.act", by=owner, target="x")


@pytest.mark.parametrize("column", ["act", "actor_name", "target"])
def test_the_database_refuses_to_change_what_a_row_says(column, db):
    record("test.act", by=None, target="x")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(**{column: "another"})


def test_the_database_refuses_to_delete_a_row(db):
    record("test.act", by=None, target="x")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()

    assert Event.objects.count() == 1


def test_a_row_names_itself_in_logs():
    assert str(Event(actor_name="ann", act="team.create", target="crew")) == "ann team.create crew"
