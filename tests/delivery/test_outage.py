"""What is remembered for an outage, and what is forgotten because somebody narrowed it."""

import time

import pytest

from skills.delivery import fetch, outage
from skills.flows import access
from skills.people.actor import VISITOR
from tests.factories import actor, an_approved


@pytest.fixture(autouse=True)
def fresh():
    outage.forget()
    outage.counters.client().delete(outage._MARK)
    yield
    outage.forget()
    outage.counters.client().delete(outage._MARK)


@pytest.fixture
def version(owner, mate, team):
    return an_approved(owner, mate, team, wanted="public")


def ask(version):
    found = fetch.find(VISITOR, version.skill.team.handle, version.skill.name, version.number)
    return found, (version.number, version.skill.team.handle, version.skill.name)


def test_a_fetch_is_remembered_as_it_was(version):
    found, key = ask(version)

    assert outage.recall(key)[3] == found.digest
    assert outage.expected()


def test_what_was_narrowed_since_is_not_given_out(version, owner, django_capture_on_commit_callbacks):
    _, key = ask(version)

    with django_capture_on_commit_callbacks(execute=True):
        access.change_visibility(actor=actor(owner), skill=version.skill, new="team")

    assert outage.recall(key) is None


def test_what_was_read_after_the_mark_counts_again(version, owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        access.yank(actor=actor(owner), version_id=version.pk, reason="wrong")
    moment = time.time() + outage.SKEW + 1
    outage.remember("key", ("row",), moment)

    assert outage.recall("key") == ("row",)


def test_only_so_many_are_remembered_and_not_for_ever(monkeypatch):
    monkeypatch.setattr(outage, "MOST", 3)
    for number in range(5):
        outage.remember(number, (number,), time.time())
    outage.remember("old", ("old",), time.time() - outage.KEPT - 1)

    assert [outage.recall(key) for key in (0, 1, 4, "old")] == [None, None, (4,), None]
