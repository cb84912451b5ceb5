"""HEAD, OPTIONS and the wrong method at every address of the URL configuration."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from skills.lib import counters
from tests.factories import a_person, an_approved, bearer
from tests.pages import words_of
from tests.web.test_matrix import API_ROWS, FOREIGN, PROTOCOL_ROWS, ROWS, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
# They tell one request from another, hold a token that is new each time, or a moment.
CHANGING = {"Expires", "X-Request-Id", "RateLimit-Remaining", "RateLimit-Reset", "Set-Cookie"}


def addresses(facts) -> dict[str, str]:
    """Every address by the name of its route, with the things of the matrix in its places."""
    rows = ROWS | API_ROWS | PROTOCOL_ROWS
    return {name: row.path.format(**facts) for name, row in rows.items()}


def foreign_addresses(patterns=None, before="") -> list[str]:
    """Addresses of allauth without parts that name something."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = f"{before}{pattern.pattern}"
        if not isinstance(pattern, URLPattern):
            found += foreign_addresses(pattern.url_patterns, address)
        elif (pattern.name or "").startswith(FOREIGN) and not re.search(r"[<(^]", address):
            found.append(f"/{address}")
    return found


def lasting(response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in CHANGING}


def test_head_answers_as_get_does_without_a_body(world):
    people, facts = world
    client = Client()
    client.force_login(people["admin"])
    token = bearer(people["admin"])
    wrong = []
    # Figures grow, the secret of a second factor is new each time, and a note stands on the next page.
    at = "/account/two-factor/totp"
    never_the_same = {"/metrics", f"{at}/activate/", f"{at}/deactivate/"}

    for address in {*addresses(facts).values(), *foreign_addresses()} - never_the_same:
        headers = token if address.startswith(("/api/", "/clawhub/")) else {}
        before = client.get(address, headers=headers)
        head = client.head(address, headers=headers)
        # A page that says how long ago something was may have changed meanwhile.
        if lasting(head) != lasting(before):
            before = client.get(address, headers=headers)
        differences = set(lasting(before).items()) ^ set(lasting(head).items())
        if differences or head.status_code != before.status_code or b"".join(head):
            wrong.append((address, head.status_code, differences))

    assert wrong == []
    assert len(foreign_addresses()) > 10


@pytest.mark.parametrize(
    "address", ["/healthz", "/readyz", "/", "/skill.md", "/docs/", "/robots.txt", "/favicon.ico"]
)
def test_whoever_watches_may_ask_with_head(address, client):
    answer = client.head(address)

    assert (answer.status_code, b"".join(answer)) == (200, b"")


def test_options_says_what_an_address_takes(world):
    people, facts = world
    client = Client()
    client.force_login(people["admin"])
    token = bearer(people["admin"])
    silent = []

    for name, address in addresses(facts).items():
        headers = token if address.startswith(("/api/", "/clawhub/")) else {}
        answer = client.options(address, headers=headers)
        if answer.status_code not in (200, 204) or "OPTIONS" not in answer.headers.get("Allow", ""):
            silent.append((name, answer.status_code))

    assert dict(silent) == {"api-missing": 404}


def test_an_address_that_takes_forms_alone_says_so_and_leads_to_its_page(world):
    people, facts = world
    client = Client()
    client.force_login(people["admin"])
    explained = 0

    for name, row in ROWS.items():
        answer = client.get(row.path.format(**facts))
        if answer.status_code == 405:
            page = answer.content.decode()
            assert answer["Allow"] == "POST, OPTIONS", name
            assert words_of(page, "h1") == ["This address is for a button"], name
            back = re.search(r'button primary" href="([^"]*)"', page.partition("<main")[2])[1]
            assert client.get(back).status_code != 405, name
            explained += 1

    assert explained > 30


def test_an_address_for_programs_answers_a_wrong_method_with_a_problem(world):
    people, facts = world
    token = bearer(people["admin"])

    for name, row in (API_ROWS | PROTOCOL_ROWS).items():
        answer = Client().patch(row.path.format(**facts), headers=token)
        if answer.status_code == 405:
            assert answer.content, name
            assert "OPTIONS" in answer["Allow"], name


def test_a_form_sent_to_a_page_that_takes_none_is_told_what_it_takes(client, owner):
    client.force_login(owner)

    answer = client.post("/teams/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["detail"] == "POST is not answered at this address."


def test_looking_counts_no_fetch_and_no_search(client, owner, mate, team, _clean_cache):
    version = an_approved(owner, mate, team, wanted="public")
    addresses = (
        "/api/v1/skills/crew/greet-people/versions/1.0.0/zip",
        "/api/v1/skills/crew/greet-people/versions/1.0.0/files/SKILL.md",
        "/s/crew/greet-people/v/1.0.0.zip",
        "/s/crew/greet-people/.well-known/skills/greet-people/SKILL.md",
        "/t/crew/plugins/greet-people/1.0.0.zip",
        "/clawhub/api/v1/download?slug=greet-people",
        "/?q=greet",
        "/api/v1/search?q=greet",
    )

    for address in addresses:
        assert client.head(address).status_code == 200, address

    # Of this version alone: a server that an earlier test started may count a little late.
    assert not [key for key in counters.take("fetches") if f":{version.pk}:" in key]
    assert counters.pop("searches", 10) == []


def test_a_stranger_learns_nothing_by_looking(client, owner, mate, team):
    an_approved(owner, mate, team, "quiet")
    client.force_login(a_person("passer-by"))

    assert client.head("/@crew/quiet/").status_code == 404
    assert (
        client.head("/@crew/quiet/").headers["Content-Length"]
        == client.head("/@crew/loud1/").headers["Content-Length"]
    )
