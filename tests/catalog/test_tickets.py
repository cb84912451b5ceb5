"""Uploads in parts: what a ticket promises is what it takes, once."""

import hashlib
from datetime import timedelta

import pytest

from skills.catalog import tickets
from skills.catalog.models import UploadTicket
from skills.lib.clock import now
from skills.lib.errors import Missing, Refused

pytestmark = pytest.mark.django_db
DATA = b"# Hello\n"
SHA256 = hashlib.sha256(DATA).hexdigest()


def a_ticket(by, path="SKILL.md"):
    return tickets.open_ticket(by=by, path=path, size=len(DATA), sha256=SHA256)


def code_of(refusal) -> str:
    return refusal.value.problems[0].code


def test_a_filled_ticket_gives_its_file_once(owner):
    ticket = a_ticket(owner)
    tickets.fill(by=owner, ticket=ticket.pk, data=DATA)

    files = tickets.take(by=owner, pairs=[("SKILL.md", str(ticket.pk))])

    assert files == {"SKILL.md": DATA}
    with pytest.raises(Refused):
        tickets.take(by=owner, pairs=[("SKILL.md", str(ticket.pk))])


@pytest.mark.parametrize(
    ("promise", "code"),
    [
        ({"size": 10**9}, "ticket_too_large"),
        ({"size": -1}, "ticket_too_large"),
        ({"path": ""}, "bad_ticket"),
        ({"path": "x" * 256}, "bad_ticket"),
        ({"sha256": "F" * 64}, "bad_ticket"),
        ({"sha256": "f" * 63}, "bad_ticket"),
    ],
)
def test_a_promise_that_cannot_be_kept_is_refused(promise, code, owner):
    with pytest.raises(Refused) as refusal:
        tickets.open_ticket(by=owner, **({"path": "SKILL.md", "size": 1, "sha256": SHA256} | promise))

    assert code_of(refusal) == code


def test_one_account_opens_so_many_tickets_and_no_more(owner, mate, monkeypatch):
    monkeypatch.setattr(tickets, "MOST_OPEN", 2)
    a_ticket(owner)
    a_ticket(owner)

    with pytest.raises(Refused) as refusal:
        a_ticket(owner)

    assert code_of(refusal) == "too_many_tickets"
    assert a_ticket(mate)


@pytest.mark.parametrize(("data", "code"), [(DATA + b"x", "ticket_size"), (b"x" * 8, "ticket_digest")])
def test_other_bytes_than_promised_are_refused_and_not_kept(data, code, owner):
    ticket = a_ticket(owner)

    with pytest.raises(Refused) as refusal:
        tickets.fill(by=owner, ticket=ticket.pk, data=data)

    ticket.refresh_from_db()
    assert code_of(refusal) == code
    assert ticket.data is None


def test_a_ticket_of_somebody_else_is_not_there(owner, mate):
    ticket = a_ticket(owner)

    with pytest.raises(Missing):
        tickets.fill(by=mate, ticket=ticket.pk, data=DATA)


def test_a_ticket_is_filled_once(owner):
    ticket = a_ticket(owner)
    tickets.fill(by=owner, ticket=ticket.pk, data=DATA)

    with pytest.raises(Missing):
        tickets.fill(by=owner, ticket=ticket.pk, data=DATA)


@pytest.mark.parametrize("text", ["", "no-uuid", "69dc2ce1-23cf-4a37-99d5-7e41b0535186"])
def test_a_file_without_a_ticket_is_named(text, owner):
    with pytest.raises(Refused) as refusal:
        tickets.take(by=owner, pairs=[("SKILL.md", text)])

    assert (code_of(refusal), refusal.value.problems[0].file) == ("ticket_missing", "SKILL.md")


def test_one_path_comes_once(owner):
    ticket = a_ticket(owner)
    tickets.fill(by=owner, ticket=ticket.pk, data=DATA)

    with pytest.raises(Refused):
        tickets.take(by=owner, pairs=[("SKILL.md", str(ticket.pk))] * 2)

    assert UploadTicket.objects.filter(pk=ticket.pk).exists(), "a refused upload uses up nothing"


def test_an_expired_ticket_gives_nothing_though_it_was_filled(owner):
    ticket = a_ticket(owner)
    tickets.fill(by=owner, ticket=ticket.pk, data=DATA)
    UploadTicket.objects.filter(pk=ticket.pk).update(expires_at=now() - timedelta(seconds=1))

    with pytest.raises(Refused) as refusal:
        tickets.take(by=owner, pairs=[("SKILL.md", str(ticket.pk))])

    assert code_of(refusal) == "ticket_missing"


def test_expired_tickets_are_purged(owner):
    fresh, old = a_ticket(owner), a_ticket(owner, "old.md")
    UploadTicket.objects.filter(pk=old.pk).update(expires_at=now() - timedelta(seconds=1))

    assert tickets.purge() == 1
    assert list(UploadTicket.objects.all()) == [fresh]
