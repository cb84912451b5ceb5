"""The one query behind every fetch: released versions and their files, for those who may read them."""

import pytest
from django.db import OperationalError

from skills.delivery import fetch, outage
from skills.flows import access
from skills.lib import blobs, counters
from skills.lib.errors import Gone, Missing
from skills.people.actor import VISITOR
from tests.factories import a_person, a_version, actor, an_approved, files

pytestmark = pytest.mark.django_db
PLACE = ("crew", "greet-people", "1.0.0")


@pytest.fixture(autouse=True)
def _nothing_narrowed():
    counters.client().delete(outage._MARK)
    yield
    counters.client().delete(outage._MARK)


@pytest.fixture
def version(owner, mate, team):
    return an_approved(owner, mate, team, wanted="public", content={**files(), "a.txt": b"hello"})


def test_a_version_is_what_an_answer_needs(version):
    assert fetch.find(VISITOR, *PLACE) == fetch.Fetched(
        version_id=version.pk,
        number="1.0.0",
        state="approved",
        digest=version.digest,
        reason="",
        name="greet-people",
        visibility="public",
    )
    assert fetch.find(VISITOR, *PLACE).blob == version.blob


def test_a_file_comes_with_its_place_in_the_zip(version):
    found, file = fetch.find_file(VISITOR, *PLACE, "a.txt")

    assert found.version_id == version.pk
    assert (file.sha256, file.size) == (blobs.sha256(b"hello"), 5)
    assert file.start > 0


def test_one_query_finds_both(version, django_assert_num_queries):
    reader = actor(version.author)

    with django_assert_num_queries(1):
        fetch.find_file(reader, *PLACE, "SKILL.md")


def test_a_former_name_leads_to_the_skill(version, owner):
    access.rename(actor=actor(owner), skill=version.skill, name="welcome")

    assert fetch.find(VISITOR, *PLACE).name == "welcome"


@pytest.mark.parametrize(
    "place",
    [
        ("crew", "greet-people", "1.0.1"),
        ("crew", "other", "1.0.0"),
        ("others", "greet-people", "1.0.0"),
        ("crew", "greet-people", "latest"),
        ("", "", ""),
    ],
)
def test_what_is_not_there_is_missing(version, place):
    with pytest.raises(Missing):
        fetch.find(VISITOR, *place)
    with pytest.raises(Missing):
        fetch.find_file(VISITOR, *place, "SKILL.md")


@pytest.mark.parametrize("path", ["gone.txt", "skill.md", "", "a.txt/"])
def test_a_file_that_is_not_there_is_missing(version, path):
    with pytest.raises(Missing):
        fetch.find_file(VISITOR, *PLACE, path)


def test_the_team_reads_its_own_and_others_are_told_nothing(owner, mate, stranger, team):
    version = an_approved(owner, mate, team, wanted="team")

    assert fetch.find(actor(mate), *PLACE).version_id == version.pk
    for who in (VISITOR, actor(stranger)):
        with pytest.raises(Missing):
            fetch.find(who, *PLACE)
        with pytest.raises(Missing):
            fetch.find_file(who, *PLACE, "SKILL.md")


def test_a_version_in_review_is_fetched_by_nobody(owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    a_version(owner, team, number="1.1.0", wanted="public", body="Two.")

    for who in (VISITOR, actor(owner), actor(a_person("boss", staff=True))):
        with pytest.raises(Missing):
            fetch.find(who, "crew", "greet-people", "1.1.0")


def test_a_yanked_version_is_fetched_with_its_reason(version, owner):
    access.yank(actor=actor(owner), version_id=version.pk, reason="Wrong.")

    found = fetch.find(VISITOR, *PLACE)

    assert (found.state, found.reason) == ("yanked", "Wrong.")


def test_a_removed_version_is_gone_for_those_who_could_read_it(version, owner, stranger):
    access.change_visibility(actor=actor(owner), skill=version.skill, new="internal")
    access.remove(actor=actor(a_person("boss", staff=True)), version_id=version.pk, reason="It leaks.")

    for find in (fetch.find, lambda *place: fetch.find_file(*place, "SKILL.md")):
        with pytest.raises(Gone, match="was removed: It leaks"):
            find(actor(stranger), *PLACE)
        with pytest.raises(Missing):
            find(VISITOR, *PLACE)


@pytest.fixture
def _database_away(monkeypatch):
    """Only the connection of `fetch` is cut: making the rows needed it."""

    class Cut:
        def cursor(self):
            raise OperationalError("the server closed the connection")

    def cut():
        monkeypatch.setattr(fetch, "connection", Cut())

    return cut


def test_visitors_still_fetch_what_was_fetched_lately(version, _database_away):
    before = (fetch.find(VISITOR, *PLACE), fetch.find_file(VISITOR, *PLACE, "a.txt"))

    _database_away()

    assert (fetch.find(VISITOR, *PLACE), fetch.find_file(VISITOR, *PLACE, "a.txt")) == before


def test_what_nobody_fetched_is_away(version, _database_away):
    fetch.find_file(VISITOR, *PLACE, "a.txt")

    _database_away()

    for place in (PLACE, ("crew", "other", "1.0.0")):
        with pytest.raises(OperationalError):
            fetch.find(VISITOR, *place)


def test_whoever_signs_in_gets_no_answer_of_before(version, owner, _database_away):
    """Their rights are rows, too: nobody knows whether they still hold."""
    reader = actor(owner)
    fetch.find(reader, *PLACE)
    fetch.find(VISITOR, *PLACE)

    _database_away()

    with pytest.raises(OperationalError):
        fetch.find(reader, *PLACE)


def test_what_only_members_fetched_is_not_remembered_for_visitors(version, owner, _database_away):
    fetch.find(actor(owner), *PLACE)

    _database_away()

    with pytest.raises(OperationalError):
        fetch.find(VISITOR, *PLACE)


def test_a_remembered_version_is_judged_by_the_rules_of_today(version, settings, _database_away):
    fetch.find(VISITOR, *PLACE)
    _database_away()

    settings.ANONYMOUS_READ = False

    with pytest.raises(Missing):
        fetch.find(VISITOR, *PLACE)
