"""Fetches and installs: counted without a query, added up by day, version, team and client."""

from datetime import timedelta

import pytest

from skills.catalog.models import Skill
from skills.delivery import count
from skills.delivery.models import FetchDay
from skills.lib import counters
from skills.lib.clock import now
from skills.people.actor import VISITOR
from skills.people.teams import create_service
from tests.factories import a_person, a_team, actor, an_approved, join

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted():
    client = counters.client()
    client.delete("fetches", "fetches:aside")
    yield
    client.delete("fetches", "fetches:aside")


@pytest.fixture
def version(owner, mate, team):
    return an_approved(owner, mate, team, wanted="public")


def days():
    rows = FetchDay.objects.order_by("client", "team_id")
    return [(row.client, row.team and row.team.handle, row.fetches, row.installs) for row in rows]


def test_counting_asks_the_database_nothing(version, django_assert_num_queries):
    who = actor(version.author)

    with django_assert_num_queries(0):
        count.counted(version.pk, "api", who)


def test_counts_are_added_up_by_client_and_kind(version):
    for client, kind in [("api", "fetches"), ("api", "fetches"), ("api", "installs"), ("mcp", "fetches")]:
        count.counted(version.pk, client, VISITOR, kind)

    assert count.flush() == 4

    assert days() == [("api", None, 2, 1), ("mcp", None, 1, 0)]


def test_a_second_flush_adds_to_the_row_of_the_day(version):
    for _ in range(2):
        count.counted(version.pk, "api", VISITOR)
        count.flush()

    assert days() == [("api", None, 2, 0)]


def test_an_install_is_no_fetch_of_the_skill(version):
    count.counted(version.pk, "api", VISITOR, count.FETCH)
    count.counted(version.pk, "api", VISITOR, count.INSTALL)
    count.flush()

    assert Skill.objects.values_list("fetches", "installs").get() == (1, 1)


def test_nothing_counted_writes_nothing(version):
    assert count.flush() == 0
    assert days() == []


def test_a_person_counts_for_their_first_shared_team(version, owner, mate):
    later = a_team("later", admin=mate)
    join(later, owner, "member")
    alone = a_person("alone")

    for who in (owner, mate, alone):
        count.counted(version.pk, "api", actor(who))
    count.flush()

    assert days() == [("api", "crew", 2, 0), ("api", None, 1, 0)]


def test_a_service_account_counts_for_the_team_it_belongs_to(version, owner, mate):
    robots = a_team("robots", admin=mate)
    service = create_service(actor=actor(mate), team=robots, handle="robot")

    count.counted(version.pk, "api", actor(service))
    count.flush()

    assert days() == [("api", "robots", 1, 0)]


def test_whoever_was_deleted_since_counts_as_a_visitor(version):
    counters.client().hincrby("fetches", f"{now().date()}:{version.pk}:999999:api:fetches", 2)

    assert count.flush() == 2
    assert days() == [("api", None, 2, 0)]


@pytest.mark.parametrize("field", ["nonsense", "2026-01-01:1:0:api", "a:b:c:d:e:f"])
def test_a_count_that_nobody_understands_is_dropped(version, field):
    counters.client().hincrby("fetches", field, 3)
    count.counted(version.pk, "api", VISITOR)

    assert count.flush() == 1
    assert count.flush() == 0


def test_a_version_that_is_not_there_holds_up_no_other(version):
    count.counted(999_999, "api", VISITOR)
    count.counted(version.pk, "api", VISITOR)

    count.flush()

    assert days() == [("api", None, 1, 0)]
    assert count.flush() == 0


def test_what_a_killed_flush_had_set_aside_is_written_by_the_next(version):
    count.counted(version.pk, "api", VISITOR)
    counters.take("fetches")
    count.counted(version.pk, "mcp", VISITOR)

    assert count.flush() == 1
    assert days() == [("api", None, 1, 0)]
    assert count.flush() == 1
    assert days() == [("api", None, 1, 0), ("mcp", None, 1, 0)]


def test_no_fetch_is_refused_because_nobody_can_count_it(version, settings, caplog):
    location = "unix:///nowhere/valkey.sock"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": location}}

    count.counted(version.pk, "api", VISITOR)

    assert [record.message for record in caplog.records] == ["the cache is away, a fetch was not counted"]


def a_day(version, ago, **facts):
    row = FetchDay.objects.create(version=version, day=now().date() - timedelta(days=ago), **facts)
    assert str(row) == f"{version.pk} on {row.day}: {row.fetches}"


def test_an_owner_sees_the_last_thirty_days_by_client(version, owner, mate, team):
    others = a_team("others", admin=mate)
    a_day(version, 0, team=team, client="api", fetches=3, installs=1)
    a_day(version, 29, team=others, client="mcp", fetches=5)
    a_day(version, 29, client="mcp", fetches=1)
    a_day(version, 30, team=team, client="api", fetches=100)
    a_day(an_approved(owner, mate, team, "other-skill"), 0, client="api", fetches=100)

    assert count.usage(version.skill) == {
        "teams": 2,
        "fetches": 9,
        "installs": 1,
        "clients": [("mcp", 6, 0), ("api", 3, 1)],
    }
    assert count.usage(version.skill, days=1)["fetches"] == 3


def test_a_skill_that_nobody_fetched_has_zeros(version):
    assert count.usage(version.skill) == {"teams": 0, "fetches": 0, "installs": 0, "clients": []}
