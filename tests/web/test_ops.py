"""For operators: health, figures, and the page that makes the first admin once."""

import pytest
from django.core.cache import cache

from skills.people.instance_roles import setup_code
from skills.people.models import Account, Team
from tests.factories import a_person

ADMIN = {"username": "root-1", "email": "root@example.org", "password": "long enough for this 17"}


def test_the_process_answers_without_a_database(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_process_is_ready_when_database_and_cache_answer(client, db):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "cache": "ok"})


def test_a_cache_that_is_away_is_named(client, db, monkeypatch):
    def away(*_args, **_keywords):
        raise ConnectionError("refused")

    monkeypatch.setattr(type(cache), "get", away, raising=False)
    monkeypatch.setattr("django.core.cache.cache.get", away, raising=False)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["cache"], answer.json()["database"]) == (503, "away", "ok")


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", "Bearer l\u00e9t-me-in", "Basic let-me-in"])
def test_figures_behind_a_token_do_not_exist_without_it(sent, client, db, settings):
    settings.METRICS_TOKEN = "let-me-in"

    assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


@pytest.mark.parametrize(
    ("changed", "headers"),
    [
        ({"BEHIND_PROXY": True}, {}),
        ({"TRUSTED_PROXIES": 1}, {}),
        ({"PUBLIC_URL": "https://hub.example"}, {}),
        ({"PUBLIC_URL": "http://127.0.0.1.hub.example"}, {}),
        ({"LISTEN_HOST": "0.0.0.0"}, {}),
        ({"ALLOWED_HOSTS": ["127.0.0.1", "testserver", "hub.example"]}, {}),
        ({}, {"X-Forwarded-For": "203.0.113.9"}),
        ({}, {"X-Forwarded-For": "127.0.0.1"}),
        ({}, {"X-Real-IP": "127.0.0.1"}),
        ({}, {"Forwarded": "for=127.0.0.1"}),
        ({}, {"Via": "1.1 proxy"}),
    ],
)
def test_figures_are_closed_where_a_proxy_may_stand_between(changed, headers, client, db, settings):
    assert client.get("/metrics").status_code == 200
    for name, value in changed.items():
        setattr(settings, name, value)

    assert client.get("/metrics", headers=headers).status_code == 302


def test_figures_are_open_to_staff_from_anywhere(client, db):
    client.force_login(a_person("boss", staff=True))

    answer = client.get("/metrics", REMOTE_ADDR="10.1.2.3")

    assert answer.status_code == 200
    assert "skillhub_jobs" in answer.content.decode()


def test_the_first_admin_is_made_signed_in_and_has_a_team(client, db):
    answer = client.post(f"/setup/{setup_code()}/", ADMIN)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    account = Account.objects.get()
    assert (account.username, account.is_staff, account.check_password(ADMIN["password"])) == (
        "root-1",
        True,
        True,
    )
    assert Team.objects.get().handle == "root-1"
    assert client.get("/people/").status_code == 200


def test_the_page_of_the_first_admin_is_gone_after_the_first(client, db):
    address = f"/setup/{setup_code()}/"
    client.post(address, ADMIN)
    client.logout()

    assert client.get(address).status_code == 404
    assert client.post(address, ADMIN | {"username": "second"}).status_code == 404
    assert Account.objects.count() == 1


@pytest.mark.parametrize("code", ["x", "0", "a-b_c"])
def test_a_wrong_code_is_no_address(code, client, db):
    assert client.get(f"/setup/{code}/").status_code == 404
    assert client.post(f"/setup/{code}/", ADMIN).status_code == 404
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "Root"}, "username"),
        ({"username": "admin"}, "username"),
        ({"username": "x" * 41}, "username"),
        ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password"}, "password"),
        ({"password": "1234567890123"}, "password"),
    ],
)
def test_a_first_admin_that_cannot_be_is_told_by_field(change, field, client, db):
    answer = client.post(f"/setup/{setup_code()}/", ADMIN | change)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert ADMIN["password"] not in answer.content.decode()
    assert not Account.objects.exists()


def test_searches_without_a_result_are_for_staff(client, owner):
    client.force_login(owner)
    assert client.get("/searches/").status_code == 403

    client.force_login(a_person("boss", staff=True))

    assert client.get("/searches/").status_code == 200
