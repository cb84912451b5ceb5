"""Sessions and tokens end with the account and with the password that they were made with."""

import pytest
from django.core.management import call_command
from django.test import Client

from skills.audit.models import Event
from skills.people.instance_roles import set_active
from skills.people.models import Token
from tests.factories import PASSWORD, a_person, a_secret, actor, bearer

NEW = "another long one 17"


@pytest.fixture
def staff(db):
    return a_person("staff", staff=True)


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def is_in(client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_session_ends_with_deactivation_and_does_not_live_again(owner, staff):
    client = signed_in(owner)
    token = bearer(owner)

    set_active(actor=actor(staff), account=owner, active=False)
    during = is_in(client)
    set_active(actor=actor(staff), account=owner, active=True)

    assert (during, is_in(client)) == (False, False)
    assert client.get("/api/v1/teams", headers=token).status_code == 401
    assert client.get("/api/v1/teams").status_code == 401


def test_a_session_that_slept_through_both_is_over_too(owner, staff):
    client = signed_in(owner)

    set_active(actor=actor(staff), account=owner, active=False)
    set_active(actor=actor(staff), account=owner, active=True)

    owner.refresh_from_db()
    assert not is_in(client)
    assert is_in(signed_in(owner))


def test_sessions_of_before_an_upgrade_go_on(owner):
    """Nobody is signed out by the column that ends sessions."""
    assert owner.session_round == 0
    assert owner.get_session_auth_hash() == super(type(owner), owner).get_session_auth_hash()


def test_a_session_under_a_former_secret_key_goes_on_in_its_round(owner, settings):
    owner.end_sessions()
    client = signed_in(owner)

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key altogether"
    hashes = list(owner.get_session_auth_fallback_hash())

    assert client.session["_auth_user_hash"] in hashes


def test_demo_logins_that_are_switched_off_end(db):
    demo = a_person("demo")
    demo.is_demo = True
    demo.save()
    client = signed_in(demo)
    a_secret(demo, "read")

    call_command("deactivate_demo")
    demo.refresh_from_db()
    demo.is_active = True
    demo.save()

    assert not is_in(client)
    assert not Token.objects.filter(account=demo, revoked_at=None).exists()


def change_password(client, **more):
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return client.post("/account/password/change/", form | more)


def test_the_others_end_with_the_password_and_this_one_goes_on(owner):
    here, there = signed_in(owner), signed_in(owner)

    change_password(here)

    assert (is_in(here), is_in(there)) == (True, False)


def test_a_new_password_offers_to_revoke_the_tokens(owner):
    a_secret(owner, "read")
    a_secret(owner, "publish")
    client = signed_in(owner)

    page = client.get("/account/password/change/").content.decode()
    change_password(client, revoke_tokens="on")

    assert "Revoke my 2 tokens as well" in page
    assert not Token.objects.filter(account=owner, revoked_at=None).exists()
    assert Event.objects.get(act="token.revoke_all").detail == {"count": 2}


def test_tokens_stay_where_the_offer_is_not_taken(owner):
    a_secret(owner, "read")

    change_password(signed_in(owner))

    assert Token.objects.filter(account=owner, revoked_at=None).exists()


def test_nothing_is_offered_where_there_is_no_token(owner):
    page = signed_in(owner).get("/account/password/change/").content.decode()

    assert "Revoke my" not in page


def test_a_password_by_link_offers_it_too_and_ends_every_session(owner, capsys):
    a_secret(owner, "read")
    client, elsewhere = Client(), signed_in(owner)
    call_command("password_link", "owner")
    path = "/" + capsys.readouterr().out.split()[0].split("/", 3)[3]

    form_page = client.get(path, follow=True)
    there = form_page.redirect_chain[-1][0]
    client.post(there, {"password1": NEW, "password2": NEW, "revoke_tokens": "on"})

    assert "Revoke my token as well" in form_page.content.decode()
    assert not is_in(elsewhere)
    assert not Token.objects.filter(account=owner, revoked_at=None).exists()


def test_a_first_password_ends_the_other_sessions(owner):
    owner.set_unusable_password()
    owner.save()
    here, there = signed_in(owner), signed_in(owner)

    here.post("/account/password/set/", {"password1": NEW, "password2": NEW})

    assert (is_in(here), is_in(there)) == (True, False)
