"""Refusals as pages: each has its status, its words and a way on."""

import pytest
from django.test import Client

from skills.flows import access
from tests.factories import a_person, a_version, actor, an_approved
from tests.pages import words_of

pytestmark = pytest.mark.django_db


def test_an_unknown_address_says_that_nothing_is_there(client):
    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert words_of(answer.content, "h1") == ["There is nothing here"]
    assert "Check the spelling." in answer.content.decode()


def test_a_visitor_is_offered_to_sign_in_and_comes_back(client):
    page = client.get("/@nobody/nothing/?a=b&c=d")

    assert words_of(page.content, "main a.button") == ["Find a skill", "Sign in"]
    assert 'href="/account/login/?next=/%40nobody/nothing/%3Fa%3Db%26c%3Dd"' in page.content.decode()


def test_somebody_signed_in_is_not_asked_to_sign_in(client, owner):
    client.force_login(owner)

    page = client.get("/@nobody/nothing/")

    assert words_of(page.content, "main a.button") == ["Find a skill"]


def test_a_page_that_needs_an_account_leads_to_the_sign_in_and_back(client):
    answer = client.get("/notices/?cursor=x")

    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/notices/%3Fcursor%3Dx")


def test_a_form_that_needs_an_account_leads_back_to_its_page_not_to_itself(client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")

    answer = client.post("/@crew/greet-people/star/", {"on": "1", "next": "/@crew/greet-people/files/"})
    without = client.post("/@crew/greet-people/star/", {"on": "1"})

    assert answer["Location"] == "/account/login/?next=/%40crew/greet-people/files/"
    assert without["Location"] == "/account/login/?next=/"


def test_what_somebody_may_not_do_is_a_403_that_says_whom_to_ask(client, mate, team):
    client.force_login(mate)

    answer = client.get("/@crew/-/members/")

    assert answer.status_code == 403
    page = answer.content.decode()
    assert "This needs the role admin in the team crew." in page
    assert "Ask an admin of the team." in page


def test_the_page_of_what_is_hidden_is_that_of_what_does_not_exist(client, stranger, owner, mate, team):
    an_approved(owner, mate, team, "quiet")
    client.force_login(stranger)

    hidden, nothing = client.get("/@crew/quiet/"), client.get("/@crew/gone/")

    assert hidden.status_code == nothing.status_code == 404
    assert words_of(hidden.content, "main") == words_of(nothing.content, "main")


def test_a_form_without_its_token_says_to_reload(owner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)

    answer = strict.post("/notices/")

    assert answer.status_code == 403
    assert "Reload, then send it again." in answer.content.decode()


def test_a_wrong_method_has_its_own_status(client, owner):
    client.force_login(owner)

    assert client.post("/teams/").status_code == 405
    assert client.get("/@owner/-/leave/").status_code == 405


def test_a_removed_file_is_gone_with_the_reason(client, owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public")
    access.remove(actor=actor(a_person("boss", staff=True)), version_id=version.pk, reason="It did harm.")

    answer = client.get("/@crew/greet-people/v/1.0.0/files/SKILL.md")

    assert answer.status_code == 410
    assert "was removed: It did harm." in answer.content.decode()


def test_a_bad_cursor_is_a_400_that_says_where_to_start(client, owner, team):
    a_version(owner, team)
    client.force_login(owner)

    for path in ("/notices/?cursor=x", "/teams/?cursor=WzFd", "/?cursor=x", "/reviews/?cursor=x"):
        answer = client.get(path)
        assert answer.status_code == 400, path
        assert "Start at the first page." in answer.content.decode(), path
