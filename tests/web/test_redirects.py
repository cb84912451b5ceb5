"""Wherever an address asks to lead on, it leads to a page of ours or to a listener on their machine."""

import ada_url
import pytest
from django.utils.http import urlencode

from tests.factories import PASSWORD, a_team
from tests.lib.test_redirects import ELSEWHERE, NOT_OURS
from tests.sessions import grow_old

HUB = "http://testserver/account/"
# A sample of each kind; the whole of both lists is tried on the rules themselves.
BAD = sorted({*NOT_OURS, *ELSEWHERE[::4]} - {"", "/ok\x00"})


def strays(response) -> str:
    """Where RESPONSE leads that is not ours, as a browser reads it; "" where it is ours."""
    location = response.headers.get("Location", "")
    return "" if ada_url.URL(location, base=HUB).origin == "http://testserver" else location


def test_no_sign_in_or_sign_out_leads_elsewhere(client, owner):
    strayed = []

    for bad in BAD:
        signed_in = client.post("/account/login/", {"login": "owner", "password": PASSWORD, "next": bad})
        again = client.get(f"/account/login/?{urlencode({'next': bad})}")
        signed_out = client.post("/account/logout/", {"next": bad})
        assert (signed_in.status_code, again.status_code, signed_out.status_code) == (302, 302, 302)
        strayed += [strays(answer) for answer in (signed_in, again, signed_out)]

    assert set(strayed) == {""}


def test_no_confirmation_leads_elsewhere(client, owner):
    client.force_login(owner)
    strayed = []

    for bad in BAD:
        grow_old(client)
        there = f"/account/reauthenticate/?{urlencode({'next': bad})}"
        strayed.append(strays(client.post(there, {"password": PASSWORD})))
        strayed.append(strays(client.get(f"/account/sso/confirmed/?{urlencode({'next': bad})}")))

    assert set(strayed) == {""}


def test_no_form_leads_elsewhere(client, owner):
    a_team("crew", admin=owner)
    client.force_login(owner)

    answers = [client.post("/@crew/-/follow/", {"on": "1", "next": bad}) for bad in BAD]

    assert {(answer.status_code, strays(answer)) for answer in answers} == {(302, "")}


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_cli_page_gives_nothing_to_an_address_elsewhere(client, owner, method):
    client.force_login(owner)

    answers = [
        getattr(client, method)("/cli/auth", {"redirect_uri": bad, "answer": "allow", "scopes": "read"})
        for bad in ELSEWHERE
    ]

    assert {answer.status_code for answer in answers} == {400}
    assert not owner.tokens.exists()


def test_the_cli_page_links_to_the_listener(client, owner):
    client.force_login(owner)

    page = client.post(
        "/cli/auth", {"redirect_uri": "http://localhost:5555/cb", "state": "a b#c", "answer": "allow"}
    )

    link = ada_url.URL(page.context["link"])
    assert link.origin == "http://localhost:5555" and link.pathname == "/cb"
    assert link.hash.startswith("#token=skh_") and "state=a+b%23c" in link.hash
