"""Versions and decisions from before somebody was responsible get who that was, as far as one can tell."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from skills.flows import release
from skills.people.actor import actor_for_token
from skills.people.models import Account
from skills.people.teams import create_service
from skills.people.tokens import create_token, find_token
from tests.factories import a_person, actor, an_approved, an_upload, files, join

BEFORE = ("skills", "0004_session_round")


@pytest.fixture
def robot(owner, team) -> Account:
    return create_service(actor=actor(owner), team=team, handle="robot")


def submitted(robot: Account, maker: Account | None):
    """A version of ROBOT, with a token of MAKER or, without one, as nobody can tell any more."""
    asking = actor(robot)
    if maker is not None:
        secret = create_token(actor=actor(maker), owner=robot, name="ci", scopes=["read", "publish"])[1]
        asking = actor_for_token(find_token(secret))
    return release.submit(
        actor=asking, team=robot.service_of, upload=an_upload(robot, files()), number="1.0.0"
    )[0]


def as_if_from_before(*rows) -> None:
    """ROWS through the migration again."""
    # Checks that wait would keep PostgreSQL from altering the tables: the rows are of this transaction.
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    MigrationExecutor(connection).migrate([BEFORE])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    for row in rows:
        row.refresh_from_db()


def test_a_person_is_responsible_for_their_own(owner, mate, team):
    version = an_approved(owner, mate, team)
    decision = version.decisions.get()

    as_if_from_before(version, decision)

    assert version.responsible == owner
    assert decision.responsible == owner


def test_who_made_the_token_is_responsible_for_a_service_account(robot, owner, team):
    second = a_person("second")
    join(team, second, "admin")
    version = submitted(robot, second)

    as_if_from_before(version, robot)

    assert version.responsible == second
    assert robot.created_by == owner


def test_who_made_the_account_is_responsible_where_there_is_no_token(robot, owner):
    version = submitted(robot, None)

    as_if_from_before(version)

    assert version.responsible == owner
