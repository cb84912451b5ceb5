"""The pages of near names: a person asks, staff answer."""

import pytest

from skills.people.models import NameRequest, Team
from tests.factories import PASSWORD, a_person, a_team
from tests.pages import words_of

FORM = {"handle": "finances", "name": "Finances", "description": ""}


@pytest.fixture
def finance(owner):
    return a_team("finance", admin=owner)


def sign_in(client, handle):
    client.logout()
    client.post("/account/login/", {"login": handle, "password": PASSWORD})


def test_the_form_says_what_the_name_may_be_taken_for(client, finance, mate):
    sign_in(client, "mate")

    answer = client.post("/teams/new/", FORM)

    assert answer.status_code == 400
    assert "may be taken for the team finance" in answer.content.decode()
    assert not NameRequest.objects.exists()


def test_a_person_asks_and_staff_allow(client, finance, mate):
    a_person("boss", staff=True)
    sign_in(client, "mate")
    page = client.post("/teams/new/", FORM | {"ask_staff": "on"}, follow=True).content.decode()
    assert "Staff were asked to allow finances." in page
    asked = NameRequest.objects.get()

    sign_in(client, "boss")
    assert "finances" in client.get("/names/").content.decode()
    client.post("/names/", {"request": asked.pk, "verdict": "allow"})
    assert "allowed" in words_of(client.get("/names/?filter=decided").content, ".badge")

    sign_in(client, "mate")
    client.post("/teams/new/", FORM)
    assert Team.objects.filter(handle="finances").exists()


def test_the_page_is_for_staff(client, mate):
    sign_in(client, "mate")

    assert client.get("/names/").status_code == 403
