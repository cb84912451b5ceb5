"""Versions and decisions from before somebody was responsible get who that was, as far as one can tell."""

from importlib import import_module

import pytest
from django.db import connection

from skills.flows import release
from skills.people.actor import actor_for_token
from skills.people.models import Account
from skills.people.teams import create_service
from skills.people.tokens import create_token, find_token
from tests.factories import a_person, actor, an_approved, an_upload, files, join

MIGRATION = import_module("skills.migrations.0005_responsible")
# The columns as the migration adds them.
AS_ADDED = """
alter table skills_{table} disable trigger {table}s_are_immutable;
alter table skills_{table} alter column responsible_id drop not null;
update skills_{table} set responsible_id = null;
alter table skills_{table} enable trigger {table}s_are_immutable;
"""


@pytest.fixture
def robot(owner, team) -> Account:
    return create_service(actor=actor(owner), team=team, handle="robot")


def submitted(robot: Account, maker: Account | None, name: str):
    """A version of ROBOT, with a token of MAKER or, without one, as nobody can tell any more."""
    asking = actor(robot)
    if maker is not None:
        secret = create_token(actor=actor(maker), owner=robot, name="ci", scopes=["read", "publish"])[1]
        asking = actor_for_token(find_token(secret))
    upload = an_upload(robot, files(name))
    return release.submit(actor=asking, team=robot.service_of, upload=upload, number="1.0.0")[0]


def fill_as_the_migration_does(*rows) -> None:
    with connection.cursor() as cursor:
        # Checks that wait would keep PostgreSQL from altering the tables: the rows are of this transaction.
        cursor.execute("set constraints all immediate")
        for table in ("version", "decision"):
            cursor.execute(AS_ADDED.format(table=table))
        cursor.execute("update skills_account set created_by_id = null")
        cursor.execute(MIGRATION.FILL)
    for row in rows:
        row.refresh_from_db()


def test_who_was_responsible_is_told_of_people_of_tokens_and_of_service_accounts(robot, owner, mate, team):
    second = a_person("second")
    join(team, second, "admin")
    own = an_approved(owner, mate, team, "own-skill")
    decision = own.decisions.get()
    by_token = submitted(robot, second, "token-skill")
    without_token = create_service(actor=actor(owner), team=team, handle="old-robot")
    by_nobody_known = submitted(without_token, None, "old-skill")

    fill_as_the_migration_does(own, decision, by_token, by_nobody_known, robot)

    assert (own.responsible, decision.responsible) == (owner, owner)
    assert by_token.responsible == second
    assert by_nobody_known.responsible == robot.created_by == owner
