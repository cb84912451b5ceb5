"""What must never change: every column of the guarded tables, tried against the database itself."""

from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from skills.audit.models import Event
from skills.budgets import allowances
from skills.budgets.models import LedgerEntry
from skills.catalog.models import File, SkillName, State, Version
from skills.flows import access
from skills.lib.clock import now
from skills.reviews.models import Decision
from tests.budgets.making import set_limits
from tests.factories import a_person, a_version, actor, an_approved

pytestmark = pytest.mark.django_db
GUARDED = (Version, File, SkillName, Event, Decision, LedgerEntry)
# Named here a second time on purpose: whoever makes a column movable says so where it is tested, too.
MOVABLE = {
    Version: {"state", "state_at", "approved_at", "reason", "manifest", "changelog", "rendered"},
    Event: {"seq", "previous", "seal"},
}
IMMUTABLE = [
    pytest.param(model, field, id=f"{model.__name__}.{field.name}")
    for model in GUARDED
    for field in model._meta.concrete_fields
    if field.name not in MOVABLE.get(model, set())
]
OLD_MIGRATIONS = (
    "0001_tables",
    "0002_immutability",
    "0003_search_storage",
    "0004_evaluations",
    "0005_ledger_guard",
    "0006_usage_and_prefixes",
    "0007_upload_tickets",
    "0008_lift",
    "0009_what_was_approved",
)


@pytest.fixture
def version(owner, mate, team):
    budget = allowances.budget_of(team=team)
    set_limits(owner, budget, limit_tokens=1_000)
    allowances.grant(actor=actor(owner), budget=budget, tokens=10, micros=0, note="release week")
    return an_approved(owner, mate, team)


def something_else(value):
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case datetime():
            return value + timedelta(hours=1)
        case dict():
            return {"other": 1}
        case None:
            return 1
        case _:
            return f"x{value[1:]}"


@pytest.mark.parametrize(("model", "field"), IMMUTABLE)
def test_the_database_refuses_to_change(model, field, version):
    row = model.objects.order_by("pk").first()
    value = something_else(getattr(row, field.attname))

    with pytest.raises(IntegrityError, match=r"immutable|append-only|never given"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field.attname: value})


@pytest.mark.parametrize("model", GUARDED)
def test_the_database_refuses_to_delete(model, version):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_a_column_that_nobody_listed_is_immutable(version):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table skills_version add column sponsor text not null default 'nobody'")

        with pytest.raises(IntegrityError, match="versions are immutable"), transaction.atomic():
            cursor.execute("update skills_version set sponsor = 'somebody'")


@pytest.mark.parametrize("change", [{"manifest": {}}, {"changelog": "other"}, {"rendered": "other"}])
def test_content_changes_only_when_it_is_removed(change, version):
    boss = a_person("boss", staff=True)
    with pytest.raises(IntegrityError, match="content of a version"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(**change)

    access.remove(actor=actor(boss), version_id=version.pk, reason="It leaks.")

    assert not File.objects.filter(version=version).exists()


def test_the_checks_render_a_version_before_it_is_approved(owner, team):
    waiting = a_version(owner, team, scanned=False)

    Version.objects.filter(pk=waiting.pk).update(rendered="<p>Hello</p>")


def test_a_removed_version_stays_removed(version):
    access.remove(actor=actor(a_person("boss", staff=True)), version_id=version.pk, reason="It leaks.")

    with pytest.raises(IntegrityError, match="stay removed"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(state=State.APPROVED)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"approved_at": now()}, "time of approval"),
        ({"approved_at": None}, "time of approval"),
        ({"state": State.WITHDRAWN}, "stay released"),
    ],
)
def test_an_approval_is_never_taken_back(change, words, version):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(**change)


def test_an_event_is_sealed_once(version):
    event = Event.objects.order_by("pk").first()
    Event.objects.filter(pk=event.pk).update(seq=1, previous="", seal="a" * 64)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(seal="b" * 64)


def test_a_data_folder_from_before_the_squash_goes_on_with_the_guards(db):
    recorder = MigrationRecorder(connection)
    for app, name in recorder.applied_migrations():
        if app == "skills":
            recorder.record_unapplied(app, name)
    for name in OLD_MIGRATIONS:
        recorder.record_applied("skills", name)

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())

    first, *_ = [migration.name for migration, _ in plan if migration.app_label == "skills"]
    assert first == "0002_guards"


def test_every_guard_of_the_models_is_in_the_database(db):
    assert guards() == {
        constraint.name
        for model in apps.get_app_config("skills").get_models()
        for constraint in model._meta.constraints
        if not isinstance(constraint, models.UniqueConstraint | models.CheckConstraint)
    }


def guards() -> set[str]:
    """The triggers that refuse; others only take notes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgname from pg_trigger join pg_proc on pg_proc.oid = tgfoid"
            " where proname = 'skills_refuse'"
        )
        return {name for (name,) in cursor.fetchall()}
