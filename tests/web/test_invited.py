"""The way in by an invitation: for one address, one account, one team."""

import pytest

from skills.people.models import Account, Membership
from skills.people.teams import invite
from tests.factories import PASSWORD, actor


@pytest.fixture
def link(owner, team) -> str:
    _, secret = invite(actor=actor(owner), team=team, email="new@example.org", role="reviewer")
    return f"/invitations/{secret}/"


def sign_up(client, link: str, handle: str = "newcomer", email: str = "new@example.org"):
    form = {"username": handle, "email": email, "password1": PASSWORD, "password2": PASSWORD}
    return client.post(f"/account/signup/?next={link}", form)


def test_whoever_signs_up_by_the_link_is_in_the_team(client, link, team):
    client.get(link)

    answer = sign_up(client, link)

    assert Membership.objects.get(team=team, account__username="newcomer").role == "reviewer"
    assert client.get(answer["Location"])["Location"] == "/@crew/"


def test_the_address_of_the_invitation_cannot_be_exchanged(client, link):
    client.get(link)

    sign_up(client, link, email="stranger@example.org")

    assert Account.objects.get(username="newcomer").email == "new@example.org"


def test_one_link_opens_one_account(client, link):
    client.get(link)
    sign_up(client, link)
    client.logout()

    client.get(link)
    again = sign_up(client, link, handle="second")

    assert b"closed" in again.content.lower()
    assert not Account.objects.filter(username="second").exists()


def test_a_session_that_saw_the_link_opens_no_account_after_it_was_used(client, link, settings):
    from django.test import Client

    other = Client()
    client.get(link)
    other.get(link)
    sign_up(client, link)

    sign_up(other, link, handle="second", email="second@example.org")

    assert not Account.objects.filter(username="second").exists()


def test_the_session_keeps_no_secret_of_the_link(client, link):
    client.get(link)

    assert link.split("/")[2] not in repr(dict(client.session))


def test_a_stranger_with_the_link_is_told_for_whom_it_is(client, link, stranger, team):
    client.force_login(stranger)

    page = client.get(link)
    answer = client.post(link)

    assert "no confirmed address of this account" in page.content.decode()
    assert answer.status_code == 403
    assert not Membership.objects.filter(team=team, account=stranger).exists()


def test_where_sign_up_is_open_another_address_makes_an_account_outside_the_team(
    client, link, settings, team
):
    settings.OPEN_SIGNUP = True
    client.get(link)

    sign_up(client, link, email="else@example.org")

    assert Account.objects.get(username="newcomer").email == "else@example.org"
    assert not Membership.objects.filter(team=team, account__username="newcomer").exists()


def test_the_page_of_an_invitation_is_kept_nowhere(client, link):
    assert client.get(link)["Cache-Control"] == "private, no-store"
