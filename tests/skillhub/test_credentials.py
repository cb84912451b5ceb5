import io

import pytest

from skillhub.front.credentials import claims_to_be_known, is_known
from skills.people.actor import actor_for_session
from skills.people.tokens import create_token

pytestmark = pytest.mark.django_db


def sent_with(**headers: str) -> dict:
    return {"REQUEST_METHOD": "POST", "PATH_INFO": "/publish/", "wsgi.input": io.BytesIO(), **headers}


def test_a_live_token_is_known_and_a_made_up_one_is_not(owner):
    _, secret = create_token(actor=actor_for_session(owner), owner=owner, name="t", scopes=["publish"])

    assert is_known(sent_with(HTTP_AUTHORIZATION=f"Bearer {secret}"))
    assert not is_known(sent_with(HTTP_AUTHORIZATION="Bearer skh_made_up"))


def test_the_session_of_somebody_is_known_and_that_of_nobody_is_not(client, owner):
    client.force_login(owner)
    cookie = f"sessionid={client.cookies['sessionid'].value}"

    assert is_known(sent_with(HTTP_COOKIE=cookie))
    assert not is_known(sent_with(HTTP_COOKIE="sessionid=madeup"))


def test_the_session_of_a_deactivated_account_is_not_known(client, owner):
    client.force_login(owner)
    owner.is_active = False
    owner.save(update_fields=["is_active"])

    assert not is_known(sent_with(HTTP_COOKIE=f"sessionid={client.cookies['sessionid'].value}"))


def test_other_cookies_claim_nothing():
    assert not claims_to_be_known(sent_with(HTTP_COOKIE="csrftoken=x"))
