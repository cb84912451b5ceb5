"""What browsers and crawlers ask of every host, and addresses that are nearly right."""

import pytest

from tests.factories import an_approved
from tests.pages import words_of

pytestmark = pytest.mark.django_db


def test_what_visitors_read_may_be_crawled_and_nothing_else(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert lines[0] == "User-agent: *"
    assert "Disallow: /account/" in lines
    assert "Disallow: /" not in lines


def test_where_visitors_read_nothing_nothing_is_crawled(client, settings):
    settings.ANONYMOUS_READ = False

    assert client.get("/robots.txt").content.decode().splitlines() == ["User-agent: *", "Disallow: /"]


def test_what_else_the_host_has_is_left_to_it(client, settings):
    settings.ANONYMOUS_READ, settings.PUBLIC_PATH = False, "/tools"

    assert "Disallow: /tools/" in client.get("/robots.txt").content.decode().splitlines()


@pytest.mark.parametrize(
    ("address", "kind", "start"),
    [
        ("/favicon.ico", "image/x-icon", b"\0\0\1\0"),
        ("/apple-touch-icon.png", "image/png", b"\x89PNG"),
    ],
)
def test_a_browser_finds_the_icon_where_it_looks(address, kind, start, client):
    answer = client.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer.content.startswith(start)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/@Crew/Greet-People/", "/@crew/greet-people/"),
        ("/@CREW", "/@crew/"),
        ("/@crew/greet-people/V/1.0.0/files/A.md", "/@crew/greet-people/v/1.0.0/files/A.md"),
        ("/@Crew/greet-people/v/1.0.0-RC.1/", "/@crew/greet-people/v/1.0.0-RC.1/"),
        ("/@Crew/greet-people/v/1.0.0/pictures/Img/A.png", "/@crew/greet-people/v/1.0.0/pictures/Img/A.png"),
        ("/@Crew/greet-people/v/1.0.0/files/a%3Fb%23c.md", "/@crew/greet-people/v/1.0.0/files/a%3Fb%23c.md"),
        ("/Teams/?cursor=x", "/teams/?cursor=x"),
        ("/healthz/", "/healthz"),
        ("/Robots.txt", "/robots.txt"),
    ],
)
def test_an_address_that_is_nearly_right_leads_to_the_right_one(asked, meant, client):
    answer = client.get(asked)

    assert (answer.status_code, answer["Location"]) == (302, meant)


def test_a_secret_in_an_address_keeps_its_case(client):
    assert client.get("/K/AbC/index.json").status_code == 404


@pytest.mark.parametrize("address", ["/@crew", "/teams", "/docs/bundles"])
def test_an_address_without_its_last_slash_gets_it(address, client):
    answer = client.get(address)

    assert (answer.status_code, answer["Location"]) == (301, f"{address}/")


def test_the_api_says_that_the_slash_is_too_much(client):
    answer = client.get("/api/v1/skills/")

    assert (answer.status_code, answer.json()["remedy"]) == (404, "Leave out the slash at its end.")


def test_a_slip_of_a_finger_is_told_what_may_be_meant(client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")

    for address in (
        "/@crew/greet-peple/",
        "/@other/greet-people/",
        "/greet-people/",
        "/@crew/great-people/files/",
    ):
        page = client.get(address)
        assert page.status_code == 404
        assert 'href="/@crew/greet-people/">crew/greet-people</a>' in page.content.decode(), address


def test_nobody_is_told_of_a_skill_that_they_may_not_see(client, owner, mate, team):
    an_approved(owner, mate, team, "quiet-one")

    for address in ("/@crew/quiet-on/", "/@crew/quiet-one/", "/quiet-one"):
        assert "You may mean" not in client.get(address).content.decode(), address

    client.force_login(owner)
    assert words_of(client.get("/@crew/quiet-on/").content, "main li a") == ["crew/quiet-one"]


def test_a_program_is_told_in_its_own_form(client):
    answer = client.get("/.well-known/nothing")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
