"""The query log: hashed, without beginnings, with what was chosen, forgotten after 90 days."""

import uuid
from datetime import timedelta

import pytest

from skills.lib.clock import now
from skills.people.actor import VISITOR
from skills.search import log
from skills.search.models import SearchEntry
from tests.factories import a_person, actor, an_approved


@pytest.fixture(autouse=True)
def _own_list(monkeypatch, db):
    monkeypatch.setattr(log, "_LIST", f"searches-{uuid.uuid4()}")


def test_a_search_is_noted_once_and_hashed(owner):
    who = actor(owner)
    for typed in ("inv", "invoi", "invoice triage"):
        log.note_search(who, typed, [], 0)

    assert log.flush() == 3
    entry = SearchEntry.objects.get()
    assert entry.query == "invoice triage"
    assert str(owner.pk) != entry.account != owner.username
    assert len(entry.account) == 32


def test_pages_and_api_are_noted_with_what_was_chosen(client, owner, mate, team):
    an_approved(owner, mate, team, "open-skill", wanted="public")
    client.get("/?q=open")
    client.get("/@crew/open-skill/", headers={"Referer": "http://testserver/?q=open"})
    client.get("/api/v1/search?q=nowhere")
    log.flush()

    chosen, nothing = SearchEntry.objects.order_by("at")
    assert (chosen.query, chosen.chosen.name, chosen.total) == ("open", "open-skill", 1)
    assert (nothing.query, nothing.total) == ("nowhere", 0)
    client.force_login(a_person("boss", staff=True))
    assert "nowhere" in client.get("/searches/").content.decode()


def test_nothing_is_noted_when_it_is_off(client, settings, owner, mate, team):
    settings.QUERY_LOG = False
    client.get("/?q=open")

    assert log.flush() == 0


def test_a_foreign_referer_is_no_choice(client, owner, mate, team):
    an_approved(owner, mate, team, "open-skill", wanted="public")
    client.get("/@crew/open-skill/", headers={"Referer": "http://elsewhere.example/?q=open"})

    assert log.flush() == 0


def test_old_entries_are_forgotten():
    log.note_search(VISITOR, "old", [], 0)
    log.flush()
    SearchEntry.objects.update(at=now() - timedelta(days=log.DAYS + 1))

    assert log.purge() == 1
