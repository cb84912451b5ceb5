"""A device that waits to be let in: who lets it in sees what asks, and from where; guesses are few."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from skills.lib import counters
from skills.people.instance_roles import set_active
from skills.people.models import Token
from skills.people.teams import set_role
from skills.protocols.clawhub import devices
from tests.factories import a_person, actor, join
from tests.sessions import confirm, grow_old, is_asked

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CONSENT = {"answer": "allow", "scopes": ["read", "publish"]}


@pytest.fixture(autouse=True)
def _cache(_clean_cache):
    """Codes and counters of this test alone."""


def begin(seen: str = "203.0.113.9", program: str = "clawhub/1.4 node", label: str = "laptop") -> dict:
    answer = Client().post(
        "/api/cli/device/code",
        json.dumps({"label": label}),
        content_type="application/json",
        headers={"User-Agent": program},
        REMOTE_ADDR=seen,
    )
    return answer.json()


def fetch(codes: dict):
    body = json.dumps({"device_code": codes["device_code"], "grant_type": GRANT})
    return Client().post("/api/cli/device/token", body, content_type="application/json")


def page(client, codes: dict, seen: str = "203.0.113.9") -> str:
    return client.get("/cli/device", {"user_code": codes["user_code"]}, REMOTE_ADDR=seen).content.decode()


def allow(client, codes: dict, **more):
    return client.post("/cli/device", {"user_code": codes["user_code"], **CONSENT, **more})


def test_the_page_says_what_asks_and_from_where(client, owner):
    client.force_login(owner)

    shown = page(client, begin())

    assert all(
        fact in shown for fact in ("laptop", "clawhub/1.4 node", "203.0.113.9", "the address you are at")
    )
    assert "another machine or network" not in shown


def test_a_device_elsewhere_is_warned_of(client, owner):
    client.force_login(owner)

    shown = page(client, begin(), seen="198.51.100.7")

    assert "not the address you are at" in shown and "another machine or network" in shown


def test_behind_a_proxy_the_page_names_the_device_and_not_the_proxy(client, owner, settings):
    settings.TRUSTED_PROXIES = 1
    client.force_login(owner)
    asked = Client().post(
        "/api/cli/device/code",
        "",
        content_type="application/json",
        headers={"X-Forwarded-For": "203.0.113.77"},
    )

    assert "203.0.113.77" in page(client, asked.json())


def test_hidden_text_in_a_label_is_shown(client, owner):
    client.force_login(owner)

    assert "⟨U+202E⟩" in page(client, begin(label="good\u202edab", program="x"))


def test_nothing_that_lets_anybody_in_is_kept(client, owner):
    client.force_login(owner)
    codes = begin()

    allow(client, codes)
    kept = b"".join(
        key + (counters.client().get(key) or b"")
        for key in counters.client().scan_iter("*")
        if counters.client().type(key) == b"string"
    )

    assert codes["device_code"].encode() not in kept
    assert b"skh_" not in kept
    assert not Token.objects.exists()


def test_the_token_is_made_when_the_device_comes_and_once(client, owner, team):
    client.force_login(owner)
    codes = begin()
    allow(client, codes, teams=["crew"])

    first, second = fetch(codes), fetch(codes)

    token = Token.objects.get()
    assert (first.status_code, second.json()) == (200, {"error": "expired_token"})
    assert (token.name, token.scopes) == ("laptop", ["publish", "read"])
    assert [limit.handle for limit in token.teams.all()] == ["crew"]


def test_who_lost_what_they_allowed_meanwhile_lets_nobody_in(client, owner, team):
    member = a_person("member")
    join(team, member, "member")
    client.force_login(member)
    codes = begin()
    allow(client, codes, teams=["crew"])
    set_role(actor=actor(owner), team=team, account=member, role="")

    assert fetch(codes).status_code >= 400
    assert not Token.objects.exists()


def test_who_was_deactivated_meanwhile_lets_nobody_in(client, owner):
    client.force_login(owner)
    codes = begin()
    allow(client, codes)
    set_active(actor=actor(a_person("staff", staff=True)), account=owner, active=False)

    assert fetch(codes).json() == {"error": "access_denied"}
    assert not Token.objects.exists()


def test_a_code_is_answered_once(client, owner, stranger):
    client.force_login(owner)
    codes = begin()
    client.post("/cli/device", {"user_code": codes["user_code"], "answer": "deny"})
    client.force_login(stranger)

    allow(client, codes)

    assert fetch(codes).json() == {"error": "access_denied"}


def test_guesses_end_and_a_right_code_is_no_longer_looked_at(client, owner):
    client.force_login(owner)
    codes = begin()

    guesses = [client.get("/cli/device", {"user_code": f"AAAA-{n:04}"}).status_code for n in range(50)]
    right = client.get("/cli/device", {"user_code": codes["user_code"]})

    assert guesses == [200] * 20 + [429] * 30
    assert right.status_code == 429


def test_guesses_of_one_slow_down_nobody_else(client, owner, mate):
    client.force_login(owner)
    for number in range(30):
        client.get("/cli/device", {"user_code": f"AAAA-{number:04}"})
    client.force_login(mate)

    assert "laptop" in page(client, begin())


def test_an_old_session_is_asked_before_it_lets_a_device_in(client, owner):
    client.force_login(owner)
    grow_old(client)
    codes = begin()

    asked = allow(client, codes)
    confirm(client, asked)

    assert is_asked(asked)
    assert fetch(codes).status_code == 200


def test_a_device_that_was_forgotten_is_told_so(owner):
    codes = begin()
    cache.clear()

    assert fetch(codes).json() == {"error": "expired_token"}
    assert devices.find_by_device_code(codes["device_code"]) is None
